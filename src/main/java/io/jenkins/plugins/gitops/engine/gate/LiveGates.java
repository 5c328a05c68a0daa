package io.jenkins.plugins.gitops.engine.gate;

import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import io.jenkins.plugins.gitops.engine.model.Release;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The live gates of a controller: where decisions come in, and where the checks of open gates are asked again and again.
 * The Jenkins pages and the playground both decide through here; who decides, and with which permissions, is established
 * by them at that moment and handed in. A gate is forgotten when it has ended; its events stay with its owner.
 */
public final class LiveGates {

    /** How often checks whose answer may change at any time are asked. */
    public static final Duration PULSE = Duration.ofSeconds(30);

    final ScheduledExecutorService scheduler;
    final ExecutorService workers;
    final Duration pulse;
    private final InstantSource clock;
    private final Map<String, LiveGate> gates = new LinkedHashMap<>();
    private volatile Instant changedAt = Instant.MIN;

    /**
     * @param scheduler for timers
     * @param workers where checks are asked, which may block
     */
    public LiveGates(ScheduledExecutorService scheduler, ExecutorService workers, InstantSource clock, Duration pulse) {
        this.scheduler = scheduler;
        this.workers = workers;
        this.clock = clock;
        this.pulse = pulse;
    }

    /**
     * Opens a gate. Older gates of the same target are superseded or waited for, as the definition says.
     *
     * @throws GateRefusedException if a check has the id of another one or of a built-in requirement
     */
    public LiveGate open(GateSubject subject, GateDefinition definition, GateQuestions questions, GateOwner owner) {
        List<String> checks = checks(subject, questions, List.of(definition)).stream()
                .map(GateCheck::id)
                .toList();
        GateEvent.Opened opened = new GateEvent.Opened(now(), subject, definition, checks);
        LiveGate gate = new LiveGate(this, Gate.of(List.of(opened)), questions, owner);
        // Before it is kept: a page that shows it takes decisions, too.
        List<LiveGate> older = enter(gate);
        try {
            gate.opened(opened);
        } catch (RuntimeException notKept) {
            leave(gate);
            throw notKept;
        }
        return join(gate, older);
    }

    /**
     * What a page would show of a gate that opened now, its checks asked once; nothing opens. Blocking.
     *
     * @param within how long checks may take; one that does not answer by then counts as not answered
     */
    public GateView preview(GateSubject subject, GateDefinition definition, GateQuestions questions, Duration within)
            throws InterruptedException {
        Instant begun = now();
        List<GateCheck> checks = checks(subject, questions, List.of(definition));
        Gate gate = Gate.of(List.of(new GateEvent.Opened(
                begun, subject, definition, checks.stream().map(GateCheck::id).toList())));
        try {
            return GateView.of(
                    gate, GateCheck.answers(checks, gate, begun, within).get(), now());
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }

    /** One whose checks do not depend on a declaration. */
    public LiveGate open(GateSubject subject, GateDefinition definition, List<GateCheck> checks, GateOwner owner) {
        return open(subject, definition, GateQuestions.of(checks), owner);
    }

    /** Resumes a gate after a restart, as its owner has kept it; nothing is told again. */
    public LiveGate resume(Gate kept, GateQuestions questions, GateOwner owner) {
        LiveGate gate = new LiveGate(this, kept, questions, owner);
        return join(gate, enter(gate));
    }

    /** One whose checks do not depend on a declaration. */
    public LiveGate resume(Gate kept, List<GateCheck> checks, GateOwner owner) {
        return resume(kept, GateQuestions.of(checks), owner);
    }

    /** @return those of the same target that came before */
    private List<LiveGate> enter(LiveGate gate) {
        synchronized (gates) {
            List<LiveGate> older = sameTarget(gate.gate().subject());
            gates.put(gate.id(), gate);
            return older;
        }
    }

    private static LiveGate join(LiveGate gate, List<LiveGate> older) {
        if (gate.gate().definition().newerRelease() == NewerRelease.SUPERSEDES) {
            older.stream().filter(before -> before != gate).forEach(before -> before.supersede(name(gate)));
        }
        gate.ask();
        return gate;
    }

    private static String name(LiveGate newer) {
        GateSubject.Promotion subject = (GateSubject.Promotion) newer.gate().subject();
        return Release.text(subject.release()) + (subject.run() == null ? "" : " (" + subject.run() + ")");
    }

    /** What is asked in a round, in order; last comes what keeps promotions of a target apart. */
    List<GateCheck> checks(GateSubject subject, GateQuestions questions, List<GateDefinition> readings) {
        List<GateCheck> checks = new ArrayList<>(questions.checks(readings));
        Set<String> taken = new HashSet<>(Gate.NOT_CHECKS);
        for (GateCheck check : checks) {
            if (!taken.add(check.id())) {
                throw new GateRefusedException(
                        GateRefusedException.Kind.INVALID,
                        "The gate for " + subject.target() + " has more than one requirement named '" + check.id()
                                + "': rename the check in gitops.yaml.");
            }
        }
        checks.add(GateCheck.of(Gate.TURN, (gate, now) -> turn(gate, questions)));
        return checks;
    }

    /** Promotions of one target go one after the other, in the order of their gates. */
    private CheckResult turn(Gate gate, GateQuestions questions) {
        return before(gate.subject())
                .map(before -> CheckResult.pending(
                        Gate.TURN,
                        "another promotion of " + gate.subject().target() + " came first"
                                + (before.subject().run() == null
                                        ? ""
                                        : ": " + before.subject().run()),
                        null))
                .orElseGet(() -> questions.turn(gate));
    }

    /** The oldest other gate of the same target that came before this one and has not ended. */
    private Optional<Gate> before(GateSubject subject) {
        synchronized (gates) {
            return sameTarget(subject).stream()
                    .map(LiveGate::gate)
                    .takeWhile(other -> !other.subject().gate().equals(subject.gate()))
                    .findFirst();
        }
    }

    /** A live gate, also one whose promotion is being committed, by its id. */
    public Optional<LiveGate> find(String gate) {
        synchronized (gates) {
            return Optional.ofNullable(gates.get(gate));
        }
    }

    /** Every gate that has not ended, oldest first. */
    public List<LiveGate> all() {
        synchronized (gates) {
            return List.copyOf(gates.values());
        }
    }

    /**
     * Has the gates of an application look again now instead of at the next pulse: something that they may wait for has
     * just changed by this controller's own doing.
     */
    public void lookAgain(String application) {
        changedAt = now();
        for (LiveGate gate : all()) {
            if (gate.gate().subject() instanceof GateSubject.Promotion promotion
                    && promotion.application().equals(application)) {
                gate.ask();
            }
        }
    }

    /** The same for the gates of every application. */
    public void lookAgain() {
        changedAt = now();
        all().forEach(LiveGate::ask);
    }

    /** When {@link #lookAgain} was called last: what was read before that may be outdated. */
    public Instant changedAt() {
        return changedAt;
    }

    private List<LiveGate> sameTarget(GateSubject subject) {
        return gates.values().stream()
                .filter(other -> other.gate().subject().isSameTarget(subject))
                .toList();
    }

    /** Forgets a gate that has ended, and lets those that waited for it look again. */
    void leave(LiveGate gate) {
        List<LiveGate> waiting;
        synchronized (gates) {
            gates.remove(gate.id(), gate);
            waiting = sameTarget(gate.gate().subject());
        }
        waiting.forEach(LiveGate::ask);
    }

    Instant now() {
        return clock.instant();
    }
}
