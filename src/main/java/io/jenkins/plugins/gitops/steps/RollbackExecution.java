package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import io.jenkins.plugins.gitops.config.Engines;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.Deployment;
import io.jenkins.plugins.gitops.engine.promotion.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.promotion.Hold;
import io.jenkins.plugins.gitops.engine.promotion.Ledger;
import io.jenkins.plugins.gitops.engine.promotion.LedgerReader;
import io.jenkins.plugins.gitops.engine.promotion.Liveness;
import io.jenkins.plugins.gitops.engine.promotion.Person;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.Provenance;
import io.jenkins.plugins.gitops.engine.promotion.RecoveryTime;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.engine.promotion.RollbackRefusedException;
import io.jenkins.plugins.gitops.engine.promotion.RollbackRequest;
import io.jenkins.plugins.gitops.engine.promotion.RollbackTo;
import io.jenkins.plugins.gitops.gate.Notifications;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Commits each environment's rollback, then looks until all are healthy or the time is up. The ids of the commits and
 * the moment of the decision are made once: a restart neither rolls back twice nor starts the clock again.
 */
class RollbackExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;

    private static final String DEFAULT_TIMEOUT = "10m";
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final RollbackStep step;
    private final String id = UUID.randomUUID().toString();
    private final long decidedMillis;

    private transient volatile Future<?> timer;

    RollbackExecution(@NonNull StepContext context, @NonNull RollbackStep step) {
        super(context);
        this.step = step;
        this.decidedMillis = Engines.get().clock().millis();
    }

    /** A rollback that is committed and not yet known to be healthy. */
    private record Pending(Rollback.Plan plan, BumpResult result) {}

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = step.choice().open(run());
        if (step.getLift() != null) {
            lift(opened, step.getLift());
            return;
        }
        Progress progress = progress();
        Rollback rollback = new Rollback(opened.repository(), Engines.get().manifests());
        List<Rollback.Plan> plans = new ArrayList<>();
        for (String environment : step.targets()) {
            plans.add(rollback.plan(request(opened, environment), progress));
        }
        List<Pending> pending = new ArrayList<>();
        for (Rollback.Plan plan : plans) {
            BumpResult result = rollback.commit(plan, progress);
            pending.add(new Pending(plan, result));
            if (result.outcome() == BumpResult.Outcome.COMMITTED) {
                Notifications.publish(event(plan, result));
            }
        }
        look(opened, pending, new LinkedHashMap<>());
    }

    private static PromotionEvent event(Rollback.Plan plan, BumpResult result) {
        RollbackRequest request = plan.request();
        return new PromotionEvent(
                PromotionEvent.Kind.ROLLED_BACK,
                Engines.get().clock().instant(),
                request.application(),
                request.environment(),
                plan.release(),
                plan.target() + ": rolled back to the release of " + Declarations.shorten(plan.good())
                        + (request.reason().isEmpty() ? "" : ": " + request.reason()),
                result.commit(),
                request.provenance().run());
    }

    private RollbackRequest request(OpenedRepository opened, String environment) throws Exception {
        return new RollbackRequest(
                id + "-" + environment,
                opened.branch(),
                step.getApplication(),
                environment,
                to(),
                Optional.ofNullable(step.getReason()).orElse(""),
                decidedAt(),
                provenance(),
                opened.author());
    }

    private RollbackTo to() {
        String commit = step.getCommit();
        String run = step.getRun();
        String before = step.getBefore();
        if (commit != null) {
            return new RollbackTo.Commit(commit);
        } else if (run != null) {
            return new RollbackTo.Run(run);
        } else if (before == null) {
            return new RollbackTo.PreviousHealthy();
        }
        try {
            return new RollbackTo.Before(Instant.parse(before));
        } catch (DateTimeParseException e) {
            throw new StepParameterException("gitopsRollback was given before: '" + before
                    + "', which is no point in time: write it like 2026-03-01T12:00:00Z.");
        }
    }

    /** Looks once at every rollback that is still under way; comes back a second later, or ends. */
    private void look(OpenedRepository opened, List<Pending> pending, LinkedHashMap<String, Object> done)
            throws Exception {
        Liveness liveness = Engines.get().liveness(run(), opened);
        List<Pending> waiting = new ArrayList<>();
        String why = "";
        for (Pending one : pending) {
            Liveness.State state = observe(liveness, one);
            if (state instanceof Liveness.State.Unwatched) {
                done.put(one.plan().request().environment(), summary(one, Optional.empty()));
            } else if (state instanceof Liveness.State.Healthy healthy
                    && (healthy.commit().equals(one.result().commit())
                            || opened.repository()
                                    .isAncestor(
                                            one.plan().branch(),
                                            one.result().commit(),
                                            healthy.commit(),
                                            Progress.SILENT))) {
                done.put(one.plan().request().environment(), recovered(opened, one));
            } else {
                waiting.add(one);
                why = state instanceof Liveness.State.NotHealthy not ? not.reason() : "another commit runs there";
            }
        }
        if (waiting.isEmpty()) {
            finish(done);
        } else if (Engines.get().clock().instant().isAfter(deadline())) {
            throw new RollbackRefusedException("The rollback of "
                    + waiting.get(0).plan().target() + " is committed ("
                    + Declarations.shorten(waiting.get(0).result().commit()) + ") but was not healthy in time (" + why
                    + "): look at the Application in Argo CD.");
        } else if (!hasEnded()) {
            timer = Engines.get()
                    .scheduler()
                    .schedule(
                            () -> submit(() -> look(opened, waiting, done)), LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Argo CD that cannot be asked now is asked again until the time is up. */
    private static Liveness.State observe(Liveness liveness, Pending one) {
        try {
            return liveness.refreshed(one.plan().target(), one.plan().request().decidedAt());
        } catch (GitOpsException notNow) {
            return new Liveness.State.NotHealthy(notNow.getMessage());
        }
    }

    private LinkedHashMap<String, Object> recovered(OpenedRepository opened, Pending one) throws Exception {
        Instant now = Engines.get().clock().instant();
        RecoveryTime time = RecoveryTime.between(one.plan(), now);
        progress().say(time + ".");
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
            progress().say("The ledger could not note that: " + notNoted.getMessage());
        }
        return summary(one, Optional.of(time));
    }

    private static LinkedHashMap<String, Object> summary(Pending one, Optional<RecoveryTime> time) {
        LinkedHashMap<String, Object> map =
                BumpSummary.map(one.result(), time.map(RecoveryTime::took).orElse(Duration.ZERO));
        map.put("rollsBack", one.plan().bad());
        map.put("rollbackTo", one.plan().good());
        time.ifPresent(taken -> {
            map.put("objectiveMillis", taken.objective().toMillis());
            map.put("objectiveBreached", taken.isBreached());
        });
        return map;
    }

    private void finish(LinkedHashMap<String, Object> done) {
        if (done.size() == 1) {
            @SuppressWarnings("unchecked")
            LinkedHashMap<String, Object> only =
                    (LinkedHashMap<String, Object>) done.values().iterator().next();
            succeed(only);
        } else {
            succeed(done);
        }
    }

    private void lift(OpenedRepository opened, String reason) throws Exception {
        Progress progress = progress();
        Ledger ledger = new LedgerReader(opened.repository(), opened.branch())
                .read(Declarations.read(opened.repository().tip(opened.branch(), progress)), progress);
        DeploymentNotes notes = new DeploymentNotes(opened.repository(), opened.author());
        ArrayList<String> lifted = new ArrayList<>();
        String startedBy = Optional.ofNullable(provenance().startedBy()).orElse("a run");
        for (String environment : step.targets()) {
            List<Hold> holds = ledger.holds(step.getApplication(), environment).toList();
            if (holds.isEmpty()) {
                throw new RollbackRefusedException("Nothing is held in " + step.getApplication() + "/" + environment
                        + ": there is no hold to lift.");
            }
            for (Hold hold : holds) {
                notes.lift(hold, new Person.Signature(startedBy, startedBy), reason, progress);
                progress.say("Lifted: " + hold.target() + " was " + hold);
                lifted.add(hold.rollback());
            }
        }
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("lifted", lifted);
        succeed(map);
    }

    private Provenance provenance() throws Exception {
        return RunProvenance.of(run(), getContext().get(EnvVars.class));
    }

    private Instant decidedAt() {
        return Instant.ofEpochMilli(decidedMillis);
    }

    private Instant deadline() {
        return decidedAt()
                .plus(Durations.parse(Optional.ofNullable(step.getTimeout()).orElse(DEFAULT_TIMEOUT)));
    }

    @Override
    protected void released() {
        Future<?> due = timer;
        if (due != null) {
            due.cancel(false);
        }
    }

    @Override
    @NonNull
    public String getStatus() {
        return Messages.RollbackExecution_status(step.getApplication(), String.join(", ", step.targets()));
    }
}
