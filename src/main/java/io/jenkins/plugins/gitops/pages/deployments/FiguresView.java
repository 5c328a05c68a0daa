package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.ledger.DeliveryMetrics;
import io.jenkins.plugins.gitops.engine.ledger.DeliveryMetrics.Band;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The figures of an application's environments; the records' JSON form is the page's contract (docs/openapi.yaml).
 *
 * @param ready false while the config repository is being read
 */
record FiguresView(boolean ready, List<EnvironmentFigures> environments) {

    static final FiguresView READING = new FiguresView(false, List.of());

    static final List<String> COLUMNS = List.of(
            "environment",
            "from",
            "days",
            "deployments",
            "leadTimeSeconds",
            "changeFailureRate",
            "timeToRestoreSeconds",
            "gateTimeSeconds");

    /** What a band is told of: long enough for a median. */
    private static final Duration RECENT = Duration.ofDays(30);

    private static final Duration WEEK = Duration.ofDays(7);
    private static final int WEEKS = 52;

    /**
     * @param recent of the last 30 days
     * @param weeks of the last 52, the first one first
     */
    record EnvironmentFigures(String name, Figures recent, Bands bands, List<Figures> weeks) {}

    /** Null where there is nothing to tell a figure of. */
    record Figures(
            String from,
            long days,
            int deployments,
            @CheckForNull Long leadTimeSeconds,
            @CheckForNull Double changeFailureRate,
            @CheckForNull Long timeToRestoreSeconds,
            @CheckForNull Long gateTimeSeconds) {

        static Figures of(Instant from, Duration length, DeliveryMetrics metrics) {
            return new Figures(
                    from.toString(),
                    length.toDays(),
                    metrics.deployments(),
                    seconds(metrics.leadTime()),
                    metrics.changeFailureRate().orElse(null),
                    seconds(metrics.timeToRestore()),
                    seconds(metrics.gateTime()));
        }

        @CheckForNull
        private static Long seconds(Optional<Duration> duration) {
            return duration.map(Duration::toSeconds).orElse(null);
        }
    }

    /** Of the last 30 days; null where there is nothing to tell one of. */
    record Bands(
            Band deployments,
            @CheckForNull Band leadTime,
            @CheckForNull Band changeFailureRate,
            @CheckForNull Band timeToRestore) {

        static Bands of(DeliveryMetrics metrics) {
            return new Bands(
                    metrics.frequencyBand(),
                    metrics.leadTimeBand().orElse(null),
                    metrics.changeFailureBand().orElse(null),
                    metrics.restoreBand().orElse(null));
        }
    }

    static FiguresView of(String application, List<String> environments, Ledger ledger, Instant now) {
        Instant end = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        return new FiguresView(
                true,
                environments.stream()
                        .map(environment -> {
                            Instant from = end.minus(RECENT);
                            DeliveryMetrics recent = DeliveryMetrics.of(ledger, application, environment, from, end);
                            return new EnvironmentFigures(
                                    environment,
                                    Figures.of(from, RECENT, recent),
                                    Bands.of(recent),
                                    DeliveryMetrics.series(ledger, application, environment, end, WEEK, WEEKS)
                                            .entrySet()
                                            .stream()
                                            .map(week -> Figures.of(week.getKey(), WEEK, week.getValue()))
                                            .toList());
                        })
                        .toList());
    }

    /** Of each environment, the weeks. */
    Stream<List<Object>> rows() {
        return environments.stream()
                .flatMap(environment -> environment.weeks().stream()
                        .map(week -> Arrays.<Object>asList(
                                environment.name(),
                                week.from(),
                                week.days(),
                                week.deployments(),
                                week.leadTimeSeconds(),
                                week.changeFailureRate(),
                                week.timeToRestoreSeconds(),
                                week.gateTimeSeconds())));
    }
}
