package io.jenkins.plugins.gitops.steps.terraform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.promotion.PlanOutcome;
import java.io.Serializable;
import java.util.LinkedHashMap;

/**
 * The block of a step that applies a plan. Jenkins goes on with the block itself after a restart; the step keeps whether it
 * was begun and how it ended, until the ledger has it.
 */
final class AppliedPlan implements Serializable {

    private static final long serialVersionUID = 1L;

    /** For the ledger; null where no environment was named. */
    @CheckForNull
    final PlanOutcome outcome;

    /** What the step returns. */
    final LinkedHashMap<String, Object> result;

    private volatile boolean begun;

    @CheckForNull
    private volatile End end;

    /** @param failure null for success */
    record End(@CheckForNull Throwable failure) implements Serializable {}

    AppliedPlan(@CheckForNull PlanOutcome outcome, LinkedHashMap<String, Object> result) {
        this.outcome = outcome;
        this.result = result;
    }

    /** Whether the block was begun: something may be applied. */
    boolean isBegun() {
        return begun;
    }

    void begin() {
        begun = true;
    }

    void end(@CheckForNull Throwable failure) {
        end = new End(failure);
    }

    /** Null while the block runs. */
    @CheckForNull
    End end() {
        return end;
    }
}
