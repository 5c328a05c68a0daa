package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.Target;

/**
 * What a promotion would do, before anything is written.
 *
 * @param source where the release comes from
 * @param target where it goes
 * @param subject what a gate decides about, and what the log previews
 */
public record PromotionPlan(
        @NonNull Target source,
        @NonNull Target target,
        @NonNull GateSubject subject) {

    /** Whether the target runs the release already. */
    public boolean isEmpty() {
        return subject.files().isEmpty();
    }
}
