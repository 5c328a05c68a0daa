package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.playground.ConfigLog.Commit;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Taking releases back, with the config repository's log as evidence. */
class RollbackScenariosTest {

    @TempDir
    private Path folder;

    private PlaygroundFixture playground;
    private Approver people;

    private void open(SimulatedArgoCd.Pace pace) throws Exception {
        playground = new PlaygroundFixture(folder, pace);
        people = new Approver(playground.playground().gates());
    }

    @AfterEach
    void close() throws Exception {
        people.close();
        playground.close();
    }

    private List<Commit> toProd() {
        return new ConfigLog(playground.repository())
                .commits().stream()
                        .filter(commit -> commit.environments().equals(List.of("prod")))
                        .toList();
    }

    private static String requirement(JsonNode gate, String id) {
        for (JsonNode requirement : gate.path("requirements")) {
            if (requirement.path("id").asText().equals(id)) {
                return requirement.path("state").asText() + " "
                        + requirement.path("reason").asText();
            }
        }
        return "";
    }

    private void succeed(Ended ended) {
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
    }

    @Test
    void whatWasRolledBackIsHeldUntilSomebodyLiftsTheHold() throws Exception {
        open(SimulatedArgoCd.Pace.FAST);
        succeed(PlaygroundFixture.end(playground.start("one-service", "main")));
        succeed(PlaygroundFixture.end(playground.start("one-service", "main")));

        succeed(playground.runSteps(
                "gitopsRollback application: 'shop', environment: 'prod', reason: 'errors since the release'"));

        List<Commit> commits = toProd();
        assertThat(commits).hasSize(3);
        assertThat(commits.get(2).trailer("GitOps-Rolls-Back"))
                .containsExactly(commits.get(1).id());
        assertThat(commits.get(2).trailer("GitOps-Rollback-To"))
                .containsExactly(commits.get(0).id());
        assertThat(commits.get(2).trailer("GitOps-Reason")).containsExactly("errors since the release");
        assertThat(commits.get(2).trailer("GitOps-Image"))
                .isEqualTo(commits.get(0).trailer("GitOps-Image"));
        playground.awaitHealth("shop/prod", "Healthy");

        PlaygroundRun again = playground.startSteps("gitopsPromote application: 'shop', environment: 'prod'");
        JsonNode gate = playground.openGate("shop/prod");
        await().untilAsserted(() -> assertThat(requirement(playground.openGate("shop/prod"), "hold"))
                .contains("FAILED", "held since", "errors since the release"));
        assertThat(playground.decide(gate, "approve", "rita", Map.of("comment", "")))
                .as("everybody has approved already")
                .startsWith("409");
        assertThat(toProd()).hasSize(3);

        succeed(playground.runSteps(
                "gitopsRollback application: 'shop', environment: 'prod', lift: 'the cause was elsewhere'"));
        succeed(PlaygroundFixture.end(again));
        assertThat(toProd()).hasSize(4);
    }

    @Test
    void aFailedValidationTakesProdBack() throws Exception {
        open(SimulatedArgoCd.Pace.FAST);
        succeed(PlaygroundFixture.end(playground.start("full-flow", "main")));

        Ended ended = PlaygroundFixture.end(playground.start("full-flow", "main", Map.of("FAIL", "validation")));

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        List<Commit> commits = toProd();
        assertThat(commits).hasSize(3);
        assertThat(commits.get(2).trailer("GitOps-Rolls-Back"))
                .containsExactly(commits.get(1).id());
        assertThat(commits.get(2).trailer("GitOps-Image"))
                .isEqualTo(commits.get(0).trailer("GitOps-Image"));
    }

    @Test
    void withoutAnEarlierReleaseNothingIsRolledBack() throws Exception {
        open(SimulatedArgoCd.Pace.FAST);

        Ended ended = playground.runSteps("gitopsRollback application: 'shop', environment: 'prod', reason: 'why not'");

        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log().lines().filter(line -> line.startsWith("ERROR: ")))
                .singleElement()
                .asString()
                .contains("shop/prod");
        assertThat(playground.commits()).isEqualTo(1);
    }

    @Test
    void aRollbackIsHealthyWithinTenSecondsOfTheDecisionWhenASyncTakesFive() throws Exception {
        open(new SimulatedArgoCd.Pace(Duration.ofSeconds(5), Duration.ofMillis(30), Duration.ofMinutes(3)));
        for (String tag : List.of("v2.0.0", "v2.1.0")) {
            succeed(playground.runSteps("gitopsBumpImage application: 'shop', environment: 'prod', images: [api: '"
                    + tag + "']\ngitopsAwaitSync application: 'shop', environment: 'prod'"));
        }
        Instant decided = Instant.now();

        succeed(playground.runSteps("gitopsRollback application: 'shop', environment: 'prod', reason: 'too slow'"));

        assertThat(Duration.between(decided, Instant.now())).isLessThan(Duration.ofSeconds(10));
        playground.awaitHealth("shop/prod", "Healthy");
    }
}
