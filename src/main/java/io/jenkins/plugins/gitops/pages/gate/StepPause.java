package io.jenkins.plugins.gitops.pages.gate;

import hudson.ExtensionList;
import hudson.model.Run;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.flow.GraphListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;

/**
 * Marks a step that waits, for the views of Pipelines. Some go by the cause of the pause, which must be the one that the
 * {@code input} step of pipeline-input-step gives.
 */
public final class StepPause {

    private static final String CAUSE = "Input";

    private static final String BLUE_OCEAN = "io.jenkins.blueocean.events.PipelineEventListener";

    private final Run<?, ?> run;
    private final FlowNode step;

    private StepPause(Run<?, ?> run, FlowNode step) {
        this.run = run;
        this.step = step;
    }

    /**
     * The step waits: since now, or still after a restart, and then it is marked already. A step that waited before, at
     * a gate, has one pause for both, as long as the two together: views look at the first one alone, or at the last.
     */
    public static StepPause begin(Run<?, ?> run, FlowNode step) {
        if (!PauseAction.isPaused(step)) {
            PauseAction pause = new PauseAction(CAUSE);
            pause.setStartTime(pause.getStartTime() - PauseAction.getPauseDuration(step));
            step.addOrReplaceAction(pause);
        }
        OfferedGate.withInputs(() -> RunInputs.pause(run, step));
        return new StepPause(run, step);
    }

    /** The step goes on; may be said more than once. */
    public void end() throws IOException {
        OfferedGate.withInputs(() -> RunInputs.resume(run, step));
        if (PauseAction.isPaused(step)) {
            PauseAction.endCurrentPause(step);
            OfferedGate.withInputs(() -> tellBlueOcean(step));
        }
    }

    /**
     * Blue Ocean looks whether a step is paused as the step begins; its open pages learn of a gate that opens later only
     * where its listener hears of the step again.
     */
    static void tellBlueOcean(FlowNode step) {
        ExtensionList.lookup(GraphListener.class).stream()
                .filter(listener -> listener.getClass().getName().equals(BLUE_OCEAN))
                .forEach(listener -> listener.onNewHead(step));
    }
}
