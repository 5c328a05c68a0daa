package io.jenkins.plugins.gitops.steps.rollback;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.InfrastructureRollback;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GatedStepExecution;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import io.jenkins.plugins.gitops.steps.support.sync.Recovery;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Plans each environment's rollback and recovers; what is no recovery waits at the environment's gate first. The ids of the
 * commits, the moment of the decision and what was seen
 * then are kept: a restart neither rolls back twice, nor starts the clock again, nor takes back what came later.
 */
class RollbackExecution extends GatedStepExecution {

    private static final long serialVersionUID = 3L;

    private final RollbackStep step;
    private final Duration timeout;
    private final long startedMillis;

    /** When it was decided: at the start, or by the gate. */
    private volatile long decidedMillis;

    /** By environment, the commit that its rollback was planned against first: what came later is not taken back. */
    private volatile LinkedHashMap<String, String> seenAt = new LinkedHashMap<>();

    private transient volatile Recovery recovery;

    /** @param timeout how long the earlier release may take to be healthy */
    RollbackExecution(@NonNull StepContext context, @NonNull RollbackStep step, @NonNull Duration timeout) {
        super(context, OnRejected.ABORT);
        this.step = step;
        this.timeout = timeout;
        this.startedMillis = services().clock().millis();
        this.decidedMillis = startedMillis;
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        Optional<Gate> kept = kept();
        if (kept.isPresent()) {
            Gate gate = kept.get();
            resumeAt(gate, questions(opened, (GateSubject.Promotion) gate.subject()));
            return;
        }
        if (isInfrastructure(opened)) {
            revert(opened);
            return;
        }
        List<Rollback.Plan> plans = new ArrayList<>();
        for (String environment : step.environments()) {
            plans.add(services().rollback(opened).plan(request(opened, environment), progress()));
        }
        if (seenAt.isEmpty()) {
            LinkedHashMap<String, String> tips = new LinkedHashMap<>();
            plans.forEach(plan -> tips.put(plan.request().environment(), plan.tip()));
            seenAt = tips;
            remember();
        }
        worksOn(step.choice(), step.application());
        Optional<Rollback.Plan> gated =
                plans.stream().filter(Rollback.Plan::waitsAtGate).findFirst();
        if (gated.isEmpty()) {
            recover(opened, begun -> begun.begin(plans));
        } else if (plans.size() > 1) {
            throw new RefusedException(
                    gated.get().target() + " can be rolled back only through its gate: use a separate step for it.");
        } else {
            GateDefinition definition =
                    gated.get().target().environment().gate().orElseThrow();
            GateSubject.Promotion subject = services().rollback(opened).subject(gated.get(), opened.url(), progress());
            waitAt(subject, definition, questions(opened, subject));
        }
    }

