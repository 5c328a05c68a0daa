package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.util.Optional;

/**
 * A remote and the way in.
 *
 * @param url http(s), ssh or scp-like; never with a password in it
 * @param login empty for what everybody may read and write
 * @param api way into the API of the server, for pull requests; empty for the same login
 * @param authorities certificates in PEM of those who alone vouch for an https server; empty for what the JVM trusts
 */
public record Remote(String url, Optional<Login> login, Optional<Login> api, Optional<String> authorities) {

    public Remote(String url, Optional<Login> login) {
        this(url, login, Optional.empty(), Optional.empty());
    }

    public Remote(String url, Login login) {
        this(url, Optional.of(login));
    }

    /** One that asks for no login. */
    public Remote(String url) {
        this(url, Optional.empty());
    }

    /** Another repository, with the same way in. */
    public Remote at(String other) {
        return new Remote(other, login, api, authorities);
    }

    /** With a private certificate authority. */
    public Remote trusting(String pem) {
        return new Remote(url, login, api, Optional.of(pem));
    }

    /** With another way into the API of its server. */
    public Remote withApi(Login other) {
        return new Remote(url, login, Optional.of(other), authorities);
    }

    /** How to authenticate. Secrets are kept in memory only; {@code toString} hides them. */
    public sealed interface Login {

        /** HTTP basic authentication; a token is the password. */
        record UserPassword(String user, String password) implements Login {
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
                String user, String privateKey, @Nullable String passphrase, String knownHosts) implements Login {
            @Override
            public String toString() {
                return "SshKey[" + user + "]";
            }
        }
    }
}
