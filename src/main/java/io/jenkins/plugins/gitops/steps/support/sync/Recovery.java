package io.jenkins.plugins.gitops.steps.support.sync;

import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.PendingDelivery;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rollbacks under way: commits them, then waits over the controller's shared watches until each target is healthy again.
 * It lives in memory and holds no thread; a step that comes back after a restart begins it again with the same requests,
 * which commits nothing twice.
 */
public final class Recovery {

    /** How long an earlier release may take to be healthy again where the step sets nothing else. */
    public static final Duration USUAL_TIMEOUT = Duration.ofMinutes(10);

    private final GitOpsStepExecution step;
    private final OpenedRepository opened;
    private volatile Instant deadline;
    private final Ended ended;
    private final List<AwaitSyncWatch> watches = new ArrayList<>();
    private final List<Recovered> recovered = new ArrayList<>();
    private final List<String> sentences = new ArrayList<>();
    private int waiting;
    private boolean cancelled;

    /**
     * A target that runs its earlier release again.
     *
     * @param time empty where no Argo CD Application tells
     */
    public record Recovered(Rollback.Plan plan, BumpResult result, Optional<RecoveryTime> time) {}

    /** Hears the end, once, off the CPS thread. */
    @FunctionalInterface
    public interface Ended {

        /** @param sentences why each of the other targets does not run its earlier release; empty when all do */
        void ended(List<Recovered> recovered, List<String> sentences) throws Exception;
    }

    /** @param deadline until when the earlier releases may become healthy */
    public Recovery(GitOpsStepExecution step, OpenedRepository opened, Instant deadline, Ended ended) {
        this.step = step;
        this.opened = opened;
        this.deadline = deadline;
        this.ended = ended;
    }

    /**
     * Commits what is not committed yet and begins to wait; one that is refused keeps no other from it. Where a pull request
     * brings one, it begins again until all are committed. Blocks.
     */
    public void begin(List<Rollback.Plan> plans) throws Exception {
        Rollback rollback = step.services().rollback(opened);
        List<Recovered> committed = new ArrayList<>();
        Optional<PendingDelivery> delivery = Optional.empty();
        sentences.clear();
        for (Rollback.Plan plan : plans) {
            try {
                committed.add(new Recovered(plan, rollback.commit(plan, step.progress()), Optional.empty()));
            } catch (PendingDelivery pending) {
                delivery = Optional.of(pending);
            } catch (GitOpsException refused) {
                sentences.add(refused.getMessage());
            }
        }
        if (delivery.isPresent()) {
            // People and checks decide how long that takes.
            Instant asked = now();
            step.later(delivery.get(), () -> {
                deadline = deadline.plus(Duration.between(asked, now()));
                begin(plans);
            });
            return;
        }
        await(committed);
    }

    /** The same for one that is committed already. */
    public void begin(Rollback.Plan plan, BumpResult made) throws Exception {
        await(List.of(new Recovered(plan, made, Optional.empty())));
    }

    private void await(List<Recovered> committed) throws Exception {
        for (Recovered one : committed) {
            if (!one.result().isUnchanged()) {
                Notifications.publish(PromotionEvent.rolledBack(one.plan(), one.result(), now()));
            }
        }
        synchronized (this) {
            waiting = committed.size();
            if (cancelled) {
                return;
            }
        }
        if (committed.isEmpty()) {
            ended.ended(recovered, sentences);
            return;
        }
        step.waits();
        for (Recovered one : committed) {
            await(one);
        }
    }

    /** Stops waiting. Does not block. */
    public synchronized void cancel() {
        cancelled = true;
        watches.forEach(AwaitSyncWatch::cancel);
    }

    /** Begins to wait; where nothing watches the target there is nothing to wait for. Blocks for a moment. */
    private void await(Recovered one) throws Exception {
        if (one.plan().target().environment().applications().isEmpty()) {
            settled(Optional.of(one), "");
            return;
        }
        Rollback.Request request = one.plan().request();
        AwaitSyncOptions options = AwaitSyncOptions.of(
                request.application(),
                request.environment(),
                one.result().commit(),
                StepResults.images(one.plan().release()),
                left(),
                Duration.ZERO,
                OnFailure.FAIL);
        AwaitSyncPlan awaited;
        try {
            awaited = new AwaitSyncPlanner(step, Optional.of(opened), options).plan(request.id(), deadline);
        } catch (GitOpsException cannot) {
            settled(Optional.empty(), sentence(one, "cannot be watched", cannot.getMessage()));
            return;
        }
        awaited.announcement(left()).forEach(step.progress()::say);
        // What the bad release left behind may take its time to disappear: only the deadline ends the wait.
        Policy policy = new Policy(left(), left(), Duration.ZERO, Policy.DEFAULT.refresh(), Set.of());
        synchronized (this) {
            if (!cancelled) {
                AwaitSyncWatch watch = new AwaitSyncWatch(
                        step.services(),
                        awaited,
                        policy,
                        Optional.of(opened),
                        step.progress(),
                        Optional.empty(),
                        (begun, status) -> step.submit(() -> ended(one, awaited, begun, status)));
                watches.add(watch);
                watch.begin();
            }
        }
    }

    private Instant now() {
        return step.services().clock().instant();
    }

    private Duration left() {
        Duration left = Duration.between(now(), deadline);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void ended(Recovered one, AwaitSyncPlan awaited, AwaitSyncWatch watch, SyncStatus status) throws Exception {
        Instant now = now();
        watch.record(now);
        RecoveryTime time = one.plan().recovery(now);
        if (status.kind() == Verdict.Kind.HEALTHY) {
            step.progress().say(time + ".");
            if (!one.result().isUnchanged()) {
                Notifications.publish(PromotionEvent.recovered(one.plan(), one.result(), time, now));
            }
            settled(Optional.of(new Recovered(one.plan(), one.result(), Optional.of(time))), "");
            return;
        }
        String how =
                switch (status.kind()) {
                    case SUPERSEDED -> "was replaced by another release";
                    case TIMED_OUT -> "was not healthy in time";
                    case FAILED, PENDING, HEALTHY -> "is not healthy";
                };
        String sentence = sentence(one, how + (time.isBreached() ? ", past its objective" : ""), status.summary());
        SyncFailure.of(awaited, watch.kinds(), sentence, now)
                .events(step.provenance().run())
                .forEach(Notifications::publish);
        settled(Optional.empty(), sentence);
    }

    private static String sentence(Recovered one, String how, String why) {
        return "The rollback of " + one.plan().target() + " is committed ("
                + CommitInfo.abbreviate(one.result().commit()) + ") but " + how + " (" + why
                + "): check the Application in Argo CD.";
    }

    /** @param sentence why the target does not run its earlier release, where it does not */
    private void settled(Optional<Recovered> one, String sentence) throws Exception {
        synchronized (this) {
            one.ifPresentOrElse(recovered::add, () -> sentences.add(sentence));
            waiting--;
            if (waiting > 0) {
                return;
            }
        }
        step.goesOn();
        ended.ended(recovered, sentences);
    }
}
