package io.jenkins.plugins.gitops.engine.git.signing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Those whose signed commits count, by their public keys. What is known of a commit never changes, so it is looked at
 * once. Safe for any thread.
 */
public final class TrustedSigners implements SignatureCheck {

    private static final String OPENPGP = "-----BEGIN PGP ";
    private static final String SSH = "-----BEGIN SSH SIGNATURE-----";

    /** In characters: one of an RSA key of 16,384 bits has 5,000. */
    private static final int LONGEST_SIGNATURE = 16_384;

    private static final int MOST_COMMITS = 50_000;

    private final OpenPgpVerifier openPgp;
    private final SshVerifier ssh;
    private final Cache<String, Result> known =
            Caffeine.newBuilder().maximumSize(MOST_COMMITS).build();

    private TrustedSigners(OpenPgpVerifier openPgp, SshVerifier ssh) {
        this.openPgp = openPgp;
        this.ssh = ssh;
    }

    /**
     * Of texts that hold keys: an armoured OpenPGP public key, or lines as {@code ssh-ed25519 AAAA… comment}.
     *
     * @throws RepositoryException if one of them is not such a key
     */
    public static TrustedSigners of(Collection<String> publicKeys) {
        List<String> armoured = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        publicKeys.forEach(text -> {
            int from = 0;
            for (int at = text.indexOf(OPENPGP); at >= 0; at = text.indexOf(OPENPGP, from)) {
                text.substring(from, at).lines().forEach(lines::add);
                int last = text.indexOf("-----END PGP ", at);
                int end = last < 0 ? text.length() : text.indexOf('\n', last);
                from = end < 0 ? text.length() : end;
                armoured.add(text.substring(at, from));
            }
            text.substring(from).lines().forEach(lines::add);
        });
        return new TrustedSigners(
                OpenPgpVerifier.of(armoured),
                SshVerifier.of(lines.stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList()));
    }

    @Override
    public Result check(String commit, byte[] content, Optional<String> signature) {
        return signature
                .map(text -> known.get(commit, first -> verify(content, text)))
                .orElse(Result.UNSIGNED);
    }

    private Result verify(byte[] content, String signature) {
        boolean valid = signature.length() <= LONGEST_SIGNATURE
                && (signature.startsWith(OPENPGP)
                        ? openPgp.isValid(content, signature)
                        : signature.startsWith(SSH) && ssh.isValid(content, signature));
        return valid ? Result.VERIFIED : Result.UNVERIFIED;
    }
}
