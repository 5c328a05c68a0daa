package io.jenkins.plugins.gitops.pages.gate;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.blueocean.events.PipelineEventListener;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.standalone.RecordedStepContext;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStep;
import org.jenkinsci.plugins.workflow.support.steps.input.InputStepExecution;
import org.junit.jupiter.api.Test;

/** Which inputs a run has, and since when, while steps wait. */
class RunInputsTest extends GateInputFixture {

    @Test
    void severalGatesOfARunAreDecidedOneByOne() throws Exception {
        OfferedGate first = open(ONE_MANAGER);
        OfferedGate second = open(ONE_MANAGER);
        InputAction action = run.getAction(InputAction.class);
        assertThat(inputs()).hasSize(2);

        proceed(MANAGER, action.getExecution("Gate-" + second.id()), Map.of());
        second.withdraw();

        assertThat(first.isOpen()).isTrue();
        assertThat(onlyInput().getId()).isEqualTo("Gate-" + first.id());
    }

    @Test
    void aGateThatIsShownAgainIsStillOneInput() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        gate.show();

        assertThat(inputs()).hasSize(1);
    }

    @Test
    void withTheLastGateTheRunHasItsOwnInputsAgain() throws Exception {
        InputAction own = new InputAction();
        own.onAttached(run);
        run.addAction(own);
        OfferedGate gate = open(ONE_MANAGER);
        assertThat(run.getActions(InputAction.class)).hasSize(1).doesNotContain(own);

        gate.withdraw();
        gate.withdraw();

        assertThat(run.getActions(InputAction.class)).containsExactly(own);
    }

    @Test
    void aRunWithoutInputsOfItsOwnHasNoneAfterTheGate() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);

        gate.withdraw();

        assertThat(run.getActions(InputAction.class)).isEmpty();
    }

    @Test
    void openPagesOfBlueOceanLearnOfAGateThatOpensAndEnds() throws Exception {
        PipelineEventListener blueOcean = new PipelineEventListener();
        List<FlowNode> others = new ArrayList<>();
        GraphListener other = others::add;
        jenkins.withExtension(blueOcean).withExtension(other);

        StepPause pause = StepPause.begin(run, node);
        assertThat(blueOcean.heard).isEmpty();
        OfferedGate gate = open(ONE_MANAGER);
        assertThat(blueOcean.heard).containsExactly(node);
        gate.withdraw();
        pause.end();
        pause.end();

        assertThat(blueOcean.heard).containsExactly(node, node);
        assertThat(others).isEmpty();
    }

    /** Blue Ocean asks for the run's inputs before it looks at the pause. */
    @Test
    void aStepThatWaitsForAMachineIsPausedAndNoInput() throws Exception {
        StepPause pause = StepPause.begin(run, node);
        StepPause.begin(run, node);

        assertThat(PauseAction.isPaused(node)).isTrue();
        assertThat(node.getActions(PauseAction.class))
                .singleElement()
                .satisfies(paused -> assertThat(paused.getCause()).isEqualTo("Input"));
        assertThat(inputs()).isEmpty();

        pause.end();
        pause.end();
        assertThat(PauseAction.isPaused(node)).isFalse();
        assertThat(run.getActions(InputAction.class)).isEmpty();
    }

    @Test
    void aStepThatWaitsTwiceHasOnePauseAsLongAsBoth() throws Exception {
        StepPause.begin(run, node).end();
        PauseAction first = node.getAction(PauseAction.class);
        first.setStartTime(first.getStartTime() - Duration.ofHours(1).toMillis());

        StepPause.begin(run, node);

        assertThat(node.getActions(PauseAction.class)).hasSize(1).doesNotContain(first);
        assertThat(PauseAction.getPauseDuration(node))
                .isGreaterThanOrEqualTo(Duration.ofHours(1).toMillis());
        assertThat(PauseAction.isPaused(node)).isTrue();
    }

    @Test
    void theRunKnowsOfInputsUntilItsLastStepGoesOn() throws Exception {
        StepPause pause = StepPause.begin(run, node);
        OfferedGate gate = open(ONE_MANAGER);

        gate.withdraw();
        assertThat(run.getActions(InputAction.class)).hasSize(1);

        pause.end();
        assertThat(run.getActions(InputAction.class)).isEmpty();
    }

    @Test
    void anInputStepBesideAGateIsSettledAsEver() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);
        RecordedStepContext beside = new RecordedStepContext(run);
        InputStepExecution input = input("Beside", beside);
        input.start();
        assertThat(inputs()).hasSize(2);
        InputAction action = run.getAction(InputAction.class);

        try (ACLContext as = ACL.as2(CANCELLER)) {
            assertThat(action.getExecution("Beside")).as("%s", as).isSameAs(input);
            input.doProceedEmpty();
        }

        assertThat(beside.ended()).isCompleted();
        assertThat(onlyInput().getId()).isEqualTo("Gate-" + gate.id());
        gate.withdraw();
        assertThat(run.getActions(InputAction.class)).singleElement().satisfies(own -> {
            assertThat(own).isNotInstanceOf(RunInputs.class);
            assertThat(own.isWaitingForInput()).isFalse();
        });
    }

    @Test
    void anInputStepOutlivesTheGateBesideIt() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);
        RecordedStepContext beside = new RecordedStepContext(run);
        InputStepExecution input = input("Beside", beside);
        input.start();

        gate.withdraw();

        assertThat(onlyInput()).isSameAs(input);
    }

    @Test
    void anInputStepThatFoundTheInputsOfAGateJustWithdrawnIsStillFound() throws Exception {
        OfferedGate gate = open(ONE_MANAGER);
        InputAction found = run.getAction(InputAction.class);
        gate.withdraw();
        OfferedGate next = open(ONE_MANAGER);

        InputStepExecution late = input("Late", new RecordedStepContext(run));
        found.add(late);

        assertThat(inputs()).contains(late).hasSize(2);

        next.withdraw();
        assertThat(onlyInput()).isSameAs(late);
    }

    @Test
    void whatIsSavedKnowsNothingOfGates() throws Exception {
        open(ONE_MANAGER);

        Object saved = ((RunInputs) run.getAction(InputAction.class)).writeReplace();

        assertThat(saved).hasSameClassAs(new InputAction());
        assertThat(((InputAction) saved).getExecutions()).isEmpty();
    }

    @Test
    void withoutThePluginThereIsNoInput() throws Exception {
        new StandIn().install().withRootDir(home.toFile()).withExtension(new GitOpsServices());

        OfferedGate gate = open(ONE_MANAGER);
        gate.withdraw();

        assertThat(run.getActions(InputAction.class)).isEmpty();
    }

    /** An {@code input} step of the run. */
    private static InputStepExecution input(String id, RecordedStepContext context) throws Exception {
        InputStep step = new InputStep("Go on?");
        step.setId(id);
        return (InputStepExecution) step.start(context);
    }
}
