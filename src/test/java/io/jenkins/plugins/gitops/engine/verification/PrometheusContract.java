package io.jenkins.plugins.gitops.engine.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.NoData;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Prometheus;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a check makes of Prometheus' answers. {@code shop_errors} is 3 in one pod and 4 in the other. */
abstract class PrometheusContract {

    /** Where it listens. */
    abstract URI address();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1 + 1                | GOOD       | 2, below 5
            sum(shop_errors)     | BAD        | 7, not below 5
            max(shop_errors)     | GOOD       | 4, below 5
            vector(1) / 0        | BAD        | +Inf, not below 5
            nothing_here         | MISSED     | no data
            0 / 0                | MISSED     | no data (NaN)
            shop_errors          | MISSED     | the query gives 2 series where one value is needed; aggregate them, for example with sum(…) or max(…)
            shop_errors[10s]     | IMPOSSIBLE | the query gives a range vector where one value is needed; use for example avg_over_time(…)
            "text"               | IMPOSSIBLE | the query gives a text where a number is needed
            sum(rate(            | IMPOSSIBLE | Prometheus 'observability' refused the query: invalid parameter "query": 1:10: parse error: unclosed left parenthesis
            """)
    void aQuerySays(String query, Sample.Kind kind, String text) {
        assertThat(look(query, null, 5.0, NoData.WAIT)).isEqualTo(new Sample(kind, text));
    }

    @ParameterizedTest
    @CsvSource({"WAIT, MISSED", "FAIL, BAD", "PASS, GOOD"})
    void aQueryWithoutDataCountsAsDeclared(NoData declared, Sample.Kind kind) {
        assertThat(look("nothing_here", null, 5.0, declared)).isEqualTo(new Sample(kind, "no data"));
        assertThat(look("0 / 0", null, 5.0, declared)).isEqualTo(new Sample(kind, "no data (NaN)"));
    }

    @Test
    void aValueMayHaveTwoBounds() {
        assertThat(look("sum(shop_errors)", 5.0, 8.0, NoData.WAIT))
                .isEqualTo(new Sample(Sample.Kind.GOOD, "7, above 5, below 8"));
        assertThat(look("sum(shop_errors)", 7.0, 8.0, NoData.WAIT))
                .isEqualTo(new Sample(Sample.Kind.BAD, "7, not above 7"));
    }

    @Test
    void anAddressWithoutTheApiIsNamed() {
        assertThat(look(address().resolve("/elsewhere"), "1 + 1"))
                .isEqualTo(new Sample(
                        Sample.Kind.MISSED,
                        "Prometheus 'observability' answered with status 404 and no JSON; check its address"));
    }

    @Test
    void nobodyAtTheAddressIsNamed() {
        assertThat(look(URI.create("http://127.0.0.1:9"), "1 + 1"))
                .isEqualTo(new Sample(
                        Sample.Kind.MISSED,
                        "Prometheus 'observability' does not respond at 127.0.0.1: connection refused"));
    }

    /** Once the pods' values are there. */
    final void awaitData() {
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> look("sum(shop_errors)", null, 8.0, NoData.WAIT).kind() == Sample.Kind.GOOD);
    }

    final Sample look(String query, Double above, Double below, NoData noData) {
        return look(
                address(),
                new Prometheus(
                        "errors", "observability", query, above, below, noData, Duration.ZERO, Duration.ofSeconds(15)));
    }

    final Sample look(URI address, String query) {
        return look(
                address,
                new Prometheus(
                        "errors",
                        "observability",
                        query,
                        null,
                        5.0,
                        NoData.WAIT,
                        Duration.ZERO,
                        Duration.ofSeconds(15)));
    }

    private static Sample look(URI address, Prometheus check) {
        HttpClients clients = HttpClients.DEFAULT;
        PrometheusApi api =
                new PrometheusApi(check.connection(), address, clients, clients.build("prometheus"), Map::of);
        return new PrometheusProbe(check, api).look().toCompletableFuture().join();
    }
}
