package io.jenkins.plugins.gitops.gate.input;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.gitops.gate.GateOffer;
import io.jenkins.plugins.gitops.gate.OfferedGate;
import jenkins.model.Jenkins;

/**
 * Shows gates as {@code input} in the run: Blue Ocean, Pipeline Graph View and the stage view take nothing else for a
 * stage that waits for people. Names no class of pipeline-input-step, which may not be installed.
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

    private static boolean isInputInstalled() {
        return Jenkins.get().getPlugin("pipeline-input-step") != null;
    }
}
