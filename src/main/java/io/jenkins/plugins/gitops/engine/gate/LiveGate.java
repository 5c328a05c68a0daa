package io.jenkins.plugins.gitops.engine.gate;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * A gate that has not ended: its state, its checks, and the timer that has them asked again.
 *
 * <p>Events come in one after the other, so that of two approvals that complete a quorum at the same time one grants and
 * there is one promotion. An event counts once its {@link GateOwner} has kept it: when that fails, nothing happened. What
 * to append is decided outside the lock, from a state that is compared when the lock is held; so neither a check nor a
 * calendar keeps anybody waiting.
 */
public final class LiveGate {

    private static final Logger LOGGER = Logger.getLogger(LiveGate.class.getName());

    /** A check that has not answered by then counts as not answered. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);

    private final ReentrantLock lock = new ReentrantLock();
    private final LiveGates gates;
    private final GateOwner owner;
    private final GateQuestions questions;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final AtomicBoolean askAgain = new AtomicBoolean();
    private volatile Gate gate;
    private volatile Map<String, CheckResult> results = Map.of();
    private volatile Shown shown;
    private volatile Future<?> timer;

    /**
     * What pages were shown last.
     *
     * @param gate the very state it was made of, as are {@code results}
     * @param second in which it was so: time itself opens and closes the gate's calendar
     */
    private record Shown(Gate gate, Map<String, CheckResult> results, Instant second, GateView view) {}

    /** @param gate as the owner has kept it */
    LiveGate(LiveGates gates, Gate gate, GateQuestions questions, GateOwner owner) {
        this.gates = gates;
        this.gate = gate;
        this.owner = owner;
        this.questions = questions;
    }

    /** Its checks do not depend on a declaration. */
    LiveGate(LiveGates gates, Gate gate, List<GateCheck> checks, GateOwner owner) {
        this(gates, gate, GateQuestions.of(checks), owner);
    }

    /** Unique; the id of its subject. */
    public String id() {
        return gate().subject().gate();
    }

    /** The gate as it stands now. */
    public Gate gate() {
        return gate;
    }

    /** What the checks said last, by id; not kept over a restart. */
    public Map<String, CheckResult> results() {
        return results;
    }

    /** Why the gate stands where it stands. */
    public String explain() {
        return GateMessages.explain(gate(), results(), gates.now());
    }

    /** What a page shows of it now. Made once a second at most while nothing changes, however many people look. */
    public GateView view() {
        Gate seen = gate();
        Map<String, CheckResult> said = results();
        Instant now = gates.now();
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        Shown known = shown;
        if (known == null
                || known.gate() != seen
                || known.results() != said
                || !known.second().equals(second)) {
            known = new Shown(seen, said, second, GateView.of(seen, said, now));
            shown = known;
        }
        return known.view();
    }

    /**
     * Takes a person's decision, and at once what follows from it.
     *
     * @param decision id of the click: a repeated request with the same id is refused
     * @param by as the caller authenticated and authorised them just now
     * @param rule one of {@link GateDecisions}' decisions, its arguments filled in
     * @throws GateRefusedException with one sentence; nothing changed
     */
    public Gate decide(String decision, Person by, BiFunction<Gate, GateDecisions.Decision, GateEvent> rule) {
        closeIfLeft();
        Gate decided = change(seen -> {
            Instant now = gates.now();
            GateEvent event = rule.apply(seen, new GateDecisions.Decision(decision, by, now));
            List<GateEvent> events = new ArrayList<>(List.of(event));
            events.addAll(GateDecisions.settle(seen.with(event), results(), now));
            return events;
        });
        ask();
        return decided;
    }

    /** The promotion's commit stands: the gate has ended. */
    public void promoted(String commit) {
        end(seen -> isCommitting(seen) ? List.of(new GateEvent.Promoted(gates.now(), commit)) : List.of());
    }

    /** The question was answered, and there is no promotion to commit: the gate has ended. */
    public void answered() {
        leave();
    }

    /**
     * The gate has lost its sense, because its run was aborted or the promotion that it let pass could not be committed;
     * one that has ended stays as it is.
     */
    public void close(String reason) {
        end(seen -> seen.status() == GateStatus.OPEN || isCommitting(seen)
                ? List.of(new GateEvent.Closed(gates.now(), owner.stopped().orElse(reason)))
                : List.of());
    }

    /** One that nobody waits for takes no decision: what it let pass, nobody would do. */
    private void closeIfLeft() {
        if (gate().status() == GateStatus.OPEN && !owner.waits()) {
            close("its run no longer waits for it");
        }
    }

    /**
     * The promotion was granted before a restart and not committed: it is granted again as soon as every requirement
     * holds now. Approvals stay.
     */
    public void reopen(String reason) {
        reopen(reason, List.of());
    }

    /**
     * The same, of a promotion whose pull request may not be merged yet.
     *
     * @param lapsed reviews that do not count any more
     */
    public void reopen(String reason, List<GateEvent.Review> lapsed) {
        change(seen -> isCommitting(seen)
                ? Stream.<GateEvent>concat(
                                Stream.of(new GateEvent.Reopened(gates.now(), reason)),
                                seen.approvals().stream()
                                        .filter(approved ->
                                                approved.review() != null && lapsed.contains(approved.review()))
                                        .map(approved -> new GateEvent.Withdrawn(
                                                gates.now(), "review:" + UUID.randomUUID(), approved.by(), reason)))
                        .toList()
                : List.of());
        ask();
    }

