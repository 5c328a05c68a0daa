package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Outcome;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** The controller is stopped while a step waits, and started again. */
class RestartJenkinsTest {

    private static final Outcome WAITING = new Outcome(HealthState.PROGRESSING, "waiting for the pods");

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private Shop shop;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        shop = new Shop(folder);
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    @Test
    void aRunThatWaitsAtItsGateIsApprovedAfterARestartAndPromotesOnce() throws Throwable {
        sessions.then(jenkins -> {
            shop.configure();
            People.letIn(jenkins);
            WorkflowRun run = start(jenkins, """
                def promoted = gitopsPromote(application: 'shop', environment: 'prod')
                echo "promoted ${promoted.images.api}, gate ${promoted.gate.status}"
                """);
            GateClient.waitFor(jenkins, run);
        });
        sessions.then(jenkins -> {
            People.letIn(jenkins);
            WorkflowRun run = run(jenkins);
            GateClient gate = GateClient.waitFor(jenkins, run);
            assertThat(shop.commits()).isEqualTo(1);
            assertThat(gate.read(People.READER)).containsOnlyOnce("\"status\":\"OPEN\"");

            assertThat(gate.post(People.APPROVER, "approve")).isEqualTo(200);

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("promoted ghcr.io/acme/shop-api:1.1.0, gate approved", run);
        });
        assertThat(shop.tag("prod")).isEqualTo("1.1.0");
        assertThat(shop.commits()).isEqualTo(2);
    }

    @Test
    void aRunThatAwaitsASyncGoesOnAfterARestart() throws Throwable {
        sessions.then(jenkins -> {
            shop.configure();
            shop.argoCd().rolloutsEnd(Shop.application("dev"), WAITING);
            WorkflowRun run = start(jenkins, "echo 'the sync was seen'");
            jenkins.waitForMessage(WAITING.message(), run);
        });
        shop.argoCd().heal(Shop.application("dev"));
        sessions.then(jenkins -> {
            WorkflowRun run = run(jenkins);

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));

            jenkins.assertLogContains("the sync was seen", run);
        });
        assertThat(shop.commits()).isEqualTo(1);
    }

    @Test
    void aRunThatWaitsForAnApprovalIsDecidedAfterARestart() throws Throwable {
        sessions.then(jenkins -> {
            shop.configure();
            People.letIn(jenkins);
            WorkflowRun run = start(jenkins, """
                def said = gitopsApproval(message: 'Shall it go out?', from: ['release-managers'])
                echo "the gate is ${said.status}"
                """);
            GateClient.waitFor(jenkins, run);
        });
        sessions.then(jenkins -> {
            People.letIn(jenkins);
            WorkflowRun run = run(jenkins);

            assertThat(GateClient.waitFor(jenkins, run).post(People.APPROVER, "approve"))
                    .isEqualTo(200);

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains("the gate is approved", run);
        });
        assertThat(shop.commits()).isEqualTo(1);
    }

    @Test
    void aPromotionThatAwaitsItsSyncGoesOnAfterARestartAndIsNotTakenBack() throws Throwable {
        sessions.then(jenkins -> {
            shop.configure();
            shop.argoCd().rolloutsEnd(Shop.application("staging"), WAITING);
            WorkflowRun run =
                    start(jenkins, "gitopsPromote application: 'shop', environment: 'staging', onFailure: 'rollback'");
            jenkins.waitForMessage(WAITING.message(), run);
        });
        shop.argoCd().heal(Shop.application("staging"));
        sessions.then(jenkins -> jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run(jenkins))));
        assertThat(shop.tag("staging")).isEqualTo("1.1.0");
        assertThat(shop.commits()).isEqualTo(2);
    }

    @Test
    void aRollbackIsAwaitedAfterARestartAndCommittedOnce() throws Throwable {
        sessions.then(jenkins -> {
            shop.configure();
            WorkflowRun two = start(jenkins, """
                gitopsBumpImage application: 'shop', environment: 'dev', tag: '1.2.0'
                gitopsAwaitSync application: 'shop', environment: 'dev'
                """);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(two));
            shop.argoCd().rolloutsEnd(Shop.application("dev"), WAITING);
            WorkflowRun back = Shop.pipeline(
                            jenkins.jenkins,
                            "back",
                            "gitopsRollback application: 'shop', environment: 'dev', reason: 'Checkout fails'")
                    .scheduleBuild2(0)
                    .waitForStart();
            jenkins.waitForMessage("Committed", back);
        });
        assertThat(shop.tag("dev")).isEqualTo("1.1.0");
        shop.argoCd().heal(Shop.application("dev"));
        sessions.then(jenkins -> {
            WorkflowRun back =
                    jenkins.jenkins.getItemByFullName("back", WorkflowJob.class).getBuildByNumber(1);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(back));
        });
        assertThat(shop.commits()).isEqualTo(3);
    }

    /** Version 1.1.0 goes to dev, and then what the script says. */
    private static WorkflowRun start(JenkinsRule jenkins, String script) throws Exception {
        String bump = """
            gitopsBumpImage application: 'shop', environment: 'dev', tag: '1.1.0'
            gitopsAwaitSync application: 'shop', environment: 'dev'
            """;
        WorkflowJob job = Shop.pipeline(jenkins.jenkins, "shop", bump + script);
        return job.scheduleBuild2(0).waitForStart();
    }

    private static WorkflowRun run(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);
    }
}
