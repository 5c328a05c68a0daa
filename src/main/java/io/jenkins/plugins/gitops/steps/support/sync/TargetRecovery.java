package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import java.time.Duration;
import java.time.Instant;
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

    private volatile AwaitSyncWatch watch;
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
        awaited.announcement(left()).forEach(step.progress()::say);
        synchronized (this) {
            if (!cancelled) {
                watch = new AwaitSyncWatch(
                        step.services(),
                        awaited,
                        policy(),
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
        Rollback.Request request = plan.request();
        AwaitSyncOptions options = AwaitSyncOptions.of(
                request.application(),
                request.environment(),
                result.commit(),
                StepResults.images(plan.release()),
                left(),
                OnFailure.FAIL);
        return new AwaitSyncPlanner(step, Optional.of(opened), options).plan(request.id(), deadline);
    }

    private Duration left() {
        Duration left = Duration.between(step.services().clock().instant(), deadline);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** What the bad release left behind may take its time to disappear: only the deadline ends the wait. */
    private Policy policy() {
        return new Policy(left(), left(), Policy.DEFAULT.refresh(), Set.of());
    }

    private void ended(AwaitSyncPlan awaited, SyncStatus status) throws Exception {
        Instant now = step.services().clock().instant();
        watch.record(now);
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
        SyncFailure.of(awaited, watch.kinds(), sentence, now)
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
        return "The rollback of " + plan.target() + " is committed (" + CommitInfo.abbreviate(result.commit())
                + ") but " + how + " (" + why + "): look at the Application in Argo CD.";
    }
}
