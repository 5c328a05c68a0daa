package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * All gates of a controller: where decisions come in, and where the checks of open gates are asked again and again. The
 * Jenkins pages and the playground both decide through here; who decides, and with which permissions, is established
 * by them at that moment and handed in. A gate is forgotten when it has ended; its events stay with its run.
 */
public final class GateDesk {

    /** How often checks whose answer may change at any time are asked. */
    public static final Duration PULSE = Duration.ofSeconds(30);

    private final ScheduledExecutorService scheduler;
    private final ExecutorService workers;
    private final InstantSource clock;
    private final Duration pulse;
    private final Map<String, OpenGate> gates = new LinkedHashMap<>();

    /**
     * @param scheduler for timers
     * @param workers where checks are asked, which may block
     */
    public GateDesk(
            @NonNull ScheduledExecutorService scheduler,
            @NonNull ExecutorService workers,
            @NonNull InstantSource clock,
            @NonNull Duration pulse) {
        this.scheduler = scheduler;
        this.workers = workers;
        this.clock = clock;
        this.pulse = pulse;
    }

    /**
     * Opens a gate, or takes one up again after a restart: then {@code past} is not empty and {@code subject} and
     * {@code definition} are those of its opening. Older gates of the same target are superseded or waited for, as the
     * definition says.
     *
     * @param past events that were stored before; empty for a new gate
     * @param opening what a new gate decides about; ignored when there is a past
     * @param checks asked in order; with them comes the one that keeps promotions of a target apart
     * @param store keeps events
     * @param listener hears every new event in order, must not block
     */
    @NonNull
    public OpenGate open(
            @NonNull List<GateEvent> past,
            @NonNull Opening opening,
            @NonNull List<GateCheck> checks,
            @NonNull GateKeeper.Store store,
            @NonNull Consumer<GateEvent> listener) {
        OpenGate gate;
        List<OpenGate> older;
        synchronized (gates) {
            gate = new OpenGate(this, past, opening, checks, store, listener);
            older = sameTarget(gate.keeper().gate().subject());
            gates.put(gate.id(), gate);
        }
        older.forEach(before -> before.makeWay(gate));
        gate.ask();
        return gate;
    }

    /** What a gate is opened for. */
    public record Opening(
            @NonNull GateSubject subject, @NonNull GateDefinition definition) {}

    /** An open gate, or one whose promotion is being committed, by its id. */
    @NonNull
    public Optional<OpenGate> find(@NonNull String gate) {
        synchronized (gates) {
            return Optional.ofNullable(gates.get(gate));
        }
    }

    /** Every gate that has not ended, oldest first. */
    @NonNull
    public List<OpenGate> open() {
        synchronized (gates) {
            return List.copyOf(gates.values());
        }
    }

    /** The oldest other gate of the same target that came before this one and has not ended. */
    @NonNull
    Optional<OpenGate> before(@NonNull OpenGate gate) {
        synchronized (gates) {
            return sameTarget(gate.keeper().gate().subject()).stream()
                    .takeWhile(other -> other != gate)
                    .findFirst();
        }
    }

    /**
     * Has the gates of an application look again now instead of at the next pulse: something that they may wait for has
     * just changed by this controller's own doing.
     */
    public void lookAgain(@NonNull String application) {
        for (OpenGate gate : open()) {
            if (gate.keeper().gate().subject().application().equals(application)) {
                gate.ask();
            }
        }
    }

    private List<OpenGate> sameTarget(GateSubject subject) {
        return gates.values().stream()
                .filter(other -> other.isSameTarget(subject))
                .toList();
    }

    /** Forgets a gate that has ended, and lets those that waited for it look again. */
    void leave(@NonNull OpenGate gate) {
        List<OpenGate> waiting;
        synchronized (gates) {
            gates.remove(gate.id(), gate);
            waiting = sameTarget(gate.keeper().gate().subject());
        }
        waiting.forEach(OpenGate::ask);
    }

    @NonNull
    ScheduledExecutorService scheduler() {
        return scheduler;
    }

    @NonNull
    ExecutorService workers() {
        return workers;
    }

    @NonNull
    InstantSource clock() {
        return clock;
    }

    @NonNull
    Duration pulse() {
        return pulse;
    }
}
