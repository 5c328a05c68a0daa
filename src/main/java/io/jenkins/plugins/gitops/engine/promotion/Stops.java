package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.ical.Calendars;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.PushRefusedException;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.Locks;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.lock.Turn;
import io.jenkins.plugins.gitops.engine.lock.Turns;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.NamedFreeze;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * What keeps targets as they are for now, whoever asks and from where: the freezes that {@code gitops.yaml} declares, and
 * the locks that people set. A gate waits for them; where there is no gate to wait at, bump and promotion are refused.
 * A rollback passes freezes, and locks but those that say otherwise: recovery must not wait.
 */
public final class Stops {

    private static final String LOCKED =
            "; wait, or have it unlocked with a reason (gitopsUnlock, or Unlock on the page Deployments).";

    private static final String TURN = "; the gate waits until it is done.";

    private static final String FROZEN =
            ", or give it a gate, where somebody with the permission GitOps/Override can decide otherwise.";

    /** More than one reading of calendars takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final String OPEN = "promotions are allowed now";

    private static final Logger LOGGER = Logger.getLogger(Stops.class.getName());

    private final InstantSource clock;

    @Nullable
    private final Supplier<Calendars> calendars;

    /** @param calendars asked for where a freeze names one */
    public Stops(InstantSource clock, Supplier<Calendars> calendars) {
        this.clock = clock;
        this.calendars = calendars;
    }

    /** Where no freeze names a calendar. */
    public Stops(InstantSource clock) {
        this.clock = clock;
        this.calendars = null;
    }

    private Calendars calendars() {
        if (calendars == null) {
            throw new IllegalStateException("no calendars are read here");
        }
        return calendars.get();
    }

    /** Why environments without a gate may not be bumped or promoted into now; empty when they may. Blocking. */
    Optional<StoppedException> ofChange(
            ConfigRepository repository,
            Declaration declaration,
            String application,
            List<String> environments,
            Progress progress) {
        Locks locks = locks(repository, progress);
        if (locks.isEmpty() && declaration.freezes().isEmpty()) {
            return Optional.empty();
        }
        return environments.stream()
                .flatMap(environment -> ofChange(locks, declaration, application, environment).stream())
                .findFirst();
    }

    private Optional<StoppedException> ofChange(
            Locks locks, Declaration declaration, String application, String environment) {
        return locks.stopping(application, environment, clock.instant())
                .map(lock -> locked(application + "/" + environment, lock))
                .or(() -> frozen(declaration, application, environment));
    }

    /**
     * Commits a promotion or rollback that its gate let pass, in the turn of its target: meanwhile the gates of other controllers wait.
     * Where the server lets nobody write the ref that says so, the branch alone keeps two controllers apart, and the log
     * says that. Freezes were the gate's matter. Blocking.
     *
     * @param author of the commits that say whose turn it is
     * @param commit given why nothing may be committed now: a lock, or another's turn
     */
    <T> T inTurn(
            ConfigRepository repository,
            GateSubject.Promotion subject,
            Identity author,
            Progress progress,
            Function<Optional<StoppedException>, T> commit) {
        RepositoryLocks ref = new RepositoryLocks(repository, author);
        Supplier<Turn> turn = () ->
                Turn.now(subject.gate(), subject.application(), subject.environment(), subject.run(), clock.instant());
        try {
            RepositoryLocks.Kept kept = ref.take(
                    turn,
                    (locks, now) -> subject.origin() == GateSubject.Origin.ROLLBACK
                            ? locks.stoppingRollbacks(now.application(), now.environment(), now.at())
                            : locks.stopping(now.application(), now.environment(), now.at()),
                    progress);
            if (!kept.isTaken()) {
                return commit.apply(kept.lock()
                        .map(lock -> locked(subject.target(), lock))
                        .or(() -> kept.other().map(other -> new StoppedException(other.clause() + TURN))));
            }
        } catch (PushRefusedException refused) {
            progress.say("Other controllers are not told of this commit: " + refused.getMessage() + ".");
            return commit.apply(Optional.empty());
        }
        try {
            return commit.apply(Optional.empty());
        } finally {
            giveBack(ref, turn.get(), progress);
        }
    }

