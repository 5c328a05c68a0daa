package io.jenkins.plugins.gitops.engine.registry;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/** An image's scan has not finished: a gate asks again, a user waits and runs the step again. */
public final class ScanPendingException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final String state;

    ScanPendingException(String state) {
        super(state + ": wait for it, then run the step again.");
        this.state = state;
    }

    /** What is waited for, a sentence without full stop and remedy. */
    public String state() {
        return state;
    }
}
