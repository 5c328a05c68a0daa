package io.jenkins.plugins.gitops.engine.freeze;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A cron expression that says no time; the user corrects the field that the sentence names. */
public final class InvalidCronException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    InvalidCronException(String expression, String problem) {
        super("'" + expression + "' is not a cron expression: " + problem + ".");
    }
}
