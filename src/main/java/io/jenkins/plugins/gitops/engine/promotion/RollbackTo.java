package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.time.Instant;
import java.util.function.Predicate;

/** Where a rollback goes back to: finds the earlier deployment. */
@FunctionalInterface
public interface RollbackTo {

    /**
     * The deployment's commit.
     *
     * @throws RefusedException if the ledger knows none
     */
    String find(Target target, Ledger ledger);

    /** The release that was healthy before the one that runs now. */
    static RollbackTo previousHealthy() {
        return (target, ledger) -> ledger.previousHealthy(
                        target.application().name(), target.environment().name())
                .map(Deployment::commit)
                .orElseThrow(() -> new RefusedException("No earlier healthy release of " + target
                        + " is known: name a commit to go back to (gitopsRollback commit: '…'), or choose one in the"
                        + " history on the page Deployments."));
    }

    /** The release in the files at a commit of the config repository; full or unique abbreviated id. */
    static RollbackTo commit(String id) {
        return (target, ledger) -> id;
    }

    /** What a run deployed last into the target: its address, or its number. */
    static RollbackTo run(String run) {
        return (target, ledger) -> newest(
                target,
                ledger,
                deployment -> deployment
                        .trailers()
                        .value(Trailers.RUN)
                        .filter(address -> isRun(address, run))
                        .isPresent(),
                "No deployment of " + target + " came from the run '" + run
                        + "': name a commit, or a run that the deployment history shows.");
    }

    /** The healthy release that was deployed last before an instant. */
    static RollbackTo before(Instant instant) {
        return (target, ledger) -> newest(
                target,
                ledger,
                deployment -> deployment.committedAt().isBefore(instant) && deployment.isGood(),
                "No healthy deployment of " + target + " is known before " + Durations.time(instant)
                        + ": name a commit to go back to.");
    }

    private static String newest(Target target, Ledger ledger, Predicate<Deployment> wanted, String refusal) {
        return ledger.of(target.application().name(), target.environment().name()).stream()
                .filter(wanted)
                .map(Deployment::commit)
                .findFirst()
                .orElseThrow(() -> new RefusedException(refusal));
    }

    /** An address, with or without its last slash, or the number at its end. */
    private static boolean isRun(String address, String wanted) {
        String whole = address.replaceFirst("/$", "");
        String sought = wanted.replaceFirst("/$", "").replaceFirst("^#", "");
        return whole.equals(sought)
                || (sought.matches("\\d+") && (whole.endsWith("/" + sought) || whole.endsWith("#" + sought)));
    }
}
