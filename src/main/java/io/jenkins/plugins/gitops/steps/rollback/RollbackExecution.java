package io.jenkins.plugins.gitops.steps.rollback;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.promotion.RefusedException;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import io.jenkins.plugins.gitops.steps.support.sync.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Plans each environment's rollback and recovers. The ids of the commits, the moment of the decision and what was seen
 * then are kept: a restart neither rolls back twice, nor starts the clock again, nor takes back what came later.
 */
class RollbackExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 2L;

    private final RollbackStep step;
    private final Duration timeout;
    private final String id = UUID.randomUUID().toString();
    private final long decidedMillis;

    /** By environment, the commit that its rollback was planned against first: what came later is not taken back. */
    private volatile LinkedHashMap<String, String> seenAt = new LinkedHashMap<>();

    private transient volatile Recovery recovery;

    /** @param timeout how long the earlier release may take to be healthy */
    RollbackExecution(@NonNull StepContext context, @NonNull RollbackStep step, @NonNull Duration timeout) {
        super(context);
        this.step = step;
        this.timeout = timeout;
        this.decidedMillis = services().clock().millis();
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = step.choice().open(run());
        Rollback rollback = new Rollback(
                opened.repository(), services().manifests(), services().ledgers(), services().stops());
        List<Rollback.Plan> plans = new ArrayList<>();
        for (String environment : step.environments()) {
            plans.add(rollback.plan(request(opened, environment), progress()));
        }
        if (seenAt.isEmpty()) {
            LinkedHashMap<String, String> tips = new LinkedHashMap<>();
            plans.forEach(plan -> tips.put(plan.request().environment(), plan.tip()));
            seenAt = tips;
            remember();
        }
        worksOn(step.choice(), step.application());
        Recovery begun = new Recovery(this, opened, deadline(), this::ended);
        recovery = begun;
        begun.begin(plans);
        if (hasEnded()) {
            begun.cancel();
        }
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
                id + "-" + environment,
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
        if (begun != null) {
            begun.cancel();
        }
    }

    @Override
    @NonNull
    public String getStatus() {
        return Messages.RollbackExecution_status(step.application(), String.join(", ", step.environments()));
    }
}