    /** It is over by itself a while later, too. */
    private void giveBack(RepositoryLocks ref, Turn turn, Progress progress) {
        try {
            ref.giveBack(turn, clock, progress);
        } catch (GitOpsException e) {
            progress.say("Other controllers wait with promotions of " + turn.application() + "/" + turn.environment()
                    + " until " + Durations.time(turn.until()) + ": " + e.getMessage() + ".");
        }
    }

    /** Why an environment may not be rolled back now. Blocking. */
    Optional<StoppedException> ofRollback(
            ConfigRepository repository, String application, String environment, Progress progress) {
        return locks(repository, progress)
                .stoppingRollbacks(application, environment, clock.instant())
                .map(lock -> locked(application + "/" + environment, lock));
    }

    /** Why nothing may be promoted into an environment now, whatever its gate says. Blocking. */
    Optional<StoppedException> ofLock(
            ConfigRepository repository, String application, String environment, Progress progress) {
        return locks(repository, progress)
                .stopping(application, environment, clock.instant())
                .map(lock -> locked(application + "/" + environment, lock));
    }

    /**
     * Why files may not be bumped now: everything is locked, or a target that they belong to is stopped. Blocking.
     *
     * @param title of the files
     * @param targets those of a declaration that the files belong to
     */
    Optional<StoppedException> ofFiles(
            ConfigRepository repository,
            String title,
            Optional<Declaration> declared,
            Function<Declaration, Stream<Target>> targets,
            Progress progress) {
        Locks locks = locks(repository, progress);
        return locks.stoppingEverything(clock.instant())
                .map(lock -> locked(title, lock))
                .or(() -> declared.flatMap(declaration -> targets.apply(declaration)
                        .flatMap(target ->
                                ofChange(
                                        locks,
                                        declaration,
                                        target.application().name(),
                                        target.environment().name())
                                        .stream())
                        .findFirst()));
    }

    private static Locks locks(ConfigRepository repository, Progress progress) {
        return Locks.read(repository, progress);
    }

    private static StoppedException locked(String target, Lock lock) {
        return new StoppedException(target + " is " + lock.clause() + until(lock.end()) + LOCKED);
    }

    private Optional<StoppedException> frozen(Declaration declaration, String application, String environment) {
        awaitCalendars(declaration, application, environment);
        CheckResult freeze = freeze(declaration, application, environment, clock.instant());
        return freeze.state() == CheckResult.State.PASSED
                ? Optional.empty()
                : Optional.of(new StoppedException(application + "/" + environment + " is " + freeze.reason()
                        + until(Optional.ofNullable(freeze.until()))
                        + (freeze.until() == null ? "; wait" : "; wait until then") + FROZEN));
    }

    /** Why what its gate let pass may not be merged now: a freeze has begun since that the gate asks for. Blocking. */
    Optional<StoppedException> sinceGranted(Declaration declaration, GateSubject.Promotion subject, Gate grant) {
        boolean isSkipped = grant.waived().contains(Gate.FREEZE)
                || subject.procedure() == GateSubject.Procedure.HOTFIX
                        && grant.definition()
                                .hotfix()
                                .filter(part -> part.skips().contains(Gate.FREEZE))
                                .isPresent();
        if (isSkipped) {
            return Optional.empty();
        }
        awaitCalendars(declaration, subject.application(), subject.environment());
        Instant instant = clock.instant();
        // The gate minds the windows of its own by itself.
        CheckResult own = result("", at(grant.definition().freeze(), instant));
        CheckResult now = both(freeze(declaration, subject.application(), subject.environment(), instant), own);
        return now.state() == CheckResult.State.PASSED
                ? Optional.empty()
                : Optional.of(
                        new StoppedException(subject.target() + " is " + now.reason() + "; the gate checks again."));
    }

    private void awaitCalendars(Declaration declaration, String application, String environment) {
        try {
            read(declaration.freezes(application, environment).map(NamedFreeze::windows))
                    .toCompletableFuture()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // What is known decides, and the commit would be interrupted next.
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.log(Level.FINE, "The freeze says that its calendar has not been read", e);
        }
    }

    /** Ends when the calendars have been read, or could not be. */
    private CompletionStage<Void> read(Stream<FreezeCalendar> freezes) {
        List<FreezeCalendar> published =
                freezes.filter(freeze -> freeze.published().isPresent()).toList();
        return published.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : calendars().read(published.stream());
    }

