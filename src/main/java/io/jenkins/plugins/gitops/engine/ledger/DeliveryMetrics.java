package io.jenkins.plugins.gitops.engine.ledger;

import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The figures of delivery for a target and a period, from the ledger alone (docs/ledger.md says how each is counted).
 *
 * @param deployments that were committed in the period, rollbacks left out
 * @param perDay deployments for each day of the period
 * @param leadTime median from a release's first commit in the config repository until it was live in the target; empty
 *     when nothing was seen live
 * @param changeFailureRate share of the deployments that failed or were rolled back, 0 to 1; empty without deployments
 * @param timeToRestore median from the decision to roll back until the earlier release was live; empty without rollbacks
 * @param gateTime median from the opening of the gate until the commit; empty where no deployment went through one
 */
public record DeliveryMetrics(
        int deployments,
        double perDay,
        Optional<Duration> leadTime,
        Optional<Double> changeFailureRate,
        Optional<Duration> timeToRestore,
        Optional<Duration> gateTime) {

    /** @param from inclusive; before {@code to}, which is exclusive */
    public static DeliveryMetrics of(Ledger ledger, String application, String environment, Instant from, Instant to) {
        return TargetHistory.of(ledger, application, environment).in(from, to);
    }

    /**
     * The figures of periods of equal length that follow each other.
     *
     * @param end of the last one
     * @return by the beginning of each, the first one first
     */
    public static SortedMap<Instant, DeliveryMetrics> series(
            Ledger ledger, String application, String environment, Instant end, Duration length, int periods) {
        TargetHistory history = TargetHistory.of(ledger, application, environment);
        SortedMap<Instant, DeliveryMetrics> series = new TreeMap<>();
        for (int before = periods; before > 0; before--) {
            Instant from = end.minus(length.multipliedBy(before));
            series.put(from, history.in(from, from.plus(length)));
        }
        return series;
    }

    /**
     * What the figures of a target are counted from.
     *
     * @param all newest first
     * @param firstSeen when each release was first deployed anywhere
     * @param imagesFirstSeen the same, whatever it carried
     */
    private record TargetHistory(
            List<Deployment> all,
            Map<Map<String, Version>, Instant> firstSeen,
            Map<Map<String, Version>, Instant> imagesFirstSeen) {

        static TargetHistory of(Ledger ledger, String application, String environment) {
            return new TargetHistory(
                    ledger.of(application, environment),
                    ledger.firstSeen(application),
                    ledger.imagesFirstSeen(application));
        }

        DeliveryMetrics in(Instant from, Instant to) {
            List<Integer> within = IntStream.range(0, all.size())
                    .filter(at -> all.get(at).isCommittedBetween(from, to))
                    .boxed()
                    .toList();
            List<Integer> forward =
                    within.stream().filter(at -> !isRollback(at)).toList();
            double days = Duration.between(from, to).toMillis()
                    / (double) Duration.ofDays(1).toMillis();
            return new DeliveryMetrics(
                    forward.size(),
                    forward.size() / days,
                    median(forward.stream().flatMap(at -> leadTime(at).stream())),
                    forward.isEmpty()
                            ? Optional.empty()
                            : Optional.of(forward.stream()
                                            .filter(at -> all.get(at).isBad())
                                            .count()
                                    / (double) forward.size()),
                    median(within.stream()
                            .filter(this::isRollback)
                            .map(all::get)
                            .flatMap(rollback -> rollback.liveAt().stream()
                                    .map(live -> Duration.between(
                                            rollback.decidedAt().orElse(rollback.committedAt()), live)))),
                    median(forward.stream()
                            .map(all::get)
                            .flatMap(deployment -> deployment.gateOpenedAt().stream()
                                    .map(opened -> Duration.between(opened, deployment.committedAt())))));
        }

        private boolean isRollback(int at) {
            return all.get(at).kind() == Deployment.Kind.ROLLBACK;
        }

        private Optional<Duration> leadTime(int at) {
            Deployment deployment = all.get(at);
            return deployment
                    .liveAt()
                    .map(live -> Duration.between(
                            changesImages(at)
                                    ? imagesFirstSeen.get(Release.withoutCarried(deployment.images()))
                                    : firstSeen.get(deployment.images()),
                            live));
        }

        /** Whether it brought more than other values or files for the images that were there. */
        private boolean changesImages(int at) {
            Map<String, Version> images = Release.withoutCarried(all.get(at).images());
            return !images.isEmpty()
                    && (at + 1 == all.size()
                            || !Release.withoutCarried(all.get(at + 1).images()).equals(images));
        }
    }

    /** How DORA told teams apart; the report of 2023 has the bounds, docs/ledger.md repeats them. */
    public enum Band {
        ELITE,
        HIGH,
        MEDIUM,
        LOW;

        private static Band below(Duration value, Duration elite, Duration high, Duration medium) {
            return value.compareTo(elite) < 0
                    ? ELITE
                    : value.compareTo(high) < 0 ? HIGH : value.compareTo(medium) < 0 ? MEDIUM : LOW;
        }
    }

    /** By how often something is deployed. */
    public Band frequencyBand() {
        return perDay >= 1 ? Band.ELITE : perDay >= 1 / 7.0 ? Band.HIGH : perDay >= 1 / 30.0 ? Band.MEDIUM : Band.LOW;
    }

    public Optional<Band> leadTimeBand() {
        return leadTime.map(time -> Band.below(time, Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30)));
    }

    public Optional<Band> changeFailureBand() {
        return changeFailureRate.map(
                rate -> rate <= 0.05 ? Band.ELITE : rate <= 0.1 ? Band.HIGH : rate <= 0.15 ? Band.MEDIUM : Band.LOW);
    }

    public Optional<Band> restoreBand() {
        return timeToRestore.map(time -> Band.below(time, Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7)));
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
