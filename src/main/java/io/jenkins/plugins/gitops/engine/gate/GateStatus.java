package io.jenkins.plugins.gitops.engine.gate;

/** Where a gate stands. Only an open one changes, but for a granted one whose commit is refused: that one closes. */
public enum GateStatus {
    OPEN,
    /** Every requirement held: the promotion goes. */
    APPROVED,
    /** Somebody waived requirements, and every other one held: the promotion goes. */
    OVERRIDDEN,
    REJECTED,
    EXPIRED,
    SUPERSEDED,
    CLOSED;

    /** Whether the promotion may be committed. */
    public boolean isGranted() {
        return this == APPROVED || this == OVERRIDDEN;
    }
}
