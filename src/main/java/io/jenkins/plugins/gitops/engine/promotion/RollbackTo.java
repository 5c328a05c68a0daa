package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.InfrastructureChange;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Where a rollback goes back to: finds the earlier deployment or, where there is infrastructure alone, what an earlier plan was made of. */
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
        return (target, ledger) -> target.environment().isInfrastructure()
                ? applied(
                        target,
                        ledger,
                        change -> true,
                        "No earlier plan of " + target
                                + " is known to be applied: name a commit to go back to (gitopsRollback commit: '…').")
                : ledger.previousHealthy(
                                target.application().name(),
                                target.environment().name())
                        .map(Deployment::commit)
                        .orElseThrow(() -> new RefusedException("No earlier healthy release of " + target
                                + " is known: name a commit to go back to (gitopsRollback commit: '…'), or choose one"
                                + " in the history on the page Deployments."));
    }

    /** The release in the files at a commit of the config repository; full or unique abbreviated id. */
    static RollbackTo commit(String id) {
        return (target, ledger) -> id;
    }

    /** What a run deployed last into the target: its address, or its number. */
    static RollbackTo run(String run) {
        return (target, ledger) -> {
            String refusal = "No deployment of " + target + " came from the run '" + run
                    + "': name a commit, or a run that the deployment history shows.";
            Predicate<Trailers> isWanted = trailers -> trailers.value(Trailers.RUN)
                    .filter(address -> isRun(address, run))
                    .isPresent();
            return target.environment().isInfrastructure()
                    ? applied(target, ledger, change -> isWanted.test(change.trailers()), refusal)
                    : newest(target, ledger, deployment -> isWanted.test(deployment.trailers()), refusal);
        };
    }

    /** The healthy release that was deployed last before an instant. */
    static RollbackTo before(Instant instant) {
        return (target, ledger) -> target.environment().isInfrastructure()
                ? applied(
                        target,
                        ledger,
                        change -> change.at().isBefore(instant),
                        "No plan of " + target + " is known to be applied before " + Durations.time(instant)
                                + ": name a commit to go back to.")
                : newest(
                        target,
                        ledger,
                        deployment -> deployment.committedAt().isBefore(instant) && deployment.isGood(),
                        "No healthy deployment of " + target + " is known before " + Durations.time(instant)
                                + ": name a commit to go back to.");
    }

    /** What an earlier plan was made of that nobody took back, and that is not what is there: a rollback is what it went back to. */
    private static String applied(
            Target target, Ledger ledger, Predicate<InfrastructureChange> wanted, String refusal) {
        String application = target.application().name();
        String environment = target.environment().name();
        List<InfrastructureChange> plans = ledger.infrastructure(application, environment).stream()
                .filter(change -> change.outcome().isApply())
                .toList();
        Optional<String> current = plans.stream().findFirst().flatMap(InfrastructureChange::sourceCommit);
        Set<String> left = new HashSet<>(current.stream().toList());
        for (Deployment rollback : ledger.of(application, environment)) {
            left.addAll(rollback.trailers().values(Trailers.ROLLS_BACK));
            if (current.equals(Optional.of(rollback.commit()))) {
                left.addAll(rollback.trailers().values(Trailers.ROLLBACK_TO));
            }
        }
        return plans.stream()
                .filter(change -> change.outcome() == InfrastructureChange.Outcome.APPLIED)
                .filter(wanted)
                .flatMap(change -> change.sourceCommit().stream())
                .filter(commit -> !left.contains(commit))
                .findFirst()
                .orElseThrow(() -> new RefusedException(refusal));
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
