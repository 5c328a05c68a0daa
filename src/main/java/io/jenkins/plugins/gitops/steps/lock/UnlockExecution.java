package io.jenkins.plugins.gitops.steps.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.promotion.Locking;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import io.jenkins.plugins.gitops.security.Starters;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Unlocks once. The author of a Jenkinsfile cannot lift another person's lock: every user who started the run needs the
 * permission GitOps/Lock, and a run that no user started can only lift locks that such a run of its job has set.
 */
class UnlockExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;

    private final UnlockStep step;
    private final String id = UUID.randomUUID().toString();
    private final long beganMillis;

    /** Ids of the locks to lift; empty before they are known. */
    private volatile ArrayList<String> lifting = new ArrayList<>();

    UnlockExecution(@NonNull StepContext context, @NonNull UnlockStep step) {
        super(context);
        this.step = step;
        this.beganMillis = services().clock().millis();
    }

    @Override
    protected void proceed() throws Exception {
        OpenedRepository opened = step.open(run(), environment());
        Locking locking = new Locking(opened.repository(), opened.branch(), opened.author());
        Progress progress = progress();
        Instant now = Instant.ofEpochMilli(beganMillis);
        String run = Optional.ofNullable(provenance().run()).orElse("");
        List<Lock> locks = lifting.isEmpty()
                ? locking.of(step.application(), step.environment(), now, progress)
                : locking.withIds(lifting, now, progress);
        requireMayLift(locks, run);
        lifting = new ArrayList<>(locks.stream().map(Lock::id).toList());
        remember();
        String by = Starters.of(run()).stream().findFirst().orElse(run);
        locking.lift(locks, new RepositoryLocks.Lifting(id, by, now, step.reason(), run), progress);
        services().gates().lookAgain();
        locks.forEach(lock -> progress.say("Unlocked " + lock.place() + ", which was " + lock.clause()));
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("lifted", lifting);
        succeed(map);
    }

    private void requireMayLift(List<Lock> locks, String run) throws Exception {
        String job = job(run);
        boolean isOwn = locks.stream()
                .allMatch(lock -> lock.by().equals(lock.run()) && job(lock.by()).equals(job));
        if (!isOwn && !Starters.have(GitOpsPermissions.LOCK, run())) {
            throw new RefusedException("This run may not unlock " + step.place()
                    + ", which its job has not locked: start it by hand as a user with the permission GitOps/Lock on"
                    + " the job, or unlock on the page Deployments.");
        }
    }

    /** The address, or the name, of a run without its number. */
    private static String job(String run) {
        return run.replaceFirst("[/#]?\\d+/?$", "");
    }

    @Override
    @NonNull
    public String getStatus() {
        return Messages.UnlockExecution_status(step.place());
    }
}
