package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What a server's certificate was refused for. Unlike a broken connection it does not pass by itself, so a person is
 * told what to mend. In the order in which the JDK's and OkHttp's clients let it be told apart by type.
 */
public enum CertificateTrouble {
    EXPIRED("its certificate has expired; renew it, or set the clock of this controller right"),
    UNTRUSTED("its certificate is not signed by the connection's CA certificate; give the connection the CA that"
            + " signed it"),
    OTHER_HOST("its certificate is for another host name; use the address that the certificate names");

    private final String remedy;

    CertificateTrouble(String remedy) {
        this.remedy = remedy;
    }

    /** What to do about it, as the end of a sentence. */
    @NonNull
    public String remedy() {
        return remedy;
    }

    /** Empty where a failure has nothing to do with certificates. */
    @NonNull
    public static Optional<CertificateTrouble> of(@NonNull Throwable failure) {
        if (has(failure, CertificateExpiredException.class)) {
            return Optional.of(EXPIRED);
        }
        if (has(failure, CertPathBuilderException.class) || has(failure, CertPathValidatorException.class)) {
            return Optional.of(UNTRUSTED);
        }
        // OkHttp verifies the name itself; the JDK's trust manager reports a name that does not match without more.
        return has(failure, SSLPeerUnverifiedException.class) || has(failure, CertificateException.class)
                ? Optional.of(OTHER_HOST)
                : Optional.empty();
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .anyMatch(kind::isInstance);
    }
}
