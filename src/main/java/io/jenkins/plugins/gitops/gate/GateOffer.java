package io.jenkins.plugins.gitops.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;

/** A place besides a gate's own page where people see that it waits, and may decide. Optional plugins bring them. */
public interface GateOffer extends ExtensionPoint {

    /** A run waits at the gate: since now, or still after a restart of the controller. Must not block. */
    void show(@NonNull OfferedGate gate);

    /** Nobody can decide any more; may be said more than once, and of a gate that was never shown. Must not block. */
    void withdraw(@NonNull OfferedGate gate);
}
