package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Optional;
import java.util.function.Supplier;

/** How to authenticate to a registry. Secrets are kept in memory only; {@code toString} hides them. */
public sealed interface RegistryLogin {

    /** User and password as they are now; empty for none. */
    @NonNull
    Optional<UserPassword> current();

    record Anonymous() implements RegistryLogin {
        @Override
        public Optional<UserPassword> current() {
            return Optional.empty();
        }
    }

    /** For basic authentication and for token servers; an access token is the password. */
    record UserPassword(@NonNull String user, @NonNull String password) implements RegistryLogin {
        @Override
        public Optional<UserPassword> current() {
            return Optional.of(this);
        }

        @Override
        public String toString() {
            return "UserPassword[" + user + "]";
        }
    }

    /** A password that is renewed, as Amazon ECR gives it; asked before every authentication. */
    record Renewed(@NonNull Supplier<UserPassword> source) implements RegistryLogin {
        @Override
        public Optional<UserPassword> current() {
            return Optional.of(source.get());
        }
    }
}
