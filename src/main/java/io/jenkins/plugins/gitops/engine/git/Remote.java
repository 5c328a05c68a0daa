package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;

/**
 * A remote and the way in.
 *
 * @param url http(s), ssh or scp-like; file only in tests; never with a password in it
 */
public record Remote(@NonNull String url, @NonNull Login login) {

    /** How to authenticate. Secrets are kept in memory only; {@code toString} hides them. */
    public sealed interface Login {

        record Anonymous() implements Login {}

        /** HTTP basic authentication; a token is the password. */
        record UserPassword(@NonNull String user, @NonNull String password) implements Login {
            @Override
            public String toString() {
                return "UserPassword[" + user + "]";
            }
        }

        /**
         * SSH key.
         *
         * @param privateKey PEM or OpenSSH text
         * @param passphrase of the key, or null
         * @param knownHosts lines of a known_hosts file; empty refuses every host
         */
        record SshKey(
                @NonNull String user,
                @NonNull String privateKey,
                @Nullable String passphrase,
                @NonNull String knownHosts)
                implements Login {
            @Override
            public String toString() {
                return "SshKey[" + user + "]";
            }
        }
    }
}
