package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** A gate at the {@link GateDesk}: its keeper, its checks, and the timer that has them asked again. */
public final class OpenGate {

    private static final Logger LOGGER = Logger.getLogger(OpenGate.class.getName());

    private final GateDesk desk;
    private final GateKeeper keeper;
    private final List<GateCheck> checks;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final AtomicBoolean askAgain = new AtomicBoolean();
    private volatile Future<?> timer;

    OpenGate(
            GateDesk desk,
            List<GateEvent> past,
            GateDesk.Opening opening,
            List<GateCheck> automatic,
            GateKeeper.Store store,
            Consumer<GateEvent> listener) {
        this.desk = desk;
        checks = new ArrayList<>(automatic);
        checks.add(new Turn());
        List<String> ids = checks.stream().map(GateCheck::id).toList();
        keeper = past.isEmpty()
                ? GateKeeper.open(
                        new GateEvent.Opened(desk.clock().instant(), opening.subject(), opening.definition(), ids),
                        store,
                        listener,
                        desk.clock())
                : GateKeeper.resume(past, store, listener, desk.clock());
    }

    /** Unique; the id of its subject. */
    @NonNull
    public String id() {
        return keeper.gate().subject().gate();
    }

    @NonNull
    public GateKeeper keeper() {
        return keeper;
    }

    /**
     * Takes a person's decision; what follows from it comes about soon after.
     *
     * @param decision id of the click: a repeated request with the same id is refused
     * @param by as the caller authenticated and authorised them just now
     * @throws GateRefusedException with one sentence; nothing changed
     */
    @NonNull
    public Gate decide(@NonNull String decision, @NonNull Person by, @NonNull GateKeeper.Rule rule) {
        Gate gate = keeper.decide(decision, by, rule);
        ask();
        return gate;
    }

    /** The promotion's commit stands: the gate has ended. */
    public void promoted(@NonNull String commit) {
        keeper.promoted(commit);
        leave();
    }

    /** The question was answered, and there is no promotion to commit: the gate has ended. */
    public void answered() {
        leave();
    }

    /** The promotion could not be committed: the gate closes. */
    public void failed(@NonNull String reason) {
        keeper.failed(reason);
        leave();
    }

    /** The gate has lost its sense, for example because its run was aborted. */
    public void close(@NonNull String reason) {
        keeper.close(reason);
        keeper.failed(reason);
        leave();
    }

    /** Asks the checks now, on a worker; many calls at once become one or two rounds. */
    public void ask() {
        askAgain.set(true);
        if (asking.compareAndSet(false, true)) {
            desk.workers().execute(this::rounds);
        }
    }

    private void rounds() {
        try {
            while (askAgain.getAndSet(false) && keeper.gate().status() == GateStatus.OPEN) {
                round();
            }
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "the gate for " + keeper.gate().subject().target() + " could not be settled", e);
        } finally {
            asking.set(false);
        }
        if (askAgain.get()) {
            ask();
        } else {
            rest();
        }
    }

    private void round() {
        Gate gate = keeper.gate();
        Map<String, CheckResult> answers = new LinkedHashMap<>();
        for (GateCheck check : checks) {
            answers.put(check.id(), answer(check, gate));
        }
        keeper.settle(answers);
    }

    private CheckResult answer(GateCheck check, Gate gate) {
        try {
            return check.answer(gate, desk.clock().instant());
        } catch (GitOpsException notNow) {
            return CheckResult.pending(check.id(), "could not be asked: " + notNow.getMessage(), null);
        } catch (RuntimeException defect) {
            LOGGER.log(Level.WARNING, "the check " + check.id() + " failed", defect);
            return CheckResult.pending(check.id(), "could not be asked: " + defect, null);
        }
    }

    /** Leaves when it has ended; otherwise comes back when something is due. */
    private void rest() {
        Gate gate = keeper.gate();
        if (gate.status() != GateStatus.OPEN) {
            if (!gate.status().isGranted()) {
                leave();
            }
            return;
        }
        Instant now = desk.clock().instant();
        Instant next = Stream.of(
                        keeper.requirements().stream().map(Requirement::until).filter(until -> until != null),
                        gate.expiresAt().stream(),
                        gate.remindsAt().stream())
                .flatMap(instants -> instants)
                .filter(instant -> instant.isAfter(now))
                .min(Instant::compareTo)
                .filter(instant -> instant.isBefore(now.plus(desk.pulse())))
                .orElse(now.plus(desk.pulse()));
        stopTimer();
        try {
            timer = desk.scheduler()
                    .schedule(this::ask, Math.max(1, Duration.between(now, next).toMillis()), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopping) {
            LOGGER.log(Level.FINE, "the controller stops; the gate is taken up again when it starts", stopping);
        }
    }

    private void leave() {
        stopTimer();
        desk.leave(this);
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    boolean isSameTarget(GateSubject other) {
        GateSubject own = keeper.gate().subject();
        return own.question() == null
                && own.repository().equals(other.repository())
                && own.branch().equals(other.branch())
                && own.target().equals(other.target());
    }

    /** A newer gate for the same target has come. */
    void makeWay(OpenGate newer) {
        if (newer != this && newer.keeper.gate().definition().newerRelease() == NewerRelease.SUPERSEDES) {
            GateSubject subject = newer.keeper.gate().subject();
            keeper.supersede(Words.images(subject.release())
                    + Optional.ofNullable(subject.run())
                            .map(run -> " (" + run + ")")
                            .orElse(""));
            ask();
        }
    }

    /** Promotions of one target go one after the other, in the order of their gates. */
    private final class Turn implements GateCheck {

        @Override
        @NonNull
        public String id() {
            return Gate.TURN;
        }

        @Override
        @NonNull
        public CheckResult answer(@NonNull Gate gate, @NonNull Instant now) {
            return desk.before(OpenGate.this)
                    .map(before -> CheckResult.pending(
                            Gate.TURN,
                            "another promotion of " + gate.subject().target() + " came before"
                                    + Optional.ofNullable(before.keeper
                                                    .gate()
                                                    .subject()
                                                    .run())
                                            .map(run -> ": " + run)
                                            .orElse(""),
                            null))
                    .orElseGet(() -> CheckResult.passed(Gate.TURN, "no other promotion is under way"));
        }
    }
}
