package io.jenkins.plugins.gitops.engine.aws;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** AWS gives no credentials, or refuses those it was given: the user mends the identity or its permissions. */
public final class AwsException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public AwsException(@NonNull String sentence, @NonNull Throwable cause) {
        super(sentence, cause);
    }
}
