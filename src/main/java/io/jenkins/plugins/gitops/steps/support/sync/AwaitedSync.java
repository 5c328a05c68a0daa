package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnTimeout;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.Verify;
import io.jenkins.plugins.gitops.steps.support.sync.SyncFailure.SyncNotReachedException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A step's wait for Argo CD and, if the step says so, the way back when it fails; waits without a thread. What it waits
 * for is found once and kept with the absolute deadline, and so is the failure once there is one: after a restart it
 * waits on, or goes on with the way back, by which no time is lost or won and nothing is committed twice.
 */
public final class AwaitedSync implements Serializable {

    private static final long serialVersionUID = 3L;

    private final String id = UUID.randomUUID().toString();
    private final Instant began = GitOpsServices.get().clock().instant();
    private final AwaitSyncOptions options;
    private final FailedRelease failed;

    @CheckForNull
    private volatile AwaitSyncPlan plan;

    @CheckForNull
    private volatile Live live;

    private transient volatile AwaitSyncWatch watch;
    private transient volatile VerificationWait verification;

    private transient volatile Pause pause;

    public AwaitedSync(AwaitSyncOptions options) {
        this.options = options;
        this.failed = new FailedRelease(id, options.onFailure());
    }

    /**
     * How the wait for Argo CD ended, kept with the step: what comes after it goes on from there.
     *
     * @param summary one clause for each Application
     * @param checks a line for each check of the verifications that followed
     */
    public record Live(Verdict.Kind kind, String summary, Instant at, ArrayList<String> checks)
            implements Serializable {

        private static final long serialVersionUID = 1L;
    }

    /** Hears that a Rollout stays paused until somebody resumes it; nothing is waited for until the wait proceeds. */
    @FunctionalInterface
    public interface Pause {
        void paused(AwaitSyncPlan plan) throws Exception;
    }

    /** Set it before the wait begins or goes on; without it, the wait goes on while a Rollout is paused. */
    public void whenPaused(Pause listener) {
        pause = listener;
    }

    /** What the wait stood still for does not count. */
    public void extend(Duration time) {
        AwaitSyncPlan known = Objects.requireNonNull(plan);
        plan = new AwaitSyncPlan(known.id(), known.deadline().plus(time), known.legs());
    }

    /** Hears that the step continues: all is live and verified, or it timed out and the step accepts that. */
    @FunctionalInterface
    public interface Arrival {
        void arrived(AwaitSyncPlan plan, Live live, Duration took) throws Exception;
    }

    /**
     * Begins, or goes on after a restart. A failure ends the step. Blocks while it finds out what to wait for.
     *
     * @param choice how the step chose the repository, to open it again when the run has ended
     */
    public void proceed(
            GitOpsStepExecution step, RepositoryChoice choice, Optional<OpenedRepository> repository, Arrival arrival)
            throws Exception {
        if (failed.isKnown()) {
            settle(step, repository);
            return;
        }
        if (live != null) {
            verify(step, choice, repository.orElseThrow(), arrival);
            return;
        }
        AwaitSyncPlan known = plan;
        if (known == null) {
            known = new AwaitSyncPlanner(step, repository, options).plan(id, began.plus(options.timeout()));
            plan = known;
            step.getContext().saveState();
            known.announcement(options.timeout()).forEach(step.progress()::say);
        }
        step.waits();
        AwaitSyncWatch begun = new AwaitSyncWatch(
                step.services(),
                known,
                options.policy(),
                repository,
                step.progress(),
                Optional.ofNullable(pause)
                        .map(listener -> () -> step.submit(() -> listener.paused(Objects.requireNonNull(plan)))),
                (waited, status) -> step.submit(() -> end(step, choice, repository, arrival, status)));
        watch = begun;
        begun.begin();
        if (step.hasEnded()) {
            begun.cancel();
        }
    }

