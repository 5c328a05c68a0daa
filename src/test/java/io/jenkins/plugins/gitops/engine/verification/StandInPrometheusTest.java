package io.jenkins.plugins.gitops.engine.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the stand-in, which also says what a sound Prometheus seldom does. */
class StandInPrometheusTest extends PrometheusContract {

    private static StandInPrometheus prometheus;

    @BeforeAll
    static void start() throws IOException {
        prometheus = new StandInPrometheus();
        prometheus.gives("shop_errors", "3", "4");
        prometheus.gives("sum(shop_errors)", "7");
        prometheus.gives("max(shop_errors)", "4");
        prometheus.givesRange("shop_errors[10s]");
    }

    @AfterAll
    static void stop() {
        prometheus.close();
    }

    @Override
    URI address() {
        return prometheus.address();
    }

    @Test
    void whatCannotBeComputedNowMayBeLater() {
        prometheus.refuses("slow", 503, "timeout", "query timed out in query queue");

        assertThat(look(address(), "slow"))
                .isEqualTo(new Sample(
                        Sample.Kind.MISSED,
                        "Prometheus 'observability' answered with status 503: query timed out in query queue"));
    }

    /** A proxy in front of it has no JSON, and Mimir without a tenant has a line. */
    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void wrongCredentialsAreNamedAndMayBeMended(int status) {
        prometheus.says("secret", status, "no org id\n");

        assertThat(look(address(), "secret"))
                .isEqualTo(new Sample(
                        Sample.Kind.MISSED,
                        "Prometheus 'observability' answered with status " + status
                                + "; check the credentials and the tenant of the connection"));
    }

    /** As VictoriaMetrics says it. */
    @Test
    void aWrongQueryIsRefusedWhateverItsTypeIsCalled() {
        prometheus.refuses("sum(up", 400, "400", "cannot parse the query");

        assertThat(look(address(), "sum(up"))
                .isEqualTo(new Sample(
                        Sample.Kind.IMPOSSIBLE,
                        "Prometheus 'observability' refused the query: cannot parse the query"));
    }

    /** Thanos and Mimir warn, VictoriaMetrics says isPartial. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "warnings":["store eu is unavailable"] | store eu is unavailable
        "isPartial":true                       | partial data
        """)
    void anAnswerThatMayBePartialIsNone(String part, String clause) {
        prometheus.says(
                "partial",
                200,
                "{\"status\":\"success\"," + part + ",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"2\"]}}");

        assertThat(look(address(), "partial"))
                .isEqualTo(new Sample(
                        Sample.Kind.MISSED, "Prometheus 'observability' may not have answered in full: " + clause));
    }

    @Test
    void aHistogramIsNoNumber() {
        prometheus.says(
                "histogram",
                200,
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":"
                        + "[{\"metric\":{},\"histogram\":[1,{\"count\":\"1\"}]}]}}");

        assertThat(look(address(), "histogram").kind()).isEqualTo(Sample.Kind.IMPOSSIBLE);
    }
}
