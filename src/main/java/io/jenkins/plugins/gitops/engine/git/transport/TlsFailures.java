package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * What a failure of TLS means for a Git conversation. Java has one exception for a certificate that will never be
 * trusted and for a connection that was cut in the handshake: the causes and, where there are none, the words of JSSE
 * tell them apart. What is not recognized is tried again.
 */
final class TlsFailures {

    /** How JSSE words a first record that is none of TLS: its engine and its sockets differ. */
    private static final String NOT_TLS = "ecognized SSL message";

    /** How JSSE words the other side's refusal. */
    private static final String ALERT = "Received fatal alert: ";

    private TlsFailures() {}

    @NonNull
    static WireException of(@NonNull SSLException e) {
        String reason = HttpFailures.reason(e);
        if (isAboutCertificates(e)) {
            return new WireException(Kind.FINAL, "the server's certificate is not trusted: " + reason, e);
        }
        if (reason.contains(NOT_TLS)) {
            return new WireException(
                    Kind.FINAL,
                    "what answers there does not speak TLS: its port is one for http or for something else",
                    e);
        }
        if (e instanceof SSLHandshakeException) {
            return reason.startsWith(ALERT)
                    ? new WireException(
                            Kind.FINAL,
                            "the server refuses the TLS connection (" + reason.substring(ALERT.length()) + ")",
                            e)
                    : new WireException(Kind.UNREACHED, "the connection broke in the TLS handshake: " + reason, e);
        }
        return new WireException(Kind.BROKEN, "the connection broke: " + reason, e);
    }

    private static boolean isAboutCertificates(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException
                    || cause instanceof CertPathBuilderException
                    || cause instanceof CertPathValidatorException) {
                return true;
            }
        }
        return false;
    }
}
