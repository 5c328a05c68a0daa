package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Result;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.FailureConduct;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.TakenBack;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A step's wait for Argo CD and, if the step says so, the way back when it fails; waits without a thread. What it waits
 * for is found once and kept with the absolute deadline, and so is the failure once there is one: after a restart it
 * waits on, or goes on with the way back, by which no time is lost or won and nothing is committed twice. Listeners may
 * hear of the failure again after a restart, as the same event.
 */
public final class AwaitedSync implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(AwaitedSync.class.getName());

    private final String id = UUID.randomUUID().toString();
    private final Instant began = GitOpsServices.get().clock().instant();
    private final AwaitSyncTerms terms;

    @CheckForNull
    private volatile AwaitSyncPlan plan;

    @CheckForNull
    private volatile SyncFailure failure;

    private transient volatile AwaitSyncWatch watch;
    private transient volatile TakenBack takenBack;

    public AwaitedSync(@NonNull AwaitSyncTerms terms) {
        this.terms = terms;
    }

    /** Finds what to wait for; called once. Blocks. */
    @FunctionalInterface
    public interface Planning {
        @NonNull
        AwaitSyncPlan plan(@NonNull String id, @NonNull Instant deadline) throws Exception;
    }

    /** Hears that the step may go on: all is live, or the time is over and the step does not mind. */
    @FunctionalInterface
    public interface Arrival {
        void arrived(@NonNull AwaitSyncPlan plan, @NonNull SyncStatus status, @NonNull Duration took) throws Exception;
    }

    /** Begins, or goes on after a restart. A failure ends the step. Blocks while it finds out what to wait for. */
    public void proceed(
            @NonNull GitOpsStepExecution step,
            @NonNull Optional<OpenedRepository> repository,
            @NonNull Planning planning,
            @NonNull Arrival arrival)
            throws Exception {
        if (failure != null) {
            fail(step, repository);
            return;
        }
        AwaitSyncPlan known = plan;
        if (known == null) {
            known = planning.plan(id, began.plus(terms.timeout()));
            plan = known;
            step.getContext().saveState();
            AwaitSyncWords.beginning(known, GitOpsServices.get().clock().instant())
                    .forEach(step.progress()::say);
        }
        step.waits();
        AwaitSyncWatch begun = new AwaitSyncWatch(
                known,
                terms.policy(),
                repository,
                step.progress(),
                status -> step.submit(() -> end(step, repository, arrival, status)));
        watch = begun;
        begun.begin();
        if (step.hasEnded()) {
            begun.cancel();
        }
    }

    private void end(
            GitOpsStepExecution step, Optional<OpenedRepository> repository, Arrival arrival, SyncStatus status)
            throws Exception {
        step.goesOn();
        AwaitSyncPlan known = Objects.requireNonNull(plan);
        Instant now = GitOpsServices.get().clock().instant();
        repository.ifPresent(opened -> {
            try {
                new AwaitSyncNotes(opened, step.progress()).note(known, watch.kinds(), now);
            } catch (IOException | InterruptedException gone) {
                LOGGER.log(Level.FINE, "The run is gone", gone);
            }
        });
        for (String line : status.details()) {
            step.progress().say("  " + line);
        }
        SyncFailure bad = SyncFailure.of(known, watch.kinds(), AwaitSyncWords.end(status), now);
        boolean timedOut = status.kind() == Verdict.Kind.TIMED_OUT;
        if (status.kind() == Verdict.Kind.HEALTHY || timedOut && terms.onTimeout() != TimeoutConduct.FAIL) {
            tell(step, bad);
            step.progress().say(AwaitSyncWords.end(status));
            if (timedOut && terms.onTimeout() == TimeoutConduct.UNSTABLE) {
                step.getContext().setResult(Result.UNSTABLE);
            }
            arrival.arrived(known, status, Duration.between(began, now));
            return;
        }
        failure = bad;
        step.remember();
        fail(step, repository);
    }

    private static void tell(GitOpsStepExecution step, SyncFailure bad) throws Exception {
        bad.events(step.provenance().run()).forEach(Notifications::publish);
    }

    /** Tells it, again after a restart: only the step's end, which comes later, shows that it was told. */
    private void fail(GitOpsStepExecution step, Optional<OpenedRepository> repository) throws Exception {
        SyncFailure bad = Objects.requireNonNull(failure);
        tell(step, bad);
        if (terms.onFailure() == FailureConduct.FAIL || bad.legs().isEmpty() || repository.isEmpty()) {
            step.fail(new SyncNotReachedException(bad.sentence()));
            return;
        }
        TakenBack begun = new TakenBack(step, repository.get(), id, bad);
        takenBack = begun;
        begun.begin();
        if (step.hasEnded()) {
            begun.cancel();
        }
    }

    /** Gives up. Does not block. */
    public void cancel() {
        AwaitSyncWatch begun = watch;
        if (begun != null) {
            begun.cancel();
        }
        TakenBack back = takenBack;
        if (back != null) {
            back.cancel();
        }
    }

    /** Where it stands; empty before it has begun. */
    @NonNull
    public Optional<String> summary() {
        return takenBack != null
                ? Optional.of(Messages.AwaitedSync_rollingBack())
                : Optional.ofNullable(watch).map(AwaitSyncWatch::summary);
    }
}
