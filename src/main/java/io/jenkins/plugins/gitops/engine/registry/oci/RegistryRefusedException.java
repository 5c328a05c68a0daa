package io.jenkins.plugins.gitops.engine.registry.oci;

import io.jenkins.plugins.gitops.engine.registry.RegistryException;

/** The registry answered with an error. */
final class RegistryRefusedException extends RegistryException {

    private static final long serialVersionUID = 1L;

    RegistryRefusedException(String sentence) {
        super(sentence);
    }

    /**
     * @param host of the registry
     * @param status any but a success and 404
     */
    static RegistryRefusedException of(String host, String repository, int status, boolean anonymous) {
        String registry = "Registry '" + host + "'";
        return new RegistryRefusedException(
                switch (status) {
                    case 401 ->
                        anonymous
                                ? registry + " requires credentials to read '" + repository
                                        + "': add credentials to its connection in Jenkins, or check the name."
                                : registry + " refused the credentials of its connection for '" + repository
                                        + "': check the user and the password or token.";
                    case 403 ->
                        registry + " does not allow its connection to read '" + repository
                                + "': grant its credentials the right to pull, or check the name.";
                    default ->
                        registry + " returned status " + status + " for '" + repository
                                + "': try again, or check its log.";
                });
    }
}
