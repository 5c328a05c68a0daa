package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.Instant;

/**
 * How long a rollback took, against what it may take.
 *
 * @param took from the decision until the earlier release was healthy
 * @param objective of the environment
 */
public record RecoveryTime(
        @NonNull String target,
        @NonNull Duration took,
        @NonNull Duration objective) {

    @NonNull
    public static RecoveryTime between(@NonNull Rollback.Plan plan, @NonNull Instant healthyAt) {
        return new RecoveryTime(
                plan.target().toString(),
                Duration.between(plan.request().decidedAt(), healthyAt),
                plan.policy().objective());
    }

    public boolean isBreached() {
        return took.compareTo(objective) > 0;
    }

    /** For the log: {@code shop/prod recovered in 8 s, within its objective of 15 min}. */
    @Override
    public String toString() {
        return target + " " + clause();
    }

    /** Likewise without the target. */
    @NonNull
    public String clause() {
        return "recovered in " + GateChecks.words(took)
                + (isBreached() ? ", LATER than its objective of " : ", within its objective of ")
                + GateChecks.words(objective);
    }
}
