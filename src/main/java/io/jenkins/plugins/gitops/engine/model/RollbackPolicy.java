package io.jenkins.plugins.gitops.engine.model;

import java.time.Duration;

/**
 * How an environment recovers.
 *
 * @param objective how long a rollback may take, from the decision until the earlier release is healthy
 * @param hold whether a release that was rolled back may come again by itself
 * @param gate whether going back to the last healthy release waits at the environment's gate
 * @param automatic what goes back without a person, whether a run waits for it or not
 */
public record RollbackPolicy(Duration objective, HoldMode hold, AtGate gate, Automatic automatic) {

    /** The objective that {@code critical} names. */
    public static final Duration CRITICAL = Duration.ofMinutes(15);

    /** The objective that {@code major} names. */
    public static final Duration MAJOR = Duration.ofMinutes(30);

    /** What an environment has that says nothing. */
    public static final RollbackPolicy DEFAULT =
            new RollbackPolicy(MAJOR, HoldMode.UNTIL_LIFTED, AtGate.UNASKED, Automatic.NOTHING);

    /** What goes back without a person. */
    public enum Automatic {
        /** What a step is told to take back, and nothing else. */
        NOTHING,
        /** A deployment whose verification spoke against it. */
        FAILED_VERIFICATION
    }

    /** What a rollback does to later promotions of the same release or an older one. */
    public enum HoldMode {
        /** They are held until somebody lifts the hold with a reason. */
        UNTIL_LIFTED,
        /** They pass. */
        NONE
    }

    /** Whether the last healthy release comes back through the gate. */
    public enum AtGate {
        /** It comes back at once: recovery does not wait. */
        UNASKED,
        /** It waits at the gate, as a promotion does. */
        REQUIRED
    }
}
