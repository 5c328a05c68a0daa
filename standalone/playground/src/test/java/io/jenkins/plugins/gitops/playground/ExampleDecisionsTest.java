package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.playground.ConfigLog.Commit;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.Road.Arrived;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What people can do about each example's way into prod, with the config repository's log as evidence. After each, the
 * ledger that a fresh clone gives is the one that the controller has.
 */
@ParameterizedClass
@EnumSource
class ExampleDecisionsTest {

    @Parameter
    private Road road;

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture();

    @BeforeEach
    void askForTwoApprovers() throws Exception {
        road.declareTwoApprovers(playground);
    }

    @AfterEach
    void theLedgerOfAFreshCloneIsTheSame() throws Exception {
        Ledger kept = new LedgerReadings(playground).ofTheController();
        assertThat(kept.deployments()).isNotEmpty();
        assertThat(new LedgerReadings(playground).ofAFreshClone()).isEqualTo(kept);
    }

    @Test
    void twoPeopleLetItIn() throws Exception {
        Arrived arrived = road.arrive(playground);
        JsonNode gate = arrived.gate();
        String first = road.approvers().get(0);
        for (String item : road.items()) {
            assertThat(decide(gate, "tick", first, Map.of("item", item))).startsWith("200");
        }

        assertThat(decide(gate, "approve", first, Map.of("comment", "fine"))).startsWith("200");
        assertThat(decide(gate, "approve", first, Map.of("comment", "again")))
                .startsWith("409")
                .contains(first);
        assertThat(decide(gate, "approve", "ada", Map.of("comment", "mine"))).startsWith("403");
        assertThat(toProd()).isEmpty();
        assertThat(decide(gate, "approve", road.approvers().get(1), Map.of("comment", "")))
                .startsWith("200");

        succeed(arrived.run());
        assertThat(toProd())
                .singleElement()
                .satisfies(commit -> assertThat(commit.trailer("GitOps-Approved-By"))
                        .hasSize(2)
                        .anySatisfy(who ->
                                assertThat(who).startsWith(road.approvers().get(0)))
                        .anySatisfy(who ->
                                assertThat(who).startsWith(road.approvers().get(1))));
    }

    @Test
    void oneRejectionIsFinal() throws Exception {
        Arrived arrived = road.arrive(playground);
        int before = playground.commits();
        String first = road.approvers().get(0);

        assertThat(decide(arrived.gate(), "reject", first, Map.of("reason", "not on a Friday")))
                .startsWith("200");
        assertThat(decide(arrived.gate(), "approve", road.approvers().get(1), Map.of("comment", "after all")))
                .startsWith("409");

        Ended ended = PlaygroundFixture.end(arrived.run());
        assertThat(ended.result()).isEqualTo(RunResult.ABORTED);
        assertThat(ended.log()).contains("rejected by " + first).contains("not on a Friday");
        assertThat(playground.commits()).isEqualTo(before);
        assertThat(toProd()).isEmpty();
    }

    @Test
    void nobodyDecidesInTime() throws Exception {
        road.declareExpiry(playground, "1s");

        Ended ended = PlaygroundFixture.end(road.start(playground));

        assertThat(ended.result()).isEqualTo(RunResult.ABORTED);
        assertThat(ended.log()).contains("The gate for " + road.target() + " expired");
        assertThat(toProd()).isEmpty();
    }

    @Test
    void anOverrideNeedsThePermissionAndAReasonAndShowsForever() throws Exception {
        Arrived arrived = road.arrive(playground);
        Map<String, String> hotfix = Map.of("reason", "hotfix for the outage", "skip", "approvals,checklist");

        assertThat(decide(arrived.gate(), "override", road.approvers().get(0), hotfix))
                .startsWith("403");
        assertThat(decide(arrived.gate(), "override", "otto", Map.of("reason", "", "skip", "approvals,checklist")))
                .startsWith("422");
        assertThat(decide(arrived.gate(), "override", "otto", hotfix)).startsWith("200");

        assertThat(succeed(arrived.run()).log()).contains("OVERRIDDEN by otto: hotfix for the outage");
        assertThat(toProd()).singleElement().satisfies(commit -> {
            assertThat(commit.trailer("GitOps-Override"))
                    .singleElement()
                    .asString()
                    .startsWith("otto: hotfix for the outage")
                    .contains("approvals", "checklist");
            assertThat(commit.trailer("GitOps-Approved-By")).isEmpty();
        });
    }

    @Test
    void whatWasRolledBackIsHeldUntilSomebodyLiftsTheHold() throws Exception {
        for (int release = 1; release <= 2; release++) {
            Arrived arrived = road.arrive(playground);
            road.letIn(playground, arrived.gate());
            succeed(arrived.run());
        }

        succeed(playground.startSteps(step("gitopsRollback", "reason: 'errors since the release'")));

        List<Commit> commits = toProd();
        assertThat(commits).hasSize(3);
        assertThat(commits.get(2).trailer("GitOps-Rolls-Back"))
                .containsExactly(commits.get(1).id());
        assertThat(commits.get(2).trailer("GitOps-Rollback-To"))
                .containsExactly(commits.get(0).id());
        assertThat(commits.get(2).trailer("GitOps-Reason")).containsExactly("errors since the release");
        assertThat(commits.get(2).trailer("GitOps-Image"))
                .isEqualTo(commits.get(0).trailer("GitOps-Image"));
        playground.awaitHealth(road.target(), "Healthy");

        PlaygroundRun again = playground.startSteps(step("gitopsPromote", ""));
        JsonNode gate = playground.openGate(road.target());
        road.letIn(playground, gate);
        await().untilAsserted(() -> assertThat(requirement(playground.openGate(road.target()), "hold"))
                .contains("FAILED", "held since", "errors since the release"));
        await().untilAsserted(() -> assertThat(requirement(playground.openGate(road.target()), "approvals"))
                .startsWith("MET"));
        assertThat(toProd()).hasSize(3);

        succeed(playground.startSteps(step("gitopsRollback", "lift: 'the cause was elsewhere'")));
        succeed(again);
        assertThat(toProd()).hasSize(4);
        assertThat(toProd().get(3).trailer("GitOps-Image"))
                .isEqualTo(commits.get(1).trailer("GitOps-Image"));
        assertThat(playground
                        .repository()
                        .run(
                                "log",
                                "-1",
                                "--format=%N",
                                "--notes=gitops",
                                commits.get(2).id()))
                .contains("GitOps-Hold-Lifted: ada: the cause was elsewhere");
    }

    private String step(String name, String more) {
        return name + " application: '" + road.application() + "', environment: 'prod'"
                + (more.isEmpty() ? "" : ", " + more);
    }

    private String decide(JsonNode gate, String verb, String user, Map<String, String> parameters) throws Exception {
        return playground.decide(gate, verb, user, parameters);
    }

    private List<Commit> toProd() {
        return new ConfigLog(playground.repository()).to("prod");
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

    private static Ended succeed(PlaygroundRun run) throws Exception {
        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        return ended;
    }
}
