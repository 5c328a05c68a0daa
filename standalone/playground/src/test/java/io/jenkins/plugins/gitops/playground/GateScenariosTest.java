package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.playground.ConfigLog.Commit;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clicks that come twice or too late. */
class GateScenariosTest {

    private static final String TARGET = "shop/prod";
    private static final String ITEM = "Rollback plan documented";

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture();

    private List<Commit> toProd() {
        return new ConfigLog(playground.repository()).to("prod");
    }

    @Test
    void aReplayedClickCountsOnce() throws Exception {
        PlaygroundRun run = playground.start("one-service", "main");
        JsonNode gate = playground.openGate(TARGET);
        Map<String, String> click = Map.of("decision", "click-1", "comment", "");

        assertThat(playground.decide(gate, "approve", "rita", click)).startsWith("200");
        assertThat(playground.decide(gate, "approve", "rita", click)).startsWith("409");
        assertThat(playground.decide(gate, "tick", "rita", Map.of("item", ITEM)))
                .startsWith("200");

        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.SUCCESS);
        assertThat(playground.decide(gate, "approve", "rita", Map.of("comment", "too late")))
                .startsWith("409");
        assertThat(toProd()).hasSize(1);
    }

    @Test
    void anAbortedRunClosesItsGate() throws Exception {
        PlaygroundRun run = playground.start("one-service", "main");
        JsonNode gate = playground.openGate(TARGET);

        run.abort();

        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.ABORTED);
        await().untilAsserted(() -> assertThat(playground.decide(gate, "approve", "rita", Map.of("comment", "")))
                .startsWith("409")
                .contains("the step was stopped: Aborted in the playground"));
        assertThat(toProd()).isEmpty();
    }
}
