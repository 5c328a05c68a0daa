package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.jenkinsci.plugins.workflow.support.steps.input.ApproverAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** A gate decided through the endpoints of {@code input}, as Blue Ocean and Pipeline Graph View do. */
class GateInputJenkinsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

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
    void anApproverPromotesAndNobodyElse() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, Shop.TO_PROD);
            InputStepExecution input = awaitInputs(run, 1).get(0);
            assertThat(input.getInput().getMessage()).isEqualTo("promote shop from dev to prod");
            assertThat(input.getInput().getParameters().get(0).getDescription())
                    .startsWith("api 1.0.0 -> 1.1.0. ")
                    .endsWith("/promotion-gate/");

            assertThat(post(jenkins, People.ANONYMOUS, input, "proceedEmpty")).isEqualTo(403);
            assertThat(post(jenkins, People.STRANGER, input, "proceedEmpty")).isEqualTo(404);
            for (String person :
                    List.of(People.READER, People.BUILDER, People.OUTSIDE_APPROVER, People.ADMINISTRATOR)) {
                assertThat(post(jenkins, person, input, "proceedEmpty"))
                        .as(person)
                        .isEqualTo(400);
            }
            assertThat(post(jenkins, People.READER, input, "abort")).isEqualTo(400);
            assertThat(run.isBuilding()).isTrue();
            assertThat(run.getActions(ApproverAction.class)).isEmpty();
            assertThat(post(jenkins, People.APPROVER, input, "proceedEmpty")).isEqualTo(200);

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(run.getActions(InputAction.class)).isEmpty();
            assertThat(JenkinsRule.getLog(run)).containsOnlyOnce("Approved by");
            assertThat(post(jenkins, People.APPROVER, input, "proceedEmpty")).isEqualTo(404);
        });
        assertThat(shop.tag("prod")).isEqualTo("1.1.0");
        assertThat(shop.message()).contains(People.APPROVER);
    }

    @Test
    void afterARestartItIsOfferedOnceMoreBesideTheInputOfAnotherStep() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, """
                parallel gate: {
                    gitopsApproval message: 'Shall it go out?', from: ['release-managers']
                }, step: {
                    input id: 'Beside', message: 'And this?'
                }
                """);
            for (InputStepExecution input : awaitInputs(run, 2)) {
                if (!input.getId().equals("Beside")) {
                    assertThat(post(jenkins, People.OUTSIDE_APPROVER, input, "proceedEmpty"))
                            .isEqualTo(400);
                }
            }
            run.save();
            assertThat(Files.readString(run.getRootDir().toPath().resolve("build.xml")))
                    .contains("<string>Beside</string>")
                    .doesNotContain("<string>Gate-");
        });
        sessions.then(jenkins -> {
            People.letIn(jenkins);
            WorkflowRun run =
                    jenkins.jenkins.getItemByFullName("shop", WorkflowJob.class).getBuildByNumber(1);

            for (InputStepExecution input : awaitInputs(run, 2)) {
                FlowNode step = run.getExecution()
                        .getNode(input.getContext().get(FlowNode.class).getId());
                assertThat(PauseAction.isPaused(step))
                        .as("%s, after a refusal and a restart", input.getId())
                        .isTrue();
                String person = input.getId().equals("Beside") ? People.BUILDER : People.APPROVER;
                assertThat(post(jenkins, person, input, "proceedEmpty"))
                        .as(input.getId())
                        .isEqualTo(200);
            }

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(run.getActions(InputAction.class))
                    .singleElement()
                    .satisfies(own ->
                            assertThat(own.getClass()).as("the run's own").isEqualTo(InputAction.class))
                    .satisfies(own -> assertThat(own.isWaitingForInput()).isFalse());
        });
    }

    @Test
    void aRunThatIsAbortedHasItNoLonger() throws Throwable {
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "gitopsApproval message: 'Shall it go out?'");
            awaitInputs(run, 1);

            run.doStop();

            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(run.getActions(InputAction.class)).isEmpty());
        });
    }

    @Test
    void aStepThatAwaitsASyncIsPausedWithoutAnInput() throws Throwable {
        sessions.then(jenkins -> {
            Outcome waiting = new Outcome(HealthState.PROGRESSING, "waiting for the pods");
            shop.argoCd().rolloutsEnd(Shop.application("dev"), waiting);
            WorkflowRun run = start(jenkins, """
                gitopsBumpImage application: 'shop', environment: 'dev', tag: '1.1.0'
                gitopsAwaitSync application: 'shop', environment: 'dev'
                """);
            jenkins.waitForMessage(waiting.message(), run);
            FlowNode step = run.getExecution().getCurrentHeads().get(0);
            assertThat(PauseAction.getCurrentPause(step))
                    .returns("Input", PauseAction::getCause)
                    .returns(true, PauseAction::isPaused);
            assertThat(run.getAction(InputAction.class).isWaitingForInput()).isFalse();

            shop.argoCd().heal(Shop.application("dev"));

            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(PauseAction.isPaused(step)).isFalse();
            assertThat(run.getActions(InputAction.class)).isEmpty();
        });
    }

    private WorkflowRun start(JenkinsRule jenkins, String script) throws Exception {
        shop.configure();
        People.letIn(jenkins);
        return Shop.pipeline(jenkins.jenkins, "shop", script).scheduleBuild2(0).waitForStart();
    }

    private static List<InputStepExecution> awaitInputs(WorkflowRun run, int count) {
        return await("the run's inputs")
                .atMost(PATIENCE)
                .until(
                        () -> {
                            InputAction inputs = run.getAction(InputAction.class);
                            return inputs == null ? List.<InputStepExecution>of() : inputs.getExecutions();
                        },
                        inputs -> inputs.size() == count);
    }

    private static int post(JenkinsRule jenkins, String person, InputStepExecution input, String action)
            throws Exception {
        return new JenkinsClient(jenkins)
                .post(person, input.getRun().getUrl() + "input/" + input.getId() + "/" + action)
                .getStatusCode();
    }
}
