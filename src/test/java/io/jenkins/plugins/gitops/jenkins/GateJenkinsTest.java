package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.htmlunit.HttpMethod;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class GateJenkinsTest {

    private JenkinsRule jenkins;
    private Shop shop;
    private WorkflowRun run;
    private GateClient gate;

    @BeforeEach
    void start(JenkinsRule rule, @TempDir Path folder) throws Exception {
        jenkins = rule;
        shop = new Shop(folder);
        shop.configure();
        People.letIn(jenkins);
        run = Shop.pipeline(jenkins.jenkins, "shop", Shop.TO_PROD)
                .scheduleBuild2(0)
                .waitForStart();
        gate = GateClient.waitFor(jenkins, run);
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    @Test
    void anApproverOpensTheGateAndTheRunPromotes() throws Exception {
        assertThat(gate.post(People.APPROVER, "approve")).isEqualTo(200);

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));

        assertThat(shop.tag("prod")).isEqualTo("1.1.0");
        assertThat(shop.commits()).isEqualTo(2);
        assertThat(shop.message()).contains(People.APPROVER);
        assertThat(gate.post(People.APPROVER, "approve")).isEqualTo(409);
    }

    @Test
    void aRejectionEndsTheRunWithItsReason() throws Exception {
        assertThat(gate.post(People.APPROVER, "reject", "reason", "The load test is not done"))
                .isEqualTo(200);

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));

        jenkins.assertLogContains("The load test is not done", run);
        jenkins.assertLogNotContains("\tat ", run);
        assertThat(shop.tag("prod")).isEqualTo("1.0.0");
    }

    @Test
    void nobodyElseOpensIt() throws Exception {
        Map<String, List<Integer>> refusals = Map.of(
                "approve", List.of(403, 404, 403, 403, 403, 403),
                "override", List.of(403, 404, 403, 403, 403, 403),
                "withdraw", List.of(403, 404, 409, 409, 409, 409),
                "reject", List.of(403, 404, 403, 403),
                "tick", List.of(403, 404, 403, 403),
                "untick", List.of(403, 404, 403, 403));
        List<String> people = List.of(
                People.ANONYMOUS,
                People.STRANGER,
                People.READER,
                People.BUILDER,
                People.OUTSIDE_APPROVER,
                People.ADMINISTRATOR);
        for (Map.Entry<String, List<Integer>> one : refusals.entrySet()) {
            for (int i = 0; i < one.getValue().size(); i++) {
                String person = people.get(i);
                // An administrator may override: then it must not be tried here.
                if (!(person.equals(People.ADMINISTRATOR) && one.getKey().equals("override"))) {
                    assertThat(gate.post(person, one.getKey(), "reason", "because", "skip", "approvals"))
                            .as("%s by '%s'", one.getKey(), person)
                            .isEqualTo(one.getValue().get(i));
                }
            }
        }
        assertThat(gate.post(People.APPROVER, "override", "reason", "because", "skip", "approvals"))
                .isEqualTo(403);

        assertThat(run.isBuilding()).isTrue();
        assertThat(gate.read(People.READER)).contains("\"OPEN\"").doesNotContain("because");
        assertThat(shop.tag("prod")).isEqualTo("1.0.0");
    }

    @Test
    void aDecisionNeedsACrumbAndAPost() throws Exception {
        assertThat(gate.postWithoutCrumb(People.APPROVER, "approve")).isEqualTo(403);
        assertThat(gate.send(People.APPROVER, HttpMethod.GET, "approve")).isEqualTo(405);

        assertThat(run.isBuilding()).isTrue();
        assertThat(shop.tag("prod")).isEqualTo("1.0.0");
    }

    @Test
    void theTabIsThereForAReaderAndOffersNoDecision() throws Exception {
        // The page's script is for browsers: HtmlUnit's engine does not know its syntax.
        try (JenkinsRule.WebClient client = jenkins.createWebClient().withJavaScriptEnabled(false)) {
            String page = client.login(People.READER)
                    .getPage(run, "promotion-gate")
                    .getWebResponse()
                    .getContentAsString();
            assertThat(page)
                    .contains("class=\"gitops-gates\"", "data-may-approve=\"false\"", "data-may-override=\"false\"");
        }
        assertThat(gate.status(People.ANONYMOUS)).isEqualTo(403);
    }

    @AfterEach
    void abort() throws Exception {
        if (run.isBuilding()) {
            run.doStop();
            jenkins.waitForCompletion(run);
        }
    }
}
