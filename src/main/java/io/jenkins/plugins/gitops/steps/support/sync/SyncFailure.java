package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan.Leg;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * That a wait ended badly, kept with the step: after a restart it is the same failure, and nothing is waited for again.
 *
 * @param sentence why the step fails
 * @param at when that was known: from here the time to recover counts
 * @param legs the environments that failed or did not arrive in time; not those that others replaced
 * @param phase what failed
 */
record SyncFailure(String sentence, Instant at, ArrayList<Leg> legs, Phase phase) implements Serializable {

    /** What failed. */
    enum Phase {
        SYNC,
        /** The deployment was healthy. */
        VERIFICATION
    }

    static SyncFailure of(AwaitSyncPlan plan, Map<String, Verdict.Kind> kinds, String sentence, Instant at) {
        ArrayList<Leg> legs = new ArrayList<>(plan.legs().stream()
                .filter(leg -> isFailure(kinds.getOrDefault(leg.title(), Verdict.Kind.PENDING)))
                .toList());
        return new SyncFailure(sentence, at, legs, Phase.SYNC);
    }

    /**
     * What listeners hear: one event for each environment; of a verification its record tells. Where Argo CD Applications were named by hand, they stand in
     * the application's place and the environment is empty.
     *
     * @param run address of the run, or null
     */
    List<PromotionEvent> events(@CheckForNull String run) {
        return legs.stream()
                .filter(leg -> phase != Phase.VERIFICATION)
                .map(leg -> new PromotionEvent(
                        PromotionEvent.Kind.SYNC_FAILED,
                        at,
                        Objects.requireNonNullElse(leg.application(), leg.title()),
                        Objects.requireNonNullElse(leg.environment(), ""),
                        leg.images().entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey, image -> ImageReference.parse(image.getValue()))),
                        sentence,
                        leg.commit(),
                        run))
                .toList();
    }

    private static boolean isFailure(Verdict.Kind kind) {
        return switch (kind) {
            case FAILED, TIMED_OUT -> true;
            case HEALTHY, SUPERSEDED, PENDING -> false;
        };
    }

    /** What the step fails with: Argo CD did not bring the commit live, and the sentence says why. */
    static final class SyncNotReachedException extends GitOpsException {

        private static final long serialVersionUID = 1L;

        SyncNotReachedException(String sentence) {
            super(sentence);
        }
    }
}
