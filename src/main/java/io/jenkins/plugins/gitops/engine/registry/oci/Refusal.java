package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/** Words for a registry's no. */
final class Refusal {

    private Refusal() {}

    /** @param status any but a success and 404 */
    @NonNull
    static RefusedException of(@NonNull OciEndpoint endpoint, @NonNull String repository, int status) {
        boolean anonymous = endpoint.login() instanceof RegistryLogin.Anonymous;
        String registry = "Registry '" + endpoint.host() + "'";
        if (status == 401 && anonymous) {
            return new RefusedException(registry + " asks for credentials to read '" + repository
                    + "': give its connection in Jenkins credentials, or check the name.");
        }
        if (status == 401) {
            return new RefusedException(registry + " refuses the credentials of its connection for '" + repository
                    + "': check the user and the password or token.");
        }
        if (status == 403) {
            return new RefusedException(registry + " does not allow its connection to read '" + repository
                    + "': grant its credentials the right to pull, or check the name.");
        }
        return new RefusedException(registry + " answers with status " + status + " for '" + repository
                + "': try again, or look into its log.");
    }

    /** @param wait what the registry asks for */
    @NonNull
    static RefusedException limited(@NonNull OciEndpoint endpoint, @NonNull Duration wait) {
        return new RefusedException("Registry '" + endpoint.host() + "' limits requests and asks to wait "
                + wait.toSeconds() + " s: try again later, or give its connection credentials with a higher limit.");
    }
}
