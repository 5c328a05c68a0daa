package io.jenkins.plugins.gitops.steps.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Result;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.standalone.StepState;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.core.Authentication;

/** How a step that waits at a gate is shown and withdrawn as an {@code input}. */
class ApprovalInputTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Authentication MARY = StandIn.user("mary", List.of());
    private static final Authentication MONA = StandIn.user("mona", List.of());

    @TempDir
    private Path home;

    private StandIn jenkins;
    private Run<?, ?> run;
    private RecordedStepContext context;

    @BeforeEach
    void jenkins() throws Exception {
        jenkins = new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withExtension(new GitOpsServices())
                .withPlugin("pipeline-input-step")
                .withAccess((who, permission, where) -> true);
        run = Pipelines.run("shop");
        context = new RecordedStepContext(run);
    }

    @Test
    void theStepIsPausedAsAnInputIsUntilEverybodyHasApprovedThere() throws Exception {
        started(2);
        InputStepExecution first = awaitInput();
        PauseAction pause = context.get(FlowNode.class).getAction(PauseAction.class);
        assertThat(pause.getCause()).isEqualTo("Input");

        proceed(MARY, first);

        assertThat(pause.isPaused()).isTrue();
        assertThat(context.ended()).isNotDone();
        proceed(MONA, awaitInput());
        assertThat(context.ended()).succeedsWithin(PATIENCE);
        awaitNoInput();
        assertThat(pause.isPaused()).isFalse();
        assertThat(context.log()).containsOnlyOnce("Approved by mary").containsOnlyOnce("Approved by mona");
    }

    @Test
    void aRejectionThereEndsTheStep() throws Exception {
        started(1);

        try (ACLContext as = ACL.as2(MARY)) {
            assertThat(as).isNotNull();
            awaitInput().doAbort();
        }

        assertThat(context.ended())
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(FlowInterruptedException.class)
                .withMessageContaining("rejected by mary");
        awaitNoInput();
    }

    /** {@code retry} passes on an actual interruption instead of asking again. */
    @ParameterizedTest
    @CsvSource({"abort,ABORTED", "fail,FAILURE"})
    void aRejectionIsAnInterruptionWithItsCauseAndResult(String onRejected, String result) throws Exception {
        rejected(onRejected);

        assertThat(context.ended())
                .failsWithin(PATIENCE)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOfSatisfying(FlowInterruptedException.class, interrupted -> {
                    assertThat(interrupted.getResult()).hasToString(result);
                    assertThat(interrupted.getCauses())
                            .singleElement()
                            .satisfies(cause ->
                                    assertThat(cause.getShortDescription()).contains("was rejected by mary"));
                });
    }

    @ParameterizedTest
    @CsvSource({"unstable,UNSTABLE", "continue,"})
    void aRejectionMayLetTheRunContinueWithItsStatus(String onRejected, String result) throws Exception {
        rejected(onRejected);

        assertThat(context.ended())
                .succeedsWithin(PATIENCE)
                .satisfies(returned ->
                        assertThat((Map<?, ?>) returned).extracting("status").isEqualTo("rejected"));
        assertThat(context.result()).isEqualTo(result);
        assertThat(context.log()).contains("was rejected by mary");
    }

    @Test
    void aStepThatStopsItNamesItsReasonInTheGate() throws Exception {
        StepExecution step = started(1);
        awaitInput();

        step.stop(new FlowInterruptedException(Result.ABORTED, true, new Exceeded()));

        await().atMost(PATIENCE)
                .until(() -> context.log().contains("Gate closed: the step was stopped: Timeout has been exceeded"));
        assertThat(context.log()).doesNotContain("the run was aborted");
    }

    /** What the {@code timeout} step stops its body with. */
    private static final class Exceeded extends CauseOfInterruption {

        private static final long serialVersionUID = 1L;

        @Override
        public String getShortDescription() {
            return "Timeout has been exceeded";
        }
    }

    @Test
    void aTimeOfHoursAndMinutesIsTakenByFormAndStepAlike() throws Exception {
        ApprovalStep step = new ApprovalStep("Go on?");
        step.setExpires("1h 30m");

        assertThat(new ApprovalStep.DescriptorImpl().doCheckExpires(null, "1h 30m").kind)
                .isEqualTo(FormValidation.Kind.OK);
        step.start(context).start();
        awaitInput();
        assertThat(context.ended()).isNotDone();
    }

    private void rejected(String onRejected) throws Exception {
        ApprovalStep step = new ApprovalStep("Go on?");
        step.setOnRejected(onRejected);
        step.start(context).start();
        try (ACLContext as = ACL.as2(MARY)) {
            assertThat(as).isNotNull();
            awaitInput().doAbort();
        }
    }

    @Test
    void anAbortedRunWithdrawsIt() throws Exception {
        StepExecution step = started(1);
        awaitInput();

        step.stop(new FlowInterruptedException(Result.ABORTED, true));

        awaitNoInput();
        await().atMost(PATIENCE).until(() -> !PauseAction.isPaused(context.get(FlowNode.class)));
    }

    @Test
    void anExpiredGateWithdrawsIt() throws Exception {
        ApprovalStep step = new ApprovalStep("Go on?");
        step.setExpires("1s");
        step.start(context).start();

        assertThat(context.ended()).failsWithin(PATIENCE);
        awaitNoInput();
    }

    @Test
    void afterARestartItIsOfferedOnceMore() throws Exception {
        StepExecution killed = started(1);
        InputStepExecution before = awaitInput();
        // What the controller finds in the saved run: the gate's events, and no inputs.
        run.removeAction(run.getAction(InputAction.class));
        RecordedStepContext again = new RecordedStepContext(run);
        jenkins.withExtension(new GitOpsServices());

        StepState.read(StepState.write(killed), again).onResume();

        InputStepExecution after = awaitInput();
        assertThat(after).isNotSameAs(before);
        assertThat(after.getId()).isEqualTo(before.getId());
        proceed(MARY, after);
        assertThat(again.ended()).succeedsWithin(PATIENCE);
        awaitNoInput();
    }

    private StepExecution started(int required) throws Exception {
        ApprovalStep step = new ApprovalStep("Go on?");
        step.setRequired(required);
        StepExecution execution = step.start(context);
        execution.start();
        return execution;
    }

    private static void proceed(Authentication who, InputStepExecution input) throws Exception {
        try (ACLContext as = ACL.as2(who)) {
            assertThat(as).isNotNull();
            input.doProceedEmpty();
        }
    }

    private InputStepExecution awaitInput() {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            InputAction inputs = run.getAction(InputAction.class);
                            return inputs == null ? List.<InputStepExecution>of() : inputs.getExecutions();
                        },
                        waiting -> waiting.size() == 1)
                .get(0);
    }

    private void awaitNoInput() {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(run.getActions(InputAction.class)).isEmpty());
    }
}
