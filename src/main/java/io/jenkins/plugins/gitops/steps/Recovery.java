package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.Engines;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.Deployment;
import io.jenkins.plugins.gitops.engine.promotion.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.promotion.Liveness;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.RecoveryTime;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.gate.Notifications;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Rollbacks under way: commits them, then looks until every earlier release is healthy or the time is up. It lives in
 * memory and holds no thread; a step that comes back after a restart begins it again with the same requests, which
 * commits nothing twice.
 */
final class Recovery {

    private static final long LOOK_EVERY_MILLIS = 500;

    private final GitOpsStepExecution step;
    private final OpenedRepository opened;
    private final Instant deadline;
    private final Ended ended;
    private final List<Recovered> recovered = new ArrayList<>();

    private volatile Future<?> timer;

    /** A rollback that is committed and not yet known to be healthy. */
    private record Pending(Rollback.Plan plan, BumpResult result) {}

    /**
     * A target that runs its earlier release again.
     *
     * @param time empty where no Argo CD Application tells
     */
    record Recovered(
            @NonNull Rollback.Plan plan,
            @NonNull BumpResult result,
            @NonNull Optional<RecoveryTime> time) {}

    /** Hears the end, once, off the CPS thread. */
    interface Ended {

        /** Every target has recovered. */
        void recovered(@NonNull List<Recovered> all) throws Exception;

        /** @param sentence which target did not recover in time, and why */
        void late(@NonNull List<Recovered> some, @NonNull String sentence) throws Exception;
    }

    /** @param deadline until when the earlier releases may become healthy */
    Recovery(
            @NonNull GitOpsStepExecution step,
            @NonNull OpenedRepository opened,
            @NonNull Instant deadline,
            @NonNull Ended ended) {
        this.step = step;
        this.opened = opened;
        this.deadline = deadline;
        this.ended = ended;
    }

    /** Commits what is not committed yet and begins to look. Blocks while it commits. */
    void begin(@NonNull List<Rollback.Plan> plans) throws Exception {
        Rollback rollback = new Rollback(opened.repository(), Engines.get().manifests());
        List<Pending> pending = new ArrayList<>();
        for (Rollback.Plan plan : plans) {
            BumpResult result = rollback.commit(plan, step.progress());
            pending.add(new Pending(plan, result));
            if (result.outcome() == BumpResult.Outcome.COMMITTED) {
                Notifications.publish(PromotionEvent.rolledBack(
                        plan, result, Engines.get().clock().instant()));
            }
        }
        look(pending);
    }

    /** Stops looking. Does not block. */
    void cancel() {
        Future<?> due = timer;
        if (due != null) {
            due.cancel(false);
        }
    }

    /** Looks once at every rollback that is still under way; comes back soon, or ends. */
    private void look(List<Pending> pending) throws Exception {
        Liveness liveness = Engines.get().liveness(step.run(), opened);
        List<Pending> waiting = new ArrayList<>();
        String why = "";
        for (Pending one : pending) {
            Liveness.State state = observe(liveness, one);
            if (state instanceof Liveness.State.Unwatched) {
                recovered.add(new Recovered(one.plan(), one.result(), Optional.empty()));
            } else if (state instanceof Liveness.State.NotHealthy not) {
                waiting.add(one);
                why = not.reason();
            } else {
                recovered.add(healthy(one));
            }
        }
        if (waiting.isEmpty()) {
            ended.recovered(recovered);
        } else if (Engines.get().clock().instant().isAfter(deadline)) {
            ended.late(
                    recovered,
                    "The rollback of " + waiting.get(0).plan().target() + " is committed ("
                            + Declarations.shorten(waiting.get(0).result().commit())
                            + ") but was not healthy in time (" + why + "): look at the Application in Argo CD.");
        } else if (!step.hasEnded()) {
            timer = Engines.get()
                    .scheduler()
                    .schedule(() -> step.submit(() -> look(waiting)), LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Healthy means: with the rollback's commit or a later one. What cannot be asked now is asked again. */
    private Liveness.State observe(Liveness liveness, Pending one) {
        try {
            Liveness.State state =
                    liveness.refreshed(one.plan().target(), one.plan().request().decidedAt());
            return state instanceof Liveness.State.Healthy healthy && !includes(healthy.commit(), one)
                    ? new Liveness.State.NotHealthy("another commit runs there")
                    : state;
        } catch (GitOpsException notNow) {
            return new Liveness.State.NotHealthy(notNow.getMessage());
        }
    }

    private boolean includes(String commit, Pending one) {
        return commit.equals(one.result().commit())
                || opened.repository()
                        .isAncestor(one.plan().branch(), one.result().commit(), commit, Progress.SILENT);
    }

    private Recovered healthy(Pending one) throws Exception {
        Instant now = Engines.get().clock().instant();
        RecoveryTime time = RecoveryTime.between(one.plan(), now);
        step.progress().say(time + ".");
        try {
            new DeploymentNotes(opened.repository(), opened.author())
                    .outcome(
                            one.plan().request().application(),
                            one.plan().request().environment(),
                            one.result().commit(),
                            Deployment.Outcome.HEALTHY,
                            now,
                            Progress.SILENT);
        } catch (GitOpsException notNoted) {
            step.progress().say("The ledger could not note that: " + notNoted.getMessage());
        }
        return new Recovered(one.plan(), one.result(), Optional.of(time));
    }
}
