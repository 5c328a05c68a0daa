package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar.Freeze;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.Locks;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.NamedFreeze;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What keeps targets as they are for now, whoever asks and from where: the freezes that {@code gitops.yaml} declares, and
 * the locks that people set. A gate waits for them; where there is no gate to wait at, bump and promotion are refused.
 * A rollback passes freezes, and locks but those that say otherwise: recovery must not wait.
 */
public final class Stops {

    private static final String LOCKED =
            "; wait, or have it unlocked with a reason (gitopsUnlock, or Unlock on the page Deployments).";

    private static final String FROZEN = "; wait until then, or give it a gate, where somebody with the permission"
            + " GitOps/Override can decide otherwise.";

    private final InstantSource clock;

    public Stops(@NonNull InstantSource clock) {
        this.clock = clock;
    }

    /** Why environments without a gate may not be bumped or promoted into now; empty when they may. Blocking. */
    @NonNull
    Optional<StoppedException> ofChange(
            @NonNull ConfigRepository repository,
            @NonNull Declaration declaration,
            @NonNull String application,
            @NonNull List<String> environments,
            @NonNull Progress progress) {
        Locks locks = locks(repository, progress);
        if (locks.isEmpty() && declaration.freezes().isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return environments.stream()
                .flatMap(environment -> ofChange(locks, declaration, application, environment, now).stream())
                .findFirst();
    }

    private static Optional<StoppedException> ofChange(
            Locks locks, Declaration declaration, String application, String environment, Instant now) {
        return locks.stopping(application, environment, now)
                .map(lock -> locked(application + "/" + environment, lock))
                .or(() -> frozen(declaration, application, environment, now));
    }

    /** Why a promotion may not be committed although its gate let it pass; freezes were that gate's matter. Blocking. */
    @NonNull
    Optional<StoppedException> ofGranted(
            @NonNull ConfigRepository repository,
            @NonNull String application,
            @NonNull String environment,
            @NonNull Progress progress) {
        return locks(repository, progress)
                .stopping(application, environment, clock.instant())
                .map(lock -> locked(application + "/" + environment, lock));
    }

    /** Why an environment may not be rolled back now. Blocking. */
    @NonNull
    Optional<StoppedException> ofRollback(
            @NonNull ConfigRepository repository,
            @NonNull String application,
            @NonNull String environment,
            @NonNull Progress progress) {
        return locks(repository, progress)
                .stoppingRollbacks(application, environment, clock.instant())
                .map(lock -> locked(application + "/" + environment, lock));
    }

    /**
     * Why files may not be bumped now: everything is locked, or a target that they belong to is stopped. Blocking.
     *
     * @param title of the files
     * @param targets those of a declaration that the files belong to
     */
    @NonNull
    Optional<StoppedException> ofFiles(
            @NonNull ConfigRepository repository,
            @NonNull String title,
            @NonNull Optional<Declaration> declared,
            @NonNull Function<Declaration, Stream<Target>> targets,
            @NonNull Progress progress) {
        Locks locks = locks(repository, progress);
        Instant now = clock.instant();
        return locks.stoppingEverything(now)
                .map(lock -> locked(title, lock))
                .or(() ->
                        declared.flatMap(declaration -> targets.apply(declaration)
                                .flatMap(target -> ofChange(
                                        locks,
                                        declaration,
                                        target.application().name(),
                                        target.environment().name(),
                                        now)
                                        .stream())
                                .findFirst()));
    }

    private static Locks locks(ConfigRepository repository, Progress progress) {
        return Locks.read(() -> repository.tip(RepositoryLocks.REF, progress));
    }

    private static StoppedException locked(String target, Lock lock) {
        return new StoppedException(target + " is " + lock.clause() + until(lock.end()) + LOCKED);
    }

    private static Optional<StoppedException> frozen(
            Declaration declaration, String application, String environment, Instant now) {
        CheckResult freeze = freeze(declaration, application, environment, now);
        return freeze.state() == CheckResult.State.PASSED
                ? Optional.empty()
                : Optional.of(new StoppedException(application + "/" + environment + " is " + freeze.reason()
                        + until(Optional.ofNullable(freeze.until())) + FROZEN));
    }

    private static String until(Optional<Instant> end) {
        return end.map(instant -> ", until " + Durations.time(instant)).orElse("");
    }

    /** The requirement of a gate that nobody has locked its target. */
    @NonNull
    CheckResult lock(@NonNull Locks locks, @NonNull String application, @NonNull String environment) {
        return locks.stopping(application, environment, clock.instant())
                .map(lock -> CheckResult.pending(Gate.LOCK, lock.clause(), lock.until()))
                .orElseGet(() -> CheckResult.passed(Gate.LOCK, "nobody has locked it"));
    }

    /** The requirement of a gate that none of the declared freezes holds for its target now. */
    @NonNull
    public static CheckResult freeze(
            @NonNull Declaration declaration,
            @NonNull String application,
            @NonNull String environment,
            @NonNull Instant now) {
        Optional<CheckResult> frozen = declaration
                .freezes(application, environment)
                .flatMap(freeze -> freeze.windows().at(now).map(found -> frozen(freeze, found)).stream())
                .reduce(Stops::longer);
        return frozen.orElseGet(() -> CheckResult.passed(Gate.FREEZE, "promotions are allowed now"));
    }

    private static CheckResult frozen(NamedFreeze declared, Freeze found) {
        String why = found.reason().startsWith("frozen")
                ? found.reason().replaceFirst("^frozen", "frozen by '" + declared.name() + "'")
                : "frozen by '" + declared.name() + "': " + found.reason();
        return CheckResult.pending(Gate.FREEZE, why, found.until());
    }

    /** Of two freezes, the one that ends later. */
    private static CheckResult longer(CheckResult one, CheckResult other) {
        return one.until() != null && (other.until() == null || other.until().isAfter(one.until())) ? other : one;
    }
}
