package io.jenkins.plugins.gitops.pages.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Run;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/**
 * A place besides our own pages where people see that a step waits, and at a gate may decide. Optional plugins bring
 * them. No method may block.
 */
public interface GateOffer extends ExtensionPoint {

    /** A run waits at the gate: since now, or still after a restart of the controller. */
    void show(@NonNull OfferedGate gate);

    /** Nobody can decide any more; may be said more than once, and of a gate that was never shown. */
    void withdraw(@NonNull OfferedGate gate);

    /** A step waits, whatever for: since now, or still after a restart of the controller. */
    void pause(@NonNull Run<?, ?> run, @NonNull FlowNode step);

    /** A step goes on; may be said more than once. */
    void resume(@NonNull Run<?, ?> run, @NonNull FlowNode step);

    /** Tells every offer; one that fails costs that offer alone. */
    static void each(@NonNull Consumer<GateOffer> act) {
        for (GateOffer offer : ExtensionList.lookup(GateOffer.class)) {
            try {
                act.accept(offer);
            } catch (RuntimeException e) {
                Logger.getLogger(GateOffer.class.getName())
                        .log(Level.WARNING, "A step that waits could not be shown by " + offer.getClass(), e);
            }
        }
    }
}
