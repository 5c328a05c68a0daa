package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.Engines;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.promotion.Hold;
import io.jenkins.plugins.gitops.engine.promotion.Ledger;
import io.jenkins.plugins.gitops.engine.promotion.LedgerReader;
import io.jenkins.plugins.gitops.engine.promotion.Person;
import io.jenkins.plugins.gitops.engine.promotion.RecoveryTime;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.engine.promotion.RollbackRefusedException;
import io.jenkins.plugins.gitops.engine.promotion.RollbackRequest;
import io.jenkins.plugins.gitops.engine.promotion.RollbackTo;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Plans each environment's rollback and recovers. The ids of the commits and the moment of the decision are made once: a
 * restart neither rolls back twice nor starts the clock again.
 */
class RollbackExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;

    private static final String DEFAULT_TIMEOUT = "10m";

    private final RollbackStep step;
    private final String id = UUID.randomUUID().toString();
    private final long decidedMillis;

    private transient volatile Recovery recovery;

    RollbackExecution(@NonNull StepContext context, @NonNull RollbackStep step) {
        super(context);
        this.step = step;
        this.decidedMillis = Engines.get().clock().millis();
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = step.choice().open(run());
        if (step.getLift() != null) {
            lift(opened, step.getLift());
            return;
        }
        Rollback rollback = new Rollback(opened.repository(), Engines.get().manifests());
        List<Rollback.Plan> plans = new ArrayList<>();
        for (String environment : step.targets()) {
            plans.add(rollback.plan(request(opened, environment), progress()));
        }
        worksOn(step.choice(), step.getApplication());
        Recovery begun = new Recovery(this, opened, deadline(), new End());
        recovery = begun;
        begun.begin(plans);
    }

    /** Ends the step with what the rollbacks came to. */
    private final class End implements Recovery.Ended {

        @Override
        public void recovered(@NonNull List<Recovery.Recovered> all) {
            LinkedHashMap<String, Object> done = new LinkedHashMap<>();
            all.forEach(one -> done.put(one.plan().request().environment(), summary(one)));
            finish(done);
        }

        @Override
        public void late(@NonNull List<Recovery.Recovered> some, @NonNull String sentence) {
            fail(new RollbackRefusedException(sentence));
        }
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

    private static LinkedHashMap<String, Object> summary(Recovery.Recovered one) {
        LinkedHashMap<String, Object> map =
                BumpSummary.map(one.result(), one.time().map(RecoveryTime::took).orElse(Duration.ZERO));
        map.put("rollsBack", one.plan().bad());
        map.put("rollbackTo", one.plan().good());
        one.time().ifPresent(taken -> {
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

    private Instant decidedAt() {
        return Instant.ofEpochMilli(decidedMillis);
    }

    private Instant deadline() {
        return decidedAt()
                .plus(Durations.parse(Optional.ofNullable(step.getTimeout()).orElse(DEFAULT_TIMEOUT)));
    }

    @Override
    protected void released() {
        Recovery begun = recovery;
        if (begun != null) {
            begun.cancel();
        }
    }

    @Override
    @NonNull
    public String getStatus() {
        return Messages.RollbackExecution_status(step.getApplication(), String.join(", ", step.targets()));
    }
}
