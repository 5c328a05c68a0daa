package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.time.Duration;

/** An image's scan has not finished: whoever can wait asks again, whoever cannot tells the user. */
public final class ScanPendingException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final String state;
    private final Duration askAgainIn;

    ScanPendingException(@NonNull String state, @NonNull Duration askAgainIn) {
        super(state + ": wait for it, then run the step again.");
        this.state = state;
        this.askAgainIn = askAgainIn;
    }

    /** What is waited for, a sentence without full stop and remedy. */
    @NonNull
    public String state() {
        return state;
    }

    @NonNull
    public Duration askAgainIn() {
        return askAgainIn;
    }
}
