package io.jenkins.plugins.gitops.steps.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.promotion.Locking;
import io.jenkins.plugins.gitops.security.Starters;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.UUID;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Locks once: id and time are made when the step starts. Any job that may write the applications may lock them, since a
 * lock only stops.
 */
class LockExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;

    private final LockStep step;
    private final String id = UUID.randomUUID().toString();
    private final long beganMillis;

    LockExecution(@NonNull StepContext context, @NonNull LockStep step) {
        super(context);
        this.step = step;
        this.beganMillis = services().clock().millis();
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        Provenance provenance = provenance();
        Instant now = Instant.ofEpochMilli(beganMillis);
        String run = Optional.ofNullable(provenance.run()).orElse("");
        Lock lock = new Lock(
                id,
                step.application(),
                step.environment(),
                Starters.of(run()).stream().findFirst().orElse(run),
                now,
                step.end(now).orElse(null),
                step.reason(),
                step.isIncludingRollbacks() ? Lock.Scope.PROMOTIONS_AND_ROLLBACKS : Lock.Scope.PROMOTIONS,
                run);
        new Locking(opened.repository(), opened.branch(), opened.author()).set(lock, provenance, progress());
        services().gates().lookAgain();
        String end = lock.end().map(Durations::time).orElse("");
        progress().say("Locked " + lock.place() + (end.isEmpty() ? "." : " until " + end + "."));
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("lock", id);
        if (!end.isEmpty()) {
            map.put("until", end);
        }
        succeed(map);
    }

    @Override
    @NonNull
    public String getStatus() {
        return Messages.LockExecution_status(step.place());
    }
}
