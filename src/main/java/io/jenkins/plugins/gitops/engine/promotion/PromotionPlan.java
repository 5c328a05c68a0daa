package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.util.Optional;

/**
 * What a promotion would do, before anything is written.
 *
 * @param source where the release comes from
 * @param target where it goes
 * @param subject what a gate decides about, and what the log previews
 * @param hold what a rollback of the target holds against this release, if it does
 */
public record PromotionPlan(
        @NonNull Target source,
        @NonNull Target target,
        @NonNull GateSubject.Promotion subject,
        @NonNull Optional<Hold> hold) {

    /** Whether the target runs the release already. */
    public boolean isEmpty() {
        return subject.files().isEmpty();
    }

    /**
     * For a target without a gate, where nobody could be asked.
     *
     * @throws PromotionRefusedException if a rollback holds the release
     */
    public void requireNotHeld() {
        hold.ifPresent(held -> {
            throw new PromotionRefusedException(target + " is " + held
                    + ": promote a newer release, or lift the hold with a reason (gitopsRollback lift: '…').");
        });
    }
}
