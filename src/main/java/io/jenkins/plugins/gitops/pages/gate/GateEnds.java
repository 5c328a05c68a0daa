package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.gitops.pages.Messages;
import java.util.Optional;

/**
 * Closes the gates of a run that ends or is deleted. A step that is stopped closes its gate itself, but a run that is
 * killed, or that cannot resume, stops no step; its gate would keep other promotions of the target waiting.
 */
@Extension
public final class GateEnds extends RunListener<Run<?, ?>> {

    @Override
    public void onFinalized(@NonNull Run<?, ?> run) {
        gates(run).ifPresent(gates -> gates.close(Messages.GateAction_runEnded()));
    }

    @Override
    public void onDeleted(@NonNull Run<?, ?> run) {
        gates(run).ifPresent(gates -> gates.close(Messages.GateAction_runDeleted()));
    }

    private static Optional<GateAction> gates(Run<?, ?> run) {
        return Optional.ofNullable(run.getAction(GateAction.class));
    }
}
