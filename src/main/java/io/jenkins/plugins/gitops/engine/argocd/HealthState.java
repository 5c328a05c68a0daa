package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;

/** {@code status.health.status}, of an Application or one of its resources. */
public enum HealthState {
    HEALTHY,
    PROGRESSING,
    DEGRADED,
    SUSPENDED,
    MISSING,
    UNKNOWN;

    /** What Argo CD writes; anything new to us, and nothing, is unknown. */
    @NonNull
    public static HealthState of(@NonNull String word) {
        return Observation.read(word, UNKNOWN);
    }

    @Override
    public String toString() {
        return Observation.written(this);
    }
}
