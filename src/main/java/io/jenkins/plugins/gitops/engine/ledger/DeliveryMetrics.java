package io.jenkins.plugins.gitops.engine.ledger;

import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The four figures of delivery for a target and a period, from the ledger alone (docs/ledger.md says how each is
 * counted).
 *
 * @param deployments that were committed in the period, rollbacks left out
 * @param perDay deployments for each day of the period
 * @param leadTime median from a release's first commit in the config repository until it was live in the target; empty
 *     when nothing was seen live
 * @param changeFailureRate share of the deployments that failed or were rolled back, 0 to 1; empty without deployments
 * @param timeToRestore median from the decision to roll back until the earlier release was live; empty without rollbacks
 */
public record DeliveryMetrics(
        int deployments,
        double perDay,
        Optional<Duration> leadTime,
        Optional<Double> changeFailureRate,
        Optional<Duration> timeToRestore) {

    /** @param from inclusive; before {@code to}, which is exclusive */
    public static DeliveryMetrics of(Ledger ledger, String application, String environment, Instant from, Instant to) {
        List<Deployment> all = ledger.between(application, environment, from, to);
        List<Deployment> forward = all.stream()
                .filter(deployment -> deployment.kind() != Deployment.Kind.ROLLBACK)
                .toList();
        Map<Map<String, Version>, Instant> firstSeen = ledger.firstSeen(application);
        Map<Map<String, Version>, Instant> imagesFirstSeen = ledger.imagesFirstSeen(application);
        List<Deployment> history = ledger.of(application, environment);
        double days = Duration.between(from, to).toMillis()
                / (double) Duration.ofDays(1).toMillis();
        return new DeliveryMetrics(
                forward.size(),
                forward.size() / days,
                median(forward.stream()
                        .flatMap(deployment -> deployment.liveAt().stream()
                                .map(live -> Duration.between(
                                        changesImages(deployment, history)
                                                ? imagesFirstSeen.get(Release.withoutCarried(deployment.images()))
                                                : firstSeen.get(deployment.images()),
                                        live)))),
                forward.isEmpty()
                        ? Optional.empty()
                        : Optional.of(forward.stream().filter(Deployment::isBad).count() / (double) forward.size()),
                median(all.stream()
                        .filter(deployment -> deployment.kind() == Deployment.Kind.ROLLBACK)
                        .flatMap(rollback -> rollback.liveAt().stream()
                                .map(live ->
                                        Duration.between(rollback.decidedAt().orElse(rollback.committedAt()), live)))));
    }

    /** Whether it brought more than other values or files for the images that were there. */
    private static boolean changesImages(Deployment deployment, List<Deployment> history) {
        Map<String, Version> images = Release.withoutCarried(deployment.images());
        int before = history.indexOf(deployment) + 1;
        return !images.isEmpty()
                && (before == history.size()
                        || !Release.withoutCarried(history.get(before).images()).equals(images));
    }

    private static Optional<Duration> median(Stream<Duration> durations) {
        List<Duration> sorted = durations.sorted().toList();
        if (sorted.isEmpty()) {
            return Optional.empty();
        }
        Duration upper = sorted.get(sorted.size() / 2);
        Duration lower = sorted.get((sorted.size() - 1) / 2);
        return Optional.of(lower.plus(upper).dividedBy(2));
    }
}
