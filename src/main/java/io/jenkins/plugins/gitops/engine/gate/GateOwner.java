package io.jenkins.plugins.gitops.engine.gate;

import java.util.Optional;

/** Whose gate it is: keeps the gate's events, hears them, and waits for its end. In Jenkins, a step of a run. */
@FunctionalInterface
public interface GateOwner {

    /**
     * Keeps an event durably; when this throws, the event did not happen. Called under the gate's lock: quick, and never
     * back into the gate.
     *
     * @param event follows all that were appended before
     */
    void append(GateEvent event);

    /** An event was kept. Called in order, under the gate's lock: neither blocks nor decides. */
    default void happened(GateEvent event) {}

    /** Whether anybody still waits for the gate's end: one that nobody waits for closes. */
    default boolean waits() {
        return true;
    }

    /** Why the wait was stopped, as a clause that any closing of the gate then gives as its reason; empty if it was not. */
    default Optional<String> stopped() {
        return Optional.empty();
    }
}