    @Override
    protected void abandonUnknown(@NonNull String reason) throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        for (String environment : step.environments()) {
            opened.abandon(
                    step.application(),
                    List.of(environment),
                    request(opened, environment).id(),
                    reason);
        }
    }

    /** Where there is infrastructure alone, the next plan is what waits at the gate. */
    private boolean isInfrastructure(OpenedRepository opened) throws Exception {
        Application application = Declarations.read(
                        opened.repository().tip(opened.branch(), progress()), opened.branch())
                .application(step.application());
        long alone = step.environments().stream()
                .filter(name -> application.environment(name).isInfrastructure())
                .count();
        if (alone > 0 && alone < step.environments().size()) {
            throw new RefusedException(
                    "Environments with infrastructure alone are rolled back in a step of their own.");
        }
        return alone > 0;
    }

    private void revert(OpenedRepository opened) throws Exception {
        worksOn(step.choice(), step.application());
        LinkedHashMap<String, Object> done = new LinkedHashMap<>();
        for (String environment : step.environments()) {
            InfrastructureRollback.Reverted reverted =
                    services().infrastructureRollback(opened).run(request(opened, environment), progress());
            LinkedHashMap<String, Object> map = new LinkedHashMap<>();
            map.put("commit", reverted.outcome().commit());
            map.put("branch", reverted.branch());
            map.put("changed", !reverted.isUnchanged());
            map.put("application", step.application());
            map.put("environment", environment);
            map.put("files", new ArrayList<>(reverted.files()));
            map.put("rollsBack", reverted.bad());
            map.put("rollbackTo", reverted.good());
            done.put(environment, map);
        }
        finish(done);
    }

    @Override
    public void granted(@NonNull LiveGate granted) throws Exception {
        Gate gate = granted.gate();
        // How long it takes counts from here: people had to decide first.
        decidedMillis = gate.granted().map(GateEvent.Granted::at).orElseThrow().toEpochMilli();
        OpenedRepository opened = step.open(run(), environment());
        Rollback rollback = services().rollback(opened);
        AtomicReference<Rollback.Plan> plan = new AtomicReference<>();
        Optional<BumpResult> result = commit(granted, () -> {
            plan.set(rollback.plan(request(opened, step.environments().get(0)), progress())
                    .grantedBy(gate));
            return rollback.commit(plan.get(), progress());
        });
        if (result.isPresent()) {
            recover(opened, begun -> begun.begin(plan.get(), result.get()));
        }
    }

    /** What was not committed when Jenkins stopped is checked again first: meanwhile a freeze may have begun. */
    @Override
    protected void grantedBefore(@NonNull LiveGate granted) throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        if (granted.gate().commit().isPresent()
                || services()
                        .rollback(opened)
                        .isCommitted(request(opened, step.environments().get(0)), progress())) {
            pass(granted);
        } else {
            opened.takeBack((GateSubject.Promotion) granted.gate().subject());
            granted.reopen("Jenkins restarted before the rollback was committed; its requirements are checked again");
        }
    }

    @Override
    @NonNull
    protected Serializable refused(@NonNull Gate ended) throws Exception {
        return StepResults.gate(ended, gateUrl());
    }

    /** How a recovery begins. */
    private interface Begin {
        void on(Recovery begun) throws Exception;
    }

    private void recover(OpenedRepository opened, Begin how) throws Exception {
        Recovery begun = new Recovery(this, opened, deadline(), this::ended);
        recovery = begun;
        how.on(begun);
        if (hasEnded()) {
            begun.cancel();
        }
    }

    private GateQuestions questions(OpenedRepository opened, GateSubject.Promotion subject) throws Exception {
        return services()
                .gateRequirements(
                        opened, services().liveness(run(), opened), services().verification(run()))
                .of(subject);
    }

    private void ended(List<Recovery.Recovered> recovered, List<String> sentences) {
        if (sentences.isEmpty()) {
            LinkedHashMap<String, Object> done = new LinkedHashMap<>();
            recovered.forEach(one -> done.put(one.plan().request().environment(), summary(one)));
            finish(done);
        } else {
            fail(new RefusedException(String.join(" ", sentences)));
        }
    }

    private Rollback.Request request(OpenedRepository opened, String environment) throws Exception {
        return new Rollback.Request(
                step.environments().size() == 1 ? gateId() : gateId() + "-" + environment,
                opened.branch(),
                step.application(),
                environment,
                step.to(),
                Optional.ofNullable(seenAt.get(environment)),
                Optional.ofNullable(step.getReason()).orElse(""),
                decidedAt(),
                provenance(),
                opened.author());
    }

    private static LinkedHashMap<String, Object> summary(Recovery.Recovered one) {
        LinkedHashMap<String, Object> map = StepResults.bump(
                one.result(), one.time().map(RecoveryTime::took).orElse(Duration.ZERO));
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

    private Instant decidedAt() {
        return Instant.ofEpochMilli(decidedMillis);
    }

    private Instant deadline() {
        return decidedAt().plus(timeout);
    }

    @Override
    protected void released() {
        Recovery begun = recovery;
        if (begun == null) {
            super.released();
        } else {
            begun.cancel();
        }
    }

    @Override
    @NonNull
    public String getStatus() {
        return isAtGate() || delivering().isPresent()
                ? super.getStatus()
                : Messages.RollbackExecution_status(step.application(), String.join(", ", step.environments()));
    }
}
