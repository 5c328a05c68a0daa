package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.playground.ConfigLog.Commit;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** docs/examples/carried: what a person changed in dev arrives in prod with the images, and comes back with them. */
class CarriedExampleTest {

    private static final String DEV = "charts/billing/values-dev.yaml";
    private static final String PROD = "charts/billing/values-prod.yaml";
    private static final String DASHBOARD = "config/billing/prod/dashboards/load.json";

    @RegisterExtension
    private static final PlaygroundFixture PLAYGROUND = new PlaygroundFixture();

    @Test
    void theGateShowsWhatIsCarriedAndARollbackReturnsIt() throws Exception {
        PLAYGROUND.playground().world().prepare("carried");
        configure("false", "{\"rows\": 1}\n");
        promote();
        String before = file(PROD);
        assertThat(before)
                .contains("features:\n  search: false", "  replicas: 3\n")
                .doesNotContain("sandbox");
        assertThat(file(DASHBOARD)).isEqualTo("{\"rows\": 1}");

        configure("true", "{\"rows\": 2}\n");
        JsonNode gate = promote();

        assertThat(diff(gate, PROD)).contains("-  search: false", "+  search: true");
        assertThat(diff(gate, DASHBOARD)).containsExactly("-{\"rows\": 1}", "+{\"rows\": 2}");
        assertThat(file(PROD)).contains("  search: true", "  replicas: 3\n");
        Commit promoted = toProd().get(1);
        assertThat(promoted.files()).containsExactly(PROD, DASHBOARD);
        assertThat(promoted.trailer("GitOps-Version"))
                .singleElement()
                .asString()
                .startsWith("carried=sha256:");

        Ended back = PLAYGROUND.runSteps(
                "gitopsRollback application: 'billing', environment: 'prod', reason: 'the search is slow'");

        assertThat(back.result()).as(back.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(file(PROD)).isEqualTo(before);
        assertThat(file(DASHBOARD)).isEqualTo("{\"rows\": 1}");
        assertThat(toProd().get(2).trailer("GitOps-Version"))
                .isEqualTo(toProd().get(0).trailer("GitOps-Version"));
    }

    /** A person's push to dev. */
    private static void configure(String search, String dashboard) throws IOException {
        String values = PLAYGROUND.repository().run("show", "main:" + DEV).replaceAll("(?s)\nfeatures:.*", "");
        PLAYGROUND.push(Map.of(
                DEV,
                values.stripTrailing() + "\n\nfeatures:\n  search: " + search + "\n  sandbox: true\n",
                DASHBOARD.replace("/prod/", "/dev/"),
                dashboard));
    }

    /** Runs the example to its end, and returns its gate as it was before a person approved. */
    private static JsonNode promote() throws Exception {
        PlaygroundRun run = PLAYGROUND.start("carried", "main");
        JsonNode gate = PLAYGROUND.openGate("billing/prod");
        assertThat(PLAYGROUND.decide(gate, "approve", "paula", Map.of("comment", "")))
                .startsWith("200");
        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        return gate;
    }

    /** Lines that come and go in a file. */
    private static List<String> diff(JsonNode gate, String path) {
        return StreamSupport.stream(gate.path("subject").path("files").spliterator(), false)
                .filter(file -> file.path("path").asText().equals(path))
                .flatMap(file -> StreamSupport.stream(file.path("lines").spliterator(), false))
                .map(line -> (line.path("kind").asText().equals("ADDED") ? "+" : "-")
                        + line.path("text").asText())
                .toList();
    }

    private static List<Commit> toProd() {
        return new ConfigLog(PLAYGROUND.repository()).to("prod");
    }

    private static String file(String path) {
        return PLAYGROUND.repository().run("show", "main:" + path);
    }
}
