package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;

/** {@code status.health.status}, of an Application or one of its resources. */
public enum HealthState {
    HEALTHY("Healthy"),
    PROGRESSING("Progressing"),
    DEGRADED("Degraded"),
    SUSPENDED("Suspended"),
    MISSING("Missing"),
    UNKNOWN("Unknown");

    private final String word;

    HealthState(String word) {
        this.word = word;
    }

    /** What Argo CD writes; anything new to us, and nothing, is unknown. */
    @NonNull
    public static HealthState of(@NonNull String word) {
        for (HealthState state : values()) {
            if (state.word.equals(word)) {
                return state;
            }
        }
        return UNKNOWN;
    }

    @Override
    public String toString() {
        return word;
    }
}
