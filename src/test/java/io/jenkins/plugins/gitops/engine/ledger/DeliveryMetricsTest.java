package io.jenkins.plugins.gitops.engine.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.ledger.DeliveryMetrics.Band;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryMetricsTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void eachPeriodHasTheFiguresOfWhatWasCommittedInIt() {
        Ledger ledger = LedgerFold.of(
                Map.of(
                        "main",
                        List.of(
                                deployment("a", 0, 30),
                                deployment("b", 60, 10),
                                deployment("c", 60 * 48, -1),
                                deployment("d", 60 * 49, 120))),
                List.of(live("a", 5), live("d", 60 * 49 + 4)));

        SortedMap<Instant, DeliveryMetrics> days =
                DeliveryMetrics.series(ledger, "shop", "prod", NOON.plus(DAY.multipliedBy(3)), DAY, 3);

        assertThat(days.keySet()).containsExactly(NOON, NOON.plus(DAY), NOON.plus(DAY.multipliedBy(2)));
        assertThat(days.values()).extracting(DeliveryMetrics::deployments).containsExactly(2, 0, 2);
        assertThat(days.values())
                .extracting(DeliveryMetrics::gateTime)
                .containsExactly(
                        Optional.of(Duration.ofMinutes(20)), Optional.empty(), Optional.of(Duration.ofMinutes(120)));
        assertThat(days.values())
                .extracting(DeliveryMetrics::leadTime)
                .containsExactly(
                        Optional.of(Duration.ofMinutes(5)), Optional.empty(), Optional.of(Duration.ofMinutes(4)));
        assertThat(days.get(NOON)).isEqualTo(DeliveryMetrics.of(ledger, "shop", "prod", NOON, NOON.plus(DAY)));
    }

    /** A hand-written commit may say anything. */
    @Test
    void aGateThatWasOpenedAfterTheCommitOrAtNoTimeCountsForNothing() {
        Ledger ledger = LedgerFold.of(
                Map.of(
                        "main",
                        List.of(
                                commit("a", 0, List.of(new Trailer(Trailers.GATE_OPENED, "2999-01-01T00:00:00Z"))),
                                commit("b", 1, List.of(new Trailer(Trailers.GATE_OPENED, "soon"))))),
                List.of());

        assertThat(DeliveryMetrics.of(ledger, "shop", "prod", NOON, NOON.plus(DAY))
                        .gateTime())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, PT23H, 0.05, PT59M, ELITE",
        "0.5, PT24H, 0.1, PT1H, HIGH",
        "0.1, P7D, 0.15, P1D, MEDIUM",
        "0.01, P30D, 0.5, P7D, LOW"
    })
    void bandsBeginAndEndWhereTheDocumentSays(
            double perDay, Duration leadTime, double failed, Duration restore, Band band) {
        DeliveryMetrics metrics = new DeliveryMetrics(
                1, perDay, Optional.of(leadTime), Optional.of(failed), Optional.of(restore), Optional.empty());

        assertThat(List.of(
                        metrics.frequencyBand(),
                        metrics.leadTimeBand().orElseThrow(),
                        metrics.changeFailureBand().orElseThrow(),
                        metrics.restoreBand().orElseThrow()))
                .containsOnly(band);
    }

    private static CommitInfo deployment(String id, int minute, int gateMinutes) {
        return commit(
                id,
                minute,
                gateMinutes < 0
                        ? List.of()
                        : List.of(new Trailer(
                                Trailers.GATE_OPENED, at(minute - gateMinutes).toString())));
    }

    private static CommitInfo commit(String id, int minute, List<Trailer> more) {
        List<Trailer> trailers = new ArrayList<>(List.of(
                new Trailer(Trailers.APPLICATION, "shop"),
                new Trailer(Trailers.ENVIRONMENT, "prod"),
                new Trailer(Trailers.IMAGE, "api=ghcr.io/acme/api:" + id)));
        trailers.addAll(more);
        return new CommitInfo(id, "Jenkins", "jenkins@example.org", at(minute), "Deploy", trailers);
    }

    private static CommitInfo live(String commit, int minute) {
        return new CommitInfo(
                "n" + commit,
                "Jenkins",
                "jenkins@example.org",
                at(minute),
                "Note",
                List.of(
                        new Trailer(DeploymentNotes.DEPLOYMENT, commit),
                        new Trailer(Trailers.ENVIRONMENT, "prod"),
                        new Trailer(DeploymentNotes.OUTCOME, "healthy")));
    }

    private static Instant at(int minute) {
        return NOON.plusSeconds(60L * minute);
    }
}