    /** Makes way for other gates even where the event cannot be kept, because the run was deleted. */
    private void end(Function<Gate, List<GateEvent>> events) {
        try {
            change(events);
        } finally {
            leave();
        }
    }

    /** A newer release takes the place of an undecided one. */
    void supersede(String by) {
        change(seen ->
                seen.status() == GateStatus.OPEN ? List.of(new GateEvent.Superseded(gates.now(), by)) : List.of());
        ask();
    }

    private static boolean isCommitting(Gate gate) {
        return gate.status().isGranted() && gate.commit().isEmpty();
    }

    /** Takes what the checks say now and lets the gate act on it. */
    Gate settle(Map<String, CheckResult> answers) {
        Map<String, CheckResult> now = Map.copyOf(answers);
        results = now;
        return change(seen -> GateDecisions.settle(seen, now, gates.now()));
    }

    /** Appends what follows from the state, which is looked at again when another thread was faster. */
    private Gate change(Function<Gate, List<GateEvent>> events) {
        while (true) {
            Gate seen = gate();
            List<GateEvent> following = events.apply(seen);
            lock.lock();
            try {
                if (gate == seen) {
                    following.forEach(this::append);
                    return gate;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Keeps its first event; a decision that comes meanwhile waits. */
    void opened(GateEvent.Opened event) {
        lock.lock();
        try {
            owner.append(event);
            happened(event);
        } finally {
            lock.unlock();
        }
    }

    private void append(GateEvent event) {
        Gate next = gate.with(event);
        owner.append(event);
        gate = next;
        happened(event);
    }

    /** The event stands, whatever becomes of the news. */
    private void happened(GateEvent event) {
        try {
            owner.happened(event);
        } catch (RuntimeException defect) {
            LOGGER.log(
                    Level.WARNING, "The owner of the gate for " + gate.subject().target() + " failed", defect);
        }
    }

    /** Asks the checks now, on a worker; many calls at once become one or two rounds. */
    public void ask() {
        askAgain.set(true);
        if (asking.compareAndSet(false, true)) {
            try {
                gates.workers.execute(this::round);
            } catch (RejectedExecutionException stopping) {
                asking.set(false);
                LOGGER.log(Level.FINE, "Jenkins stops; the gate is resumed when it starts", stopping);
            }
        }
    }

    /** Asks every check; the round ends, on a worker, when the last one has answered. Nothing it meets ends the asking. */
    private void round() {
        try {
            askAgain.set(false);
            Gate seen = gate();
            closeIfLeft();
            if (gate().status() != GateStatus.OPEN) {
                roundEnded();
                return;
            }
            if (amend(seen)) {
                seen = gate();
            }
            List<GateCheck> checks = gates.checks(seen.subject(), questions, seen.readings());
            GateCheck.answers(checks, seen, gates.now(), LONGEST_ANSWER)
                    .whenCompleteAsync((said, never) -> settleRound(said), gates.workers);
        } catch (Throwable defect) {
            LOGGER.log(Level.WARNING, "The checks of the gate for " + target() + " could not be run", defect);
            roundEnded();
        }
    }

    /** Asks for more, where the gate is declared to by now: whether it is declared otherwise than before. */
    private boolean amend(Gate seen) {
        Optional<GateQuestions.Declared> declared;
        try {
            declared = questions.declared(seen);
        } catch (GitOpsException unknown) {
            // The checks need the declaration, too, and say what keeps it from being read.
            return false;
        }
        declared.ifPresent(now -> {
            List<GateDefinition> readings = List.of(seen.definition(), now.definition());
            List<String> checks = gates.checks(seen.subject(), questions, readings).stream()
                    .map(GateCheck::id)
                    .toList();
            // What was enough before may not be enough now.
            results = Map.of();
            change(state -> state.status() == GateStatus.OPEN
                    ? List.of(new GateEvent.Amended(gates.now(), now.definition(), checks, now.commit(), now.change()))
                    : List.of());
        });
        return declared.isPresent();
    }

    private void settleRound(Map<String, CheckResult> said) {
        try {
            settle(said);
        } catch (Throwable defect) {
            LOGGER.log(Level.WARNING, "The gate for " + target() + " could not be settled", defect);
        } finally {
            roundEnded();
        }
    }

    private String target() {
        return gate().subject().target();
    }

    private void roundEnded() {
        asking.set(false);
        if (askAgain.get()) {
            ask();
        } else {
            rest();
        }
    }

    /** Leaves when it has ended; otherwise comes back when something is due. */
    private void rest() {
        Gate now = gate();
        if (now.status() != GateStatus.OPEN) {
            if (!now.status().isGranted()) {
                leave();
            }
            return;
        }
        Duration pause = Duration.between(gates.now(), due(now));
        stopTimer();
        try {
            timer = gates.scheduler.schedule(this::ask, Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopping) {
            LOGGER.log(Level.FINE, "Jenkins stops; the gate is resumed when it starts", stopping);
        }
    }

    /** When time itself changes something, or at the next pulse. */
    private Instant due(Gate open) {
        Instant now = gates.now();
        Instant pulse = now.plus(gates.pulse);
        return Stream.of(
                        Requirement.of(open, results(), now).stream()
                                .map(Requirement::until)
                                .filter(until -> until != null),
                        open.expiresAt().stream(),
                        open.remindsAt().stream())
                .flatMap(instants -> instants)
                .filter(instant -> instant.isAfter(now) && instant.isBefore(pulse))
                .min(Instant::compareTo)
                .orElse(pulse);
    }

    private void leave() {
        stopTimer();
        gates.leave(this);
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }
}