    private void end(
            GitOpsStepExecution step,
            RepositoryChoice choice,
            Optional<OpenedRepository> repository,
            Arrival arrival,
            SyncStatus status)
            throws Exception {
        step.goesOn();
        AwaitSyncPlan known = Objects.requireNonNull(plan);
        Instant now = step.services().clock().instant();
        watch.record(now);
        for (String line : status.details()) {
            step.progress().say("  " + line);
        }
        SyncFailure bad = SyncFailure.of(known, watch.kinds(), sentence(status), now);
        boolean timedOut = status.kind() == Verdict.Kind.TIMED_OUT;
        if (status.kind() == Verdict.Kind.HEALTHY || timedOut && options.onTimeout() != OnTimeout.FAIL) {
            bad.events(step.provenance().run()).forEach(Notifications::publish);
            step.progress().say(sentence(status));
            if (timedOut && options.onTimeout() == OnTimeout.UNSTABLE) {
                step.getContext().setResult(Result.UNSTABLE);
            }
            Live reached = new Live(status.kind(), status.summary(), now, new ArrayList<>());
            if (timedOut || options.verify() == Verify.NOTHING || repository.isEmpty()) {
                arrival.arrived(known, reached, Duration.between(began, now));
                return;
            }
            live = reached;
            step.remember();
            verify(step, choice, repository.get(), arrival);
            return;
        }
        failed(step, repository, bad);
    }

    private void failed(GitOpsStepExecution step, Optional<OpenedRepository> repository, SyncFailure bad)
            throws Exception {
        failed.keep(step, bad);
        settle(step, repository);
    }

    private void settle(GitOpsStepExecution step, Optional<OpenedRepository> repository) throws Exception {
        failed.settle(step, () -> repository, sentence -> step.fail(new SyncNotReachedException(sentence)));
    }

    /** Waits for what is declared of a release that is live, or goes on with it after a restart. */
    private void verify(GitOpsStepExecution step, RepositoryChoice choice, OpenedRepository opened, Arrival arrival)
            throws Exception {
        AwaitSyncPlan known = Objects.requireNonNull(plan);
        Live reached = Objects.requireNonNull(live);
        VerificationWait begun = new VerificationWait(
                step,
                VerificationWait.Awaits.DECLARED,
                (lines, bad) -> step.submit(() -> {
                    step.goesOn();
                    if (bad.isPresent()) {
                        failed(step, Optional.of(opened), bad.get());
                        return;
                    }
                    arrival.arrived(
                            known,
                            new Live(reached.kind(), reached.summary(), reached.at(), new ArrayList<>(lines)),
                            Duration.between(began, step.services().clock().instant()));
                }));
        verification = begun;
        begun.begin(known, reached.at(), choice, opened);
        if (step.hasEnded()) {
            begun.cancel();
        }
    }

    private static String sentence(SyncStatus status) {
        String verdict =
                switch (status.kind()) {
                    case HEALTHY -> "Live and healthy: ";
                    case FAILED -> "Not live: ";
                    case TIMED_OUT -> "Not live in time: ";
                    case SUPERSEDED -> "No longer live: ";
                    case PENDING -> "Still waiting: ";
                };
        // Argo CD's own messages may end as a sentence does.
        return verdict + status.summary() + (status.summary().endsWith(".") ? "" : ".");
    }

    /** Gives up. Does not block. */
    public void cancel() {
        AwaitSyncWatch begun = watch;
        if (begun != null) {
            begun.cancel();
        }
        VerificationWait verifying = verification;
        if (verifying != null) {
            verifying.cancel();
        }
        failed.cancel();
    }

    /** Where it stands; empty before it has begun. */
    public Optional<String> summary() {
        return failed.isRollingBack()
                ? Optional.of(Messages.AwaitedSync_rollingBack())
                : Optional.ofNullable(verification)
                        .map(VerificationWait::summary)
                        .or(() -> Optional.ofNullable(watch).map(AwaitSyncWatch::summary));
    }
}
