package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Result;
import java.nio.file.Path;
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

        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));

        jenkins.assertLogContains("The load test is not done", run);
        jenkins.assertLogNotContains("\tat ", run);
        assertThat(shop.tag("prod")).isEqualTo("1.0.0");
    }

    @Test
    void nobodyElseOpensIt() throws Exception {
        for (String action : new String[] {"approve", "reject", "override", "withdraw", "tick"}) {
            assertThat(gate.post(People.READER, action, "reason", "because"))
                    .as("reader, %s", action)
                    .isIn(403, 409, 422);
            assertThat(gate.post(People.STRANGER, action, "reason", "because"))
                    .as("signed in without access, %s", action)
                    .isIn(403, 404);
            assertThat(gate.post(People.ANONYMOUS, action, "reason", "because"))
                    .as("anonymous, %s", action)
                    .isIn(401, 403, 404);
        }
        assertThat(gate.post(People.READER, "approve")).isEqualTo(403);
        assertThat(gate.post(People.OUTSIDE_APPROVER, "approve")).isEqualTo(403);
        assertThat(gate.post(People.APPROVER, "override", "reason", "because")).isEqualTo(403);

        assertThat(run.isBuilding()).isTrue();
        assertThat(gate.read(People.READER)).contains("\"OPEN\"").doesNotContain("\"reason\":\"because\"");
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