    private static String until(Optional<Instant> end) {
        return end.map(instant -> ", until " + Durations.time(instant)).orElse("");
    }

    /** The requirement of a gate that nobody has locked its target. */
    CheckResult lock(Locks locks, String application, String environment) {
        return lock(locks.stopping(application, environment, clock.instant()));
    }

    /** The same of a rollback, which not every lock stops. */
    CheckResult lockOfRollbacks(Locks locks, String application, String environment) {
        return lock(locks.stoppingRollbacks(application, environment, clock.instant()));
    }

    private static CheckResult lock(Optional<Lock> stopping) {
        return stopping.map(lock -> CheckResult.pending(Gate.LOCK, lock.clause(), lock.until()))
                .orElseGet(() -> CheckResult.passed(Gate.LOCK, "nobody has locked it"));
    }

    /** The requirement of a gate that no other controller commits a promotion of its target. */
    CheckResult turn(Turns turns, GateSubject.Promotion subject) {
        return turns.ofAnother(subject.gate(), subject.application(), subject.environment(), clock.instant())
                .map(other -> CheckResult.pending(Gate.TURN, other.clause(), other.until()))
                .orElseGet(() -> CheckResult.passed(Gate.TURN, "no other promotion is under way"));
    }

    /**
     * The requirement of a gate that none of the declared freezes, nor the calendar of its own, holds for its target. Ends
     * when every calendar has been read or could not be.
     */
    CompletionStage<CheckResult> freeze(
            Declaration declaration, String application, String environment, FreezeCalendar own, Instant now) {
        return read(Stream.concat(
                        declaration.freezes(application, environment).map(NamedFreeze::windows), Stream.of(own)))
                .thenApply(read -> {
                    CheckResult declared = freeze(declaration, application, environment, now);
                    return own.published().isEmpty() ? declared : both(declared, result("", at(own, now)));
                });
    }

    /** What holds for a target by what is known of the calendars; does not wait for them. */
    public CheckResult freeze(Declaration declaration, String application, String environment, Instant now) {
        return declaration
                .freezes(application, environment)
                .map(freeze -> result(" by '" + freeze.name() + "'", at(freeze.windows(), now)))
                .reduce(CheckResult.passed(Gate.FREEZE, OPEN), Stops::both);
    }

    /** The next times in which a freeze holds, by what is known of its calendar; does not wait for it. */
    public List<FreezeCalendar.Ahead> ahead(FreezeCalendar freeze, Instant from, Instant to, int most) {
        Optional<FreezeCalendar> known =
                freeze.published().isPresent() ? calendars().known(freeze) : Optional.of(freeze);
        return known.map(windows -> windows.ahead(from, to, most)).orElse(List.of());
    }

    /** Why a calendar that counts for a target is not as new as it should be, and of when it is; empty while all are. */
    public Optional<String> calendarProblem(
            Declaration declaration, String application, String environment, Instant now) {
        return declaration
                .freezes(application, environment)
                .flatMap(freeze -> at(freeze.windows(), now).remark().stream())
                .findFirst();
    }

    private Calendars.Reading at(FreezeCalendar freeze, Instant now) {
        return freeze.published().isPresent()
                ? calendars().at(freeze, now)
                : new Calendars.Reading(freeze.at(now), Optional.empty());
    }

    private static CheckResult result(String by, Calendars.Reading reading) {
        String remark = reading.remark().map(clause -> "; " + clause).orElse("");
        return reading.freeze()
                .map(found -> CheckResult.pending(Gate.FREEZE, found.clause(by) + remark, found.until()))
                .orElseGet(() -> CheckResult.passed(Gate.FREEZE, OPEN + remark));
    }

    /** A freeze before none, and of two freezes the one that ends later; of two that pass, the one that says more. */
    private static CheckResult both(CheckResult one, CheckResult other) {
        if (one.state() != other.state()) {
            return one.state() == CheckResult.State.PASSED ? other : one;
        }
        if (one.state() == CheckResult.State.PASSED) {
            return other.reason().length() > one.reason().length() ? other : one;
        }
        return one.until() != null && (other.until() == null || other.until().isAfter(one.until())) ? other : one;
    }
}
