package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.playground.ConfigLog.Commit;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can happen at the gate of example (a), with the config repository's log as evidence. */
class GateScenariosTest {

    private static final String TARGET = "shop/prod";
    private static final String ITEM = "Rollback plan documented";

    @TempDir
    private Path folder;

    private PlaygroundFixture playground;

    @BeforeEach
    void open() throws Exception {
        playground = new PlaygroundFixture(folder);
    }

    @AfterEach
    void close() throws Exception {
        playground.close();
    }

    private List<Commit> toProd() {
        return new ConfigLog(playground.repository())
                .commits().stream()
                        .filter(commit -> commit.environments().equals(List.of("prod")))
                        .toList();
    }

    @Test
    void twoApproversAreTwoPeople() throws Exception {
        playground.declare(text -> text.replace(
                "approvals: { required: 1, from: [release-managers] }",
                "approvals: { required: 2, from: [release-managers, on-call] }"));
        PlaygroundRun run = playground.start("one-service", "main");
        JsonNode gate = playground.openGate(TARGET);

        assertThat(playground.decide(gate, "tick", "rita", Map.of("item", ITEM)))
                .startsWith("200");
        assertThat(playground.decide(gate, "approve", "rita", Map.of("comment", "")))
                .startsWith("200");
        assertThat(playground.decide(gate, "approve", "rita", Map.of("comment", "again")))
                .doesNotStartWith("200")
                .contains("rita");
        assertThat(toProd()).isEmpty();
        assertThat(playground.decide(gate, "approve", "otto", Map.of("comment", "")))
                .startsWith("200");

        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.SUCCESS);
        assertThat(toProd())
                .singleElement()
                .satisfies(commit -> assertThat(commit.trailer("GitOps-Approved-By"))
                        .hasSize(2)
                        .anySatisfy(who -> assertThat(who).startsWith("rita"))
                        .anySatisfy(who -> assertThat(who).startsWith("otto")));
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
    void aRejectionIsFinal() throws Exception {
        PlaygroundRun run = playground.start("one-service", "main");
        JsonNode gate = playground.openGate(TARGET);

        assertThat(playground.decide(gate, "reject", "rita", Map.of("reason", "not on a Friday")))
                .startsWith("200");
        assertThat(playground.decide(gate, "approve", "rita", Map.of("comment", "after all")))
                .startsWith("409");

        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log()).contains("rejected by rita").contains("not on a Friday");
        assertThat(toProd()).isEmpty();
    }

    @Test
    void nobodyDecidesInTime() throws Exception {
        playground.declare(text -> text.replace(
                "approvals: { required: 1, from: [release-managers] }",
                "approvals: { required: 1, from: [release-managers] }\n          expires: 1s"));

        Ended ended = PlaygroundFixture.end(playground.start("one-service", "main"));

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log()).contains("The gate for shop/prod expired");
        assertThat(toProd()).isEmpty();
    }

    @Test
    void anOverrideNeedsThePermissionAndAReasonAndShowsForever() throws Exception {
        PlaygroundRun run = playground.start("one-service", "main");
        JsonNode gate = playground.openGate(TARGET);
        Map<String, String> hotfix = Map.of("reason", "hotfix for the outage", "skip", "approvals,checklist");

        assertThat(playground.decide(gate, "override", "rita", hotfix)).startsWith("403");
        assertThat(playground.decide(gate, "override", "otto", Map.of("reason", "", "skip", "approvals,checklist")))
                .startsWith("422");
        assertThat(playground.decide(gate, "override", "otto", hotfix)).startsWith("200");

        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log()).contains("OVERRIDDEN by otto: hotfix for the outage");
        assertThat(toProd())
                .singleElement()
                .satisfies(commit -> assertThat(commit.trailer("GitOps-Override"))
                        .singleElement()
                        .asString()
                        .startsWith("otto: hotfix for the outage")
                        .contains("approvals", "checklist"));
    }

    @Test
    void anAbortedRunClosesItsGate() throws Exception {
        PlaygroundRun run = playground.start("one-service", "main");
        JsonNode gate = playground.openGate(TARGET);

        run.abort();

        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.ABORTED);
        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(playground.decide(gate, "approve", "rita", Map.of("comment", "")))
                        .startsWith("409")
                        .contains("aborted"));
        assertThat(toProd()).isEmpty();
    }
}
