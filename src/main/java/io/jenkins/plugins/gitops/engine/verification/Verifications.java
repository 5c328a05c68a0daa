package io.jenkins.plugins.gitops.engine.verification;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The verifications that are under way on a controller, one for each deployment, whoever waits for it. Its owner keeps what
 * has changed, and has the last word when one has ended.
 */
public final class Verifications {

    private static final Logger LOGGER = Logger.getLogger(Verifications.class.getName());

    private final ScheduledExecutorService scheduler;
    private final Executor workers;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Map<String, LiveVerification> live = new LinkedHashMap<>();
    private final Map<String, Owner> owners = new LinkedHashMap<>();

    /** Whom a verification belongs to. */
    public interface Owner {

        /** Keeps it as it is now, under way or just ended: what has ended is not looked at again after a restart. */
        void changed(Verification now);

        /**
         * It has ended: records that. Blocking.
         *
         * @return how it ended, after all: another deployment may have taken its place before
         */
        Verification ended(Verification last);
    }

    /**
     * @param scheduler for timers
     * @param workers where answers are taken in and ends are recorded, which may block
     * @param nanos time that nobody sets, such as {@link System#nanoTime}
     */
    public Verifications(
            ScheduledExecutorService scheduler, Executor workers, InstantSource clock, LongSupplier nanos) {
        this.scheduler = scheduler;
        this.workers = workers;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Begins one, and ends those of earlier deployments of the target; joins the one of the same deployment. */
    public LiveVerification begin(Verification begun, Map<String, CheckProbe> probes, Owner owner) {
        return enter(begun, probes, owner);
    }

    /** Goes on with one after a restart, as its owner has kept it. */
    public LiveVerification resume(Verification kept, Map<String, CheckProbe> probes, Owner owner) {
        return enter(kept.resumed(clock.instant()), probes, owner);
    }

    /** One that has ended, for whoever asks how. */
    public LiveVerification over(Verification ended) {
        LiveVerification over = new LiveVerification(this, ended, Map.of(), clock.instant());
        over.over();
        return over;
    }

    private LiveVerification enter(Verification begun, Map<String, CheckProbe> probes, Owner owner) {
        String id = begun.deployed().id();
        LiveVerification entered;
        List<LiveVerification> older;
        synchronized (live) {
            LiveVerification known = live.get(id);
            if (known != null) {
                return known;
            }
            older = live.values().stream()
                    .filter(other -> other.now().deployed().isSameTarget(begun.deployed()))
                    .filter(other -> other.now().began().isBefore(begun.began()))
                    .toList();
            entered = new LiveVerification(this, begun, probes, clock.instant());
            live.put(id, entered);
            owners.put(id, owner);
        }
        older.forEach(other -> other.replacedBy(begun.deployed().target() + " runs another deployment"));
        owner.changed(begun);
        work(entered::begin);
        return entered;
    }

    /** The one that is under way. */
    public Optional<LiveVerification> find(String id) {
        synchronized (live) {
            return Optional.ofNullable(live.get(id));
        }
    }

    /** All that are under way. */
    public List<LiveVerification> all() {
        synchronized (live) {
            return List.copyOf(live.values());
        }
    }

    /** Stops looking, when the controller stops. */
    public void close() {
        all().forEach(LiveVerification::stop);
    }

    LongSupplier nanos() {
        return nanos;
    }

    void changed(Verification now) {
        owner(now).changed(now);
    }

    private Owner owner(Verification verification) {
        synchronized (live) {
            return Objects.requireNonNull(owners.get(verification.deployed().id()));
        }
    }

    void conclude(LiveVerification ended, Verification last) {
        Owner owner = owner(last);
        owner.changed(last);
        work(() -> {
            Verification recorded = last;
            try {
                recorded = owner.ended(last);
            } catch (RuntimeException notRecorded) {
                LOGGER.log(Level.WARNING, "The end of a verification could not be recorded", notRecorded);
            }
            synchronized (live) {
                live.remove(last.deployed().id(), ended);
                owners.remove(last.deployed().id());
            }
            ended.concluded(recorded);
        });
    }

    void work(Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException stopping) {
            LOGGER.log(Level.FINE, "The controller stops; verifications go on when it starts", stopping);
        }
    }

    Future<?> later(Runnable task, Duration pause) {
        return scheduler.schedule(() -> work(task), Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS);
    }
}
