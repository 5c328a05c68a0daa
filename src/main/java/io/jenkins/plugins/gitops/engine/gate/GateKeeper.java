package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Holds one gate and lets decisions in one after the other, so that of two approvals that complete a quorum at the same
 * time one grants and there is one promotion. An event counts once its {@link Store} has it: when storing fails, nothing
 * happened.
 */
public final class GateKeeper {

    private final ReentrantLock lock = new ReentrantLock();
    private final Store store;
    private final Consumer<GateEvent> listener;
    private final InstantSource clock;
    private Gate gate;
    private Map<String, CheckResult> results = Map.of();

    /** Keeps events durably. Called under the gate's lock: quick, and never back into the gate. */
    @FunctionalInterface
    public interface Store {

        /**
         * Appends an event; when this throws, the event did not happen.
         *
         * @param event follows all that were appended before
         */
        void append(@NonNull GateEvent event);
    }

    private GateKeeper(Gate gate, Store store, Consumer<GateEvent> listener, InstantSource clock) {
        this.gate = gate;
        this.store = store;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Opens a gate.
     *
     * @param listener hears every event once it is stored, in order, under the gate's lock: must neither block nor decide
     */
    @NonNull
    public static GateKeeper open(
            @NonNull GateEvent.Opened opening,
            @NonNull Store store,
            @NonNull Consumer<GateEvent> listener,
            @NonNull InstantSource clock) {
        store.append(opening);
        listener.accept(opening);
        return new GateKeeper(Gate.of(List.of(opening)), store, listener, clock);
    }

    /** Takes up a gate that was kept before, without telling the listener again. */
    @NonNull
    public static GateKeeper resume(
            @NonNull List<GateEvent> events,
            @NonNull Store store,
            @NonNull Consumer<GateEvent> listener,
            @NonNull InstantSource clock) {
        return new GateKeeper(Gate.of(events), store, listener, clock);
    }

    /** The gate as it stands now. */
    @NonNull
    public Gate gate() {
        lock.lock();
        try {
            return gate;
        } finally {
            lock.unlock();
        }
    }

    /** What the checks said last, by id; not kept over a restart. */
    @NonNull
    public Map<String, CheckResult> results() {
        lock.lock();
        try {
            return results;
        } finally {
            lock.unlock();
        }
    }

    /** Where each requirement stands now. */
    @NonNull
    public List<Requirement> requirements() {
        lock.lock();
        try {
            return GateRequirements.of(gate, results, clock.instant());
        } finally {
            lock.unlock();
        }
    }

    /** Why the gate stands where it stands. */
    @NonNull
    public String explain() {
        lock.lock();
        try {
            return GateStory.explain(gate, results, clock.instant());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a person's decision, and at once what follows from it.
     *
     * @param id of the click; see {@link GateRules.Decision}
     * @param rule one of {@link GateRules}' decisions
     * @throws GateRefusedException and nothing changed
     */
    @NonNull
    public Gate decide(@NonNull String id, @NonNull Person by, @NonNull Rule rule) {
        lock.lock();
        try {
            append(rule.decide(gate, new GateRules.Decision(id, by, clock.instant())));
            return settleNow();
        } finally {
            lock.unlock();
        }
    }

    /** One of {@link GateRules}' decisions, its arguments filled in. */
    @FunctionalInterface
    public interface Rule {

        /** The event to append. */
        @NonNull
        GateEvent decide(@NonNull Gate gate, @NonNull GateRules.Decision decision);
    }

    /** Takes what the checks say now and lets the gate act on it. */
    @NonNull
    public Gate settle(@NonNull Map<String, CheckResult> answers) {
        lock.lock();
        try {
            results = Map.copyOf(answers);
            return settleNow();
        } finally {
            lock.unlock();
        }
    }

    private Gate settleNow() {
        GateRules.settle(gate, results, clock.instant()).forEach(this::append);
        return gate;
    }

    /** Closes the gate because it lost its sense; nothing happens when it has ended already. */
    @NonNull
    public Gate close(@NonNull String reason) {
        return end(at -> new GateEvent.Closed(at, reason));
    }

    /** Closes the gate in favour of a newer release; nothing happens when it has ended already. */
    @NonNull
    public Gate supersede(@NonNull String by) {
        return end(at -> new GateEvent.Superseded(at, by));
    }

    private Gate end(Function<Instant, GateEvent> event) {
        lock.lock();
        try {
            if (gate.status() == GateStatus.OPEN) {
                append(event.apply(clock.instant()));
            }
            return gate;
        } finally {
            lock.unlock();
        }
    }

    /** The promotion's commit stands; nothing happens when that is recorded already. */
    @NonNull
    public Gate promoted(@NonNull String commit) {
        return afterGrant(at -> new GateEvent.Promoted(at, commit));
    }

    /** The promotion was granted but could not be committed; nothing happens when it has ended already. */
    @NonNull
    public Gate failed(@NonNull String reason) {
        return afterGrant(at -> new GateEvent.Closed(at, reason));
    }

    private Gate afterGrant(Function<Instant, GateEvent> event) {
        lock.lock();
        try {
            if (gate.status().isGranted() && gate.commit().isEmpty()) {
                append(event.apply(clock.instant()));
            }
            return gate;
        } finally {
            lock.unlock();
        }
    }

    private void append(GateEvent event) {
        Gate next = gate.with(event);
        store.append(event);
        gate = next;
        listener.accept(event);
    }
}
