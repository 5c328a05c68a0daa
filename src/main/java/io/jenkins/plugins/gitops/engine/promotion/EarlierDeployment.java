package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.engine.model.Target;

/** Finds the deployment that a rollback goes back to. */
final class EarlierDeployment {

    private EarlierDeployment() {}

    /**
     * Its commit, as the ledger or the wish names it.
     *
     * @throws RollbackRefusedException if the ledger knows none
     */
    @NonNull
    static String find(@NonNull RollbackTo to, @NonNull Target target, @NonNull Ledger ledger) {
        String application = target.application().name();
        String environment = target.environment().name();
        if (to instanceof RollbackTo.Commit commit) {
            return commit.id();
        } else if (to instanceof RollbackTo.Run run) {
            return ledger.of(application, environment).stream()
                    .filter(deployment -> deployment
                            .trailers()
                            .value(Trailers.RUN)
                            .filter(address -> isRun(address, run.run()))
                            .isPresent())
                    .map(Deployment::commit)
                    .findFirst()
                    .orElseThrow(
                            () -> new RollbackRefusedException("No deployment of " + target + " came from the run '"
                                    + run.run() + "': name a commit, or a run that the deployment history shows."));
        } else if (to instanceof RollbackTo.Before before) {
            return ledger.of(application, environment).stream()
                    .filter(deployment -> deployment.committedAt().isBefore(before.instant()))
                    .filter(Deployment::isGood)
                    .map(Deployment::commit)
                    .findFirst()
                    .orElseThrow(() -> new RollbackRefusedException("No healthy deployment of " + target
                            + " is known before " + Words.time(before.instant())
                            + ": name a commit to go back to."));
        }
        return ledger.previousHealthy(application, environment)
                .map(Deployment::commit)
                .orElseThrow(() -> new RollbackRefusedException("No earlier healthy release of " + target
                        + " is known: name a commit to go back to (gitopsRollback commit: '…'), or choose one in the"
                        + " history on the page Deployments."));
    }

    /** An address, with or without its last slash, or the number at its end. */
    private static boolean isRun(String address, String wanted) {
        String whole = address.replaceFirst("/$", "");
        String sought = wanted.replaceFirst("/$", "").replaceFirst("^#", "");
        return whole.equals(sought)
                || (sought.matches("\\d+") && (whole.endsWith("/" + sought) || whole.endsWith("#" + sought)));
    }
}
