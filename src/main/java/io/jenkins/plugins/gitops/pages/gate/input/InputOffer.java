package io.jenkins.plugins.gitops.pages.gate.input;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.gitops.pages.gate.GateOffer;
import io.jenkins.plugins.gitops.pages.gate.OfferedGate;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * Shows gates as {@code input} in the run: Blue Ocean, Pipeline Graph View and the stage view take nothing else for a
 * stage that waits for people. For a step that waits for a machine there is nothing to show, but Blue Ocean asks whether
 * the run knows of inputs at all before it says that a step is paused. Names no class of pipeline-input-step, which may
 * not be installed.
 */
@Extension
public final class InputOffer implements GateOffer {

    @Override
    public void show(@NonNull OfferedGate gate) {
        if (isInputInstalled()) {
            RunInputs.show(gate);
        }
    }

    @Override
    public void withdraw(@NonNull OfferedGate gate) {
        if (isInputInstalled()) {
            RunInputs.withdraw(gate);
        }
    }

    @Override
    public void pause(@NonNull Run<?, ?> run, @NonNull FlowNode step) {
        if (isInputInstalled()) {
            RunInputs.pause(run, step);
        }
    }

    @Override
    public void resume(@NonNull Run<?, ?> run, @NonNull FlowNode step) {
        if (isInputInstalled()) {
            RunInputs.resume(run, step);
        }
    }

    private static boolean isInputInstalled() {
        return Jenkins.get().getPlugin("pipeline-input-step") != null;
    }
}
