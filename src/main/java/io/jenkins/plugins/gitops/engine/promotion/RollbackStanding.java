package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.RollbackPolicy;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the deployment history says of a release that a target is to go back to, and what follows: recovery with the last
 * healthy release does not wait; anything else is the gate's to decide, and without a gate must have been healthy there.
 *
 * @param held the hold of exactly this release, or null
 */
record RollbackStanding(Known known, @Nullable Hold held) {

    /** What comes back at once, unless the environment's gate wants to be asked. */
    static final RollbackStanding RECOVERY = new RollbackStanding(Known.LAST_HEALTHY, null);

    /** How well it is known in the target. */
    enum Known {
        /** It is the newest release before the present one that was healthy and was not taken back. */
        LAST_HEALTHY,
        /** It was live and healthy there at some time. */
        ONCE_HEALTHY,
        /** Nobody has seen it live and healthy there. */
        UNSEEN
    }

    /**
     * @param commit that the release is read from
     * @param release in the files at that commit
     * @param running what the target runs now
     */
    static RollbackStanding of(
            Ledger ledger, Target target, String commit, Map<String, Version> release, Map<String, Version> running) {
        String application = target.application().name();
        String environment = target.environment().name();
        Hold held = ledger.holds(application, environment)
                .filter(hold -> release.entrySet().containsAll(hold.release().entrySet()))
                .findFirst()
                .orElse(null);
        boolean isLast = ledger.previousHealthy(application, environment)
                .filter(last -> last.commit().equals(commit) || isSame(last.images(), release, running))
                .isPresent();
        if (isLast) {
            return new RollbackStanding(Known.LAST_HEALTHY, held);
        }
        List<Deployment> all = ledger.of(application, environment);
        boolean isSeen = all.stream()
                .filter(deployment -> deployment.outcome().isHealthy())
                .anyMatch(deployment ->
                        deployment.commit().equals(commit) || isSame(deployment.images(), release, running));
        return new RollbackStanding(isSeen ? Known.ONCE_HEALTHY : Known.UNSEEN, held);
    }

    /**
     * Whether the release is that deployment's. The history knows only images that were deployed through it: those that it
     * does not know must be the ones that run now.
     */
    private static boolean isSame(
            Map<String, Version> deployed, Map<String, Version> release, Map<String, Version> running) {
        return release.entrySet().stream()
                .allMatch(image -> Objects.equals(
                        deployed.getOrDefault(image.getKey(), running.get(image.getKey())), image.getValue()));
    }

    /** Whether the environment has a gate that decides about it. */
    boolean waitsAtGate(Environment environment) {
        return environment.gate().isPresent()
                && (!isRecovery() || environment.rollback().gate() == RollbackPolicy.AtGate.REQUIRED);
    }

    /**
     * For a rollback that nobody let pass.
     *
     * @throws RefusedException if it needs a gate, or there is none and the release was not healthy there, or is held
     */
    void requirePass(Target target) {
        if (waitsAtGate(target.environment())) {
            throw new RefusedException(target + " can return to this release only through its gate, because "
                    + (isRecovery() ? "gitops.yaml declares 'rollback: { gate: required }'" : why())
                    + ": use gitopsRollback for this environment alone, or somebody with the permission GitOps/Override"
                    + " can roll back on the page Deployments.");
        }
        if (known == Known.UNSEEN || held != null) {
            throw new RefusedException(target + " cannot go back to this release, because " + why()
                    + (held == null
                            ? ": choose one that was healthy there, or deploy this one with gitopsPromote."
                            : ": lift the hold with a reason (gitopsRollback lift: '…') first."));
        }
    }

    private boolean isRecovery() {
        return known == Known.LAST_HEALTHY && held == null;
    }

    /** A clause that says why it is no recovery. */
    String why() {
        if (held != null) {
            return "it is " + held;
        }
        return switch (known) {
            case LAST_HEALTHY -> "it is the last healthy release";
            case ONCE_HEALTHY -> "it was healthy there, but is not the last healthy release";
            case UNSEEN -> "it was never seen live and healthy there";
        };
    }
}
