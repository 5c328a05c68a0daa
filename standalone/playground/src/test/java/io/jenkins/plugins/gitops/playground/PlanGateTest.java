package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.api.ApiClient;
import io.jenkins.plugins.gitops.playground.browser.Accessibility;
import io.jenkins.plugins.gitops.playground.browser.InChromium;
import io.jenkins.plugins.gitops.playground.browser.Tab;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Plans of Terraform at the gate of shop/prod, where destroying a database takes two people. */
@ExtendWith(InChromium.class)
class PlanGateTest {

    private static final Map<String, String> YES = Map.of("comment", "");

    @RegisterExtension
    private static final PlaygroundFixture PLAYGROUND = new PlaygroundFixture();

    @BeforeAll
    static void declare() throws IOException {
        PLAYGROUND.declare(sample -> sample.replaceFirst(
                "checklist: \\[Rollback plan documented]", "destroy: { of: aws_db_*, approvals: 2 }"));
    }

    @Test
    void aPlanThatDestroysADatabaseShowsItAndTakesTwoPeople() throws Exception {
        PlaygroundRun run = plan("replace");
        JsonNode gate = PLAYGROUND.openGate("'Apply to shop/prod: 1 to replace?'");

        JsonNode plan = requirement(gate, "plan");
        assertThat(plan.path("reason").asText()).matches("1 to replace, SHA-256 [0-9a-f]{64} of the JSON");
        assertThat(plan.path("details"))
                .extracting(JsonNode::asText)
                .contains("-/+ aws_db_instance.shop", "    engine_version: \"15.4\" -> \"16.2\" (forces replacement)");
        assertThat(PLAYGROUND.decide(gate, "approve", "rita", YES)).startsWith("200");
        assertThat(run.isBuilding()).isTrue();
        assertThat(PLAYGROUND.decide(gate, "approve", "quentin", YES)).startsWith("200");

        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log())
                .contains("  -/+ aws_db_instance.shop", "approved: approved by [rita")
                .contains("quentin");
    }

    @Test
    void anyOtherPlanWaitsForTheGatesOwnApprovalsAndForLocks() throws Exception {
        Ended locked = PLAYGROUND.runSteps("gitopsLock application: 'shop', environment: 'prod', reason: 'audit'");
        assertThat(locked.result()).as(locked.log()).isEqualTo(RunResult.SUCCESS);
        PlaygroundRun run = plan("update");
        JsonNode gate = PLAYGROUND.openGate("'Apply to shop/prod: 1 to change?'");
        assertThat(requirement(gate, "lock").path("reason").asText()).contains("audit");
        assertThat(PLAYGROUND.decide(gate, "approve", "rita", YES)).startsWith("200");
        assertThat(run.isBuilding()).isTrue();

        Ended unlocked = PLAYGROUND.runSteps("gitopsUnlock application: 'shop', environment: 'prod', reason: 'done'");
        assertThat(unlocked.result()).as(unlocked.log()).isEqualTo(RunResult.SUCCESS);

        assertThat(PlaygroundFixture.end(run).result()).isEqualTo(RunResult.SUCCESS);
    }

    @Test
    void aPlanThatWasMadeAnewIsNotWhatWasApproved() throws Exception {
        PlaygroundRun run = plan("create");
        JsonNode gate = PLAYGROUND.openGate("'Apply to shop/prod: 1 to add?'");
        Path workspace = PLAYGROUND.folder().resolve("workspaces/steps-" + run.getNumber());
        Files.copy(fixture("destroy"), workspace.resolve("other.json"));
        Files.move(
                workspace.resolve("other.json"),
                workspace.resolve("plan.json"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(PLAYGROUND.decide(gate, "approve", "rita", YES)).startsWith("200");

        Ended ended = PlaygroundFixture.end(run);
        assertThat(ended.result()).isEqualTo(RunResult.FAILURE);
        assertThat(ended.log())
                .contains("ERROR: The plan in plan.json may not be applied: the files of the plan have changed since it"
                        + " was approved; plan again, and have that approved.")
                .doesNotContain("approved: ");
    }

    @Test
    void aPlanThatChangesNothingAsksNobody() throws Exception {
        Ended ended = PlaygroundFixture.end(plan("empty"));

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
        assertThat(ended.log()).contains("Plan plan.json: no changes.", "approved: nobody");
    }

    @Test
    void findingsBeyondTheLimitsHoldAPlan() throws Exception {
        PLAYGROUND.declare(sample -> sample.replace("destroy: {", "findings: { critical: 0 }\n          destroy: {"));
        PlaygroundRun run = PLAYGROUND.startSteps("""
            sh 'cp %s plan.json'
            sh 'cp %s trivy.json'
            gitopsTerraformPlan file: 'plan.json', findings: ['trivy.json'], application: 'shop', environment: 'prod'
            """.formatted(fixture("import"), fixture("findings/trivy")));
        JsonNode gate = PLAYGROUND.openGate("'Apply to shop/prod: 1 to import?'");

        JsonNode findings = requirement(gate, "findings");
        assertThat(findings.path("state").asText()).isEqualTo("FAILED");
        assertThat(findings.path("reason").asText()).isEqualTo("1 critical, allowed are 0");
        assertThat(findings.path("details").get(0).asText()).startsWith("CVE-2026-1234 (critical");
        run.abort();
        PlaygroundFixture.end(run);
        PLAYGROUND.declare(sample -> sample.replace("findings: { critical: 0 }\n          destroy: {", "destroy: {"));
    }

    @Test
    void whatWasAppliedAndDriftAreShown(Tab tab) throws Exception {
        Ended ended = PLAYGROUND.runSteps("""
            sh 'cp %s plan.json'
            gitopsTerraformApply(file: 'plan.json', application: 'shop', environment: 'dev') { echo 'applying' }
            gitopsTerraformApply(file: 'plan.json', application: 'shop', environment: 'dev') { echo 'applying more' }
            sh 'cp %s plan.json'
            gitopsTerraformPlan file: 'plan.json', application: 'shop', environment: 'dev', drift: true
            """.formatted(fixture("replace"), fixture("refresh-only")));
        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);

        ApiClient client = new ApiClient(PLAYGROUND.playground().url(), "ada");
        JsonNode shown = await("the plans")
                .atMost(PlaygroundFixture.PATIENCE)
                .until(
                        () -> dev(
                                client.get("gitops-deployments/v1/deployments").json()),
                        plans -> plans.path("changes").size() == 2);
        assertThat(shown.path("drift").asText()).isEqualTo("1 drifted");
        assertThat(shown.at("/changes/0/outcome").asText()).isEqualTo("APPLIED");
        assertThat(shown.at("/changes/0/counts/replaced").asInt()).isEqualTo(1);
        String dev = "document.querySelector(\"[data-application='shop'] [data-environment='dev']\")";
        tab.visit(PLAYGROUND.playground().url() + "gitops-deployments/").until(dev + "?.querySelector('[data-drift]')");
        assertThat(tab.evaluate(dev + ".textContent").asText())
                .contains("Drifted since", ": 1 drifted", "Applied 1 replaced", "Infrastructure", "Earlier plans (1)");
        assertThat(Accessibility.violations(tab, ".gitops-deployments")).isEmpty();
        assertThat(tab.complaints()).isEmpty();
    }

    /** What the page knows of Terraform in shop/dev. */
    private static JsonNode dev(JsonNode deployments) {
        for (JsonNode application : deployments.path("applications")) {
            if (application.path("name").asText().equals("shop")) {
                return application.at("/environments/0/infrastructure");
            }
        }
        return MissingNode.getInstance();
    }

    private static PlaygroundRun plan(String fixture) {
        return PLAYGROUND.startSteps("""
            sh 'cp %s plan.json'
            script {
                def plan = gitopsTerraformPlan file: 'plan.json', application: 'shop', environment: 'prod'
                echo "approved: ${plan.gate ? 'approved by ' + plan.gate.approvedBy : 'nobody'}"
            }
            """.formatted(fixture(fixture)));
    }

    private static Path fixture(String name) {
        return SourceTree.find()
                .root()
                .resolve("src/test/resources/io/jenkins/plugins/gitops/engine/terraform/" + name + ".json");
    }

    /** Once it was checked. */
    private static JsonNode requirement(JsonNode gate, String id) {
        return await(id)
                .atMost(PlaygroundFixture.PATIENCE)
                .until(
                        () -> {
                            for (JsonNode open : PLAYGROUND.playground().gates().seenBy("ada")) {
                                if (open.path("id").equals(gate.path("id"))) {
                                    for (JsonNode requirement : open.path("requirements")) {
                                        if (requirement.path("id").asText().equals(id)) {
                                            return requirement;
                                        }
                                    }
                                }
                            }
                            throw new AssertionError("the gate has no requirement " + id);
                        },
                        requirement -> !requirement.path("reason").asText().equals("not checked yet"));
    }
}
