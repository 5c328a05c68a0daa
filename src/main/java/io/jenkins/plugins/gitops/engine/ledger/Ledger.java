package io.jenkins.plugins.gitops.engine.ledger;

import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.InfrastructureChange.Outcome;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The deployment history of a config repository; a value that two clones of the repository give equally. Queries return
 * newest first.
 *
 * @param deployments newest first
 * @param lifted commits of rollbacks whose hold somebody lifted
 * @param unread commits that are too large to be read, so that nothing is known of what they deploy
 * @param infrastructure what became of plans of Terraform, newest first
 */
public record Ledger(
        List<Deployment> deployments,
        Set<String> lifted,
        List<String> unread,
        List<InfrastructureChange> infrastructure) {

    private static final int MOST_NAMED = 3;

    public Ledger {
        deployments = List.copyOf(deployments);
        lifted = Set.copyOf(lifted);
        unread = List.copyOf(unread);
        infrastructure = List.copyOf(infrastructure);
    }

    /** A sentence about what is left out of the history; empty when nothing is. */
    public Optional<String> omission() {
        if (unread.isEmpty()) {
            return Optional.empty();
        }
        String named =
                unread.stream().limit(MOST_NAMED).map(CommitInfo::abbreviate).collect(Collectors.joining(", "));
        String more = unread.size() > MOST_NAMED ? " and " + (unread.size() - MOST_NAMED) + " more" : "";
        return Optional.of("The history leaves out " + named + more + ": commits of more than "
                + (CommitInfo.LARGEST >> 10) + " KiB are not read; deploy again with a smaller commit.");
    }

    public List<Deployment> of(String application, String environment) {
        return deployments.stream()
                .filter(deployment -> deployment.application().equals(application)
                        && deployment.environment().equals(environment))
                .toList();
    }

    /** What became of plans of Terraform in a target. */
    public List<InfrastructureChange> infrastructure(String application, String environment) {
        return infrastructure.stream()
                .filter(change -> change.application().equals(application)
                        && change.environment().equals(environment))
                .toList();
    }

    /** Where what is there differs from the configuration: what a plan said of it first, and last; empty where it does not. */
    public Optional<Drift> drift(String application, String environment) {
        List<InfrastructureChange> drifted = infrastructure(application, environment).stream()
                .takeWhile(change -> change.outcome() == Outcome.DRIFTED || change.outcome() == Outcome.FAILED)
                .filter(change -> change.outcome() == Outcome.DRIFTED)
                .toList();
        return drifted.isEmpty()
                ? Optional.empty()
                : Optional.of(new Drift(drifted.get(drifted.size() - 1).at(), drifted.get(0)));
    }

    /** @param since when it was found first */
    public record Drift(Instant since, InfrastructureChange last) {}

    /** What the target was told to run last. */
    public Optional<Deployment> current(String application, String environment) {
        return of(application, environment).stream().findFirst();
    }

    /** The newest earlier deployment that was healthy, was not taken back, and ran something else than the target now. */
    public Optional<Deployment> previousHealthy(String application, String environment) {
        List<Deployment> all = of(application, environment);
        return all.stream()
                .skip(1)
                .filter(Deployment::isGood)
                .filter(deployment -> !deployment.images().equals(all.get(0).images()))
                .filter(deployment -> all.stream()
                        .noneMatch(other ->
                                other.rolledBackBy() != null && other.images().equals(deployment.images())))
                .findFirst();
    }

    /**
     * What a rollback to an earlier deployment passes over, newest first: other releases that nobody saw healthy, and that
     * nobody took back.
     */
    public List<Deployment> passedOver(Deployment back) {
        List<Deployment> all = of(back.application(), back.environment());
        return all.stream()
                .skip(1)
                .takeWhile(deployment -> !deployment.commit().equals(back.commit()))
                .filter(deployment -> !deployment.outcome().isHealthy() && deployment.rolledBackBy() == null)
                .filter(deployment -> !deployment.images().equals(back.images())
                        && !deployment.images().equals(all.get(0).images()))
                .toList();
    }

    /** Those committed in a period: {@code from} inclusive, {@code to} exclusive. */
    public List<Deployment> between(String application, String environment, Instant from, Instant to) {
        return of(application, environment).stream()
                .filter(deployment -> deployment.isCommittedBetween(from, to))
                .toList();
    }

    /** The hold that keeps a release from a target, if there is one: it was taken back there, or is older than one that was. */
    public Optional<Hold> hold(String application, String environment, Map<String, Version> release) {
        List<Hold> holds = holds(application, environment).toList();
        if (holds.isEmpty()) {
            return Optional.empty();
        }
        return holds.stream()
                .filter(hold -> isHeld(application, hold.release(), release))
                .findFirst();
    }

    /** Of two releases that differ in what they carry alone the one that was deployed later is newer. */
    private boolean isHeld(String application, Map<String, Version> held, Map<String, Version> release) {
        if (held.equals(release)) {
            return true;
        }
        Map<String, Version> heldImages = Release.withoutCarried(held);
        Map<String, Version> images = Release.withoutCarried(release);
        boolean differsInCarried = heldImages.equals(images);
        if (differsInCarried && !(held.containsKey(Carries.NAME) && release.containsKey(Carries.NAME))) {
            return true;
        }
        Map<Map<String, Version>, Instant> first =
                differsInCarried ? firstSeen(application) : imagesFirstSeen(application);
        return isNoNewer(
                Optional.ofNullable(first.get(differsInCarried ? release : images)),
                Optional.ofNullable(first.get(differsInCarried ? held : heldImages)));
    }

    /** Holds of a target that nobody lifted. */
    public Stream<Hold> holds(String application, String environment) {
        List<Deployment> all = of(application, environment);
        return all.stream()
                .filter(deployment -> deployment.kind() == Deployment.Kind.ROLLBACK)
                .filter(rollback -> !lifted.contains(rollback.commit()))
                .filter(rollback -> !rollback.trailers().values(Trailers.HOLD).contains("none"))
                .flatMap(rollback -> all.stream()
                        .filter(other -> rollback.commit().equals(other.rolledBackBy()))
                        .findFirst()
                        .map(taken -> new Hold(
                                application + "/" + environment,
                                rollback.commit(),
                                taken.images(),
                                rollback.committedAt(),
                                rollback.who().get(0),
                                rollback.trailers().value(Trailers.REASON).orElse("")))
                        .stream());
    }

    /** Releases are as old as their first deployment anywhere; one that was never deployed is newer than all. */
    private static boolean isNoNewer(Optional<Instant> first, Optional<Instant> than) {
        return first.isPresent() && than.isPresent() && !first.get().isAfter(than.get());
    }

    /** When each release of an application was first deployed anywhere, whatever it carried. */
    Map<Map<String, Version>, Instant> imagesFirstSeen(String application) {
        Map<Map<String, Version>, Instant> first = new HashMap<>();
        firstSeen(application)
                .forEach((release, at) -> first.merge(
                        Release.withoutCarried(release), at, (one, other) -> one.isBefore(other) ? one : other));
        return first;
    }

    /** When each release of an application was first deployed anywhere. */
    Map<Map<String, Version>, Instant> firstSeen(String application) {
        Map<Map<String, Version>, Instant> first = new HashMap<>();
        deployments.stream()
                .filter(deployment -> deployment.application().equals(application)
                        && deployment.signature().isTrusted())
                .forEach(deployment -> first.merge(
                        deployment.images(),
                        deployment.committedAt(),
                        (one, other) -> one.isBefore(other) ? one : other));
        return first;
    }
}
