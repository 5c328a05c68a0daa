package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;

/** {@code status.operationState.phase}. While Argo CD still retries, the phase stays Running. */
public enum OperationPhase {
    RUNNING("Running"),
    TERMINATING("Terminating"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    ERROR("Error");

    private final String word;

    OperationPhase(String word) {
        this.word = word;
    }

    /** What Argo CD writes; a phase new to us counts as running, since nothing can be concluded from it. */
    @NonNull
    public static OperationPhase of(@NonNull String word) {
        for (OperationPhase phase : values()) {
            if (phase.word.equals(word)) {
                return phase;
            }
        }
        return RUNNING;
    }

    public boolean isFinished() {
        return this != RUNNING && this != TERMINATING;
    }

    public boolean isFailed() {
        return this == FAILED || this == ERROR;
    }

    @Override
    public String toString() {
        return word;
    }
}
