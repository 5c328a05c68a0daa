package io.jenkins.plugins.gitops.engine.ledger;

import io.jenkins.plugins.gitops.engine.model.Durations;
import java.time.Duration;

/**
 * How long a rollback took, against what it may take.
 *
 * @param took from the decision until the earlier release was healthy
 * @param objective of the environment
 */
public record RecoveryTime(String target, Duration took, Duration objective) {

    public boolean isBreached() {
        return took.compareTo(objective) > 0;
    }

    /** For the log: {@code shop/prod recovered in 8 s, within its objective of 15 min}. */
    @Override
    public String toString() {
        return target + " " + clause();
    }

    /** Likewise without the target. */
    public String clause() {
        return "recovered in " + Durations.text(took)
                + (isBreached() ? ", LATER than its objective of " : ", within its objective of ")
                + Durations.text(objective);
    }
}
