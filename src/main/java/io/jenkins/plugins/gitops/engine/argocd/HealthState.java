package io.jenkins.plugins.gitops.engine.argocd;

/** {@code status.health.status}, of an Application or one of its resources. */
public enum HealthState {
    HEALTHY,
    PROGRESSING,
    DEGRADED,
    SUSPENDED,
    MISSING,
    UNKNOWN;

    /** What Argo CD writes; anything new to us, and nothing, is unknown. */
    public static HealthState of(String word) {
        return Observation.read(word, UNKNOWN);
    }

    @Override
    public String toString() {
        return Observation.written(this);
    }
}
