package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.engine.promotion.RollbackRequest;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncNotes;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncPlan;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncPlanning;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncWatch;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncWish;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncWords;
import io.jenkins.plugins.gitops.steps.awaitsync.SyncFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One target whose rollback is committed: waits over the controller's shared watches until it is healthy again. */
final class TargetRecovery {

    private final GitOpsStepExecution step;
    private final OpenedRepository opened;
    private final Rollback.Plan plan;
    private final BumpResult result;
    private final Instant deadline;
    private final Recovery recovery;

    private AwaitSyncWatch watch;
    private boolean cancelled;

    TargetRecovery(
            @NonNull GitOpsStepExecution step,
            @NonNull OpenedRepository opened,
            @NonNull Rollback.Plan plan,
            @NonNull BumpResult result,
            @NonNull Instant deadline,
            @NonNull Recovery recovery) {
        this.step = step;
        this.opened = opened;
        this.plan = plan;
        this.result = result;
        this.deadline = deadline;
        this.recovery = recovery;
    }

    /** Begins to wait; where nothing watches the target there is nothing to wait for. Blocks for a moment. */
    void begin() throws Exception {
        if (plan.target().environment().applications().isEmpty()) {
            recovery.settled(new Recovery.Recovered(plan, result, Optional.empty()));
            return;
        }
        AwaitSyncPlan awaited;
        try {
            awaited = awaited();
        } catch (GitOpsException cannot) {
            recovery.settled(sentence("cannot be watched", cannot.getMessage()));
            return;
        }
        AwaitSyncWords.beginning(awaited, GitOpsServices.get().clock().instant())
                .forEach(step.progress()::say);
        synchronized (this) {
            if (!cancelled) {
                watch = new AwaitSyncWatch(
                        awaited,
                        patient(),
                        Optional.of(opened),
                        step.progress(),
                        status -> step.submit(() -> ended(awaited, status)));
                watch.begin();
            }
        }
    }

    /** Stops waiting. Does not block. */
    synchronized void cancel() {
        cancelled = true;
        if (watch != null) {
            watch.cancel();
        }
    }

    private AwaitSyncPlan awaited() throws Exception {
        RollbackRequest request = plan.request();
        LinkedHashMap<String, String> images = new LinkedHashMap<>();
        plan.release().forEach((name, image) -> images.put(name, image.toString()));
        AwaitSyncWish wish = new AwaitSyncWish(
                request.application(),
                List.of(request.environment()),
                result.commit(),
                images,
                List.of(),
                null,
                null,
                null);
        return new AwaitSyncPlanning(step.run(), wish, Optional.of(opened), Optional.empty(), step.progress())
                .plan(request.id(), deadline);
    }

    /** What the bad release left behind may take its time to pass: the deadline alone gives up on it. */
    private Policy patient() {
        Duration left = Duration.between(GitOpsServices.get().clock().instant(), deadline);
        Duration grace = left.isNegative() ? Duration.ZERO : left;
        return new Policy(grace, grace, Refresh.HARD, Set.of(), Policy.Syncing.LEFT_TO_ARGO_CD);
    }

    private void ended(AwaitSyncPlan awaited, SyncStatus status) throws Exception {
        Instant now = GitOpsServices.get().clock().instant();
        Map<String, Verdict.Kind> kinds = Map.of(plan.target().toString(), status.kind());
        new AwaitSyncNotes(opened, step.progress()).note(awaited, kinds, now);
        RecoveryTime time = plan.recovery(now);
        if (status.kind() == Verdict.Kind.HEALTHY) {
            step.progress().say(time + ".");
            if (result.outcome() != BumpResult.Outcome.UNCHANGED) {
                Notifications.publish(PromotionEvent.recovered(plan, result, time, now));
            }
            recovery.settled(new Recovery.Recovered(plan, result, Optional.of(time)));
            return;
        }
        String sentence =
                sentence(how(status.kind()) + (time.isBreached() ? ", past its objective" : ""), status.summary());
        SyncFailure.of(awaited, kinds, sentence, now)
                .events(step.provenance().run())
                .forEach(Notifications::publish);
        recovery.settled(sentence);
    }

    private static String how(Verdict.Kind kind) {
        return switch (kind) {
            case SUPERSEDED -> "did not stay";
            case TIMED_OUT -> "was not healthy in time";
            case FAILED, PENDING, HEALTHY -> "is not healthy";
        };
    }

    private String sentence(String how, String why) {
        return "The rollback of " + plan.target() + " is committed (" + Words.commit(result.commit()) + ") but " + how
                + " (" + why + "): look at the Application in Argo CD.";
    }
}
