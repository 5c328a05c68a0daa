package io.jenkins.plugins.gitops.engine.verification;

import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Check;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A verification under way: takes the looks of its checks, one at a time for each, until it ends. Its time is measured
 * without the clock on the wall, which somebody may set.
 */
public final class LiveVerification {

    private static final Logger LOGGER = Logger.getLogger(LiveVerification.class.getName());

    /** Alerts that are remembered to have been resolved. */
    private static final int MOST_RESOLVED = 1_000;

    /** What asks a cluster or starts a job may take longer than an HTTP answer. */
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);

    private final Verifications all;
    private final Map<String, CheckProbe> probes;

    /** Those that have not heard of their end. */
    private final Map<String, CheckProbe> withoutEnd;

    private final Instant anchor;
    private final long anchorNanos;
    private final LongSupplier nanos;
    private final List<Consumer<Verification>> followers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Verification> end = new CompletableFuture<>();
    private final Map<String, Future<?>> due = new ConcurrentHashMap<>();
    private final Map<String, Instant> resolved = new HashMap<>();
    private Verification verification;

    LiveVerification(Verifications all, Verification begun, Map<String, CheckProbe> probes, Instant now) {
        this.all = all;
        this.verification = begun;
        this.probes = new ConcurrentHashMap<>(probes);
        this.withoutEnd = new ConcurrentHashMap<>(probes);
        this.anchor = now;
        this.nanos = all.nanos();
        this.anchorNanos = nanos.getAsLong();
    }

    /** As it is now. */
    public synchronized Verification now() {
        return verification;
    }

    /** Done when it has ended and its owner has recorded that. */
    public CompletableFuture<Verification> ended() {
        return end.copy();
    }

    /** Hears of each look, on a shared thread; until it ends. */
    public void follow(Consumer<Verification> follower) {
        followers.add(follower);
    }

    public void unfollow(Consumer<Verification> follower) {
        followers.remove(follower);
    }

    /** The time, however the clock is set meanwhile. */
    private Instant time() {
        return anchor.plusNanos(nanos.getAsLong() - anchorNanos);
    }

    /** One that has ended before. */
    void over() {
        end.complete(now());
    }

    void begin() {
        now().open().forEach(check -> look(check.check()));
    }

    /**
     * Has steps of a run be a check of it, in place of earlier ones.
     *
     * @return whether it is under way; what has ended stays as it is
     */
    public boolean join(Pipeline steps, CheckProbe probe) {
        synchronized (this) {
            if (verification.status() != Verification.Status.RUNNING) {
                return false;
            }
            probes.put(Pipeline.NAME, probe);
            verification = verification.with(steps);
        }
        all.work(() -> look(Pipeline.NAME));
        return true;
    }

    /** What somebody says of a check who need not be asked; nothing where it has ended. Does not block. */
    public void decide(String check, Sample said) {
        Instant at = time();
        all.work(() -> taken(check, said, at));
    }

    /** Another deployment took its place. */
    public void replacedBy(String clause) {
        Verification ended;
        synchronized (this) {
            if (verification.status() != Verification.Status.RUNNING) {
                return;
            }
            ended = verification.replacedBy(clause, time());
            verification = ended;
        }
        conclude(ended);
    }

    /** Looks no more, and tells nobody: the controller stops. */
    void stop() {
        due.values().forEach(look -> look.cancel(false));
    }

    /**
     * An alert came in: one that is observed and began to fire since the release began to roll out, or fires again after it
     * was resolved, ends the verification. That is kept before this returns.
     *
     * @return whether it did
     */
    public boolean hear(Alert alert) {
        synchronized (this) {
            if (!verification.observes(alert)) {
                return false;
            }
            Instant before = resolved.get(alert.fingerprint());
            if (alert.status() == Alert.Status.RESOLVED) {
                if (resolved.size() < MOST_RESOLVED
                        && (before == null || alert.startsAt().isAfter(before))) {
                    resolved.put(alert.fingerprint(), alert.startsAt());
                }
                return false;
            }
            boolean isAgain = before != null && alert.startsAt().isAfter(before);
            if (!verification.isSince(alert) && !isAgain) {
                return false;
            }
        }
        return taken(Alerts.NAME, Sample.failed(alert), time());
    }

    private void look(String check) {
        CheckProbe probe = probes.get(check);
        Instant began = time();
        CompletionStage<Sample> answer;
        try {
            answer = probe == null
                    ? CompletableFuture.completedFuture(Sample.impossible("this controller cannot run it"))
                    : probe.look();
        } catch (RuntimeException failure) {
            answer = CompletableFuture.completedFuture(Sample.missed(failure));
        }
        answer.toCompletableFuture()
                .copy()
                .orTimeout(LONGEST_LOOK.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(Sample::missed)
                .thenAccept(look -> all.work(() -> taken(check, look, began)));
    }

    /** @return whether the check was still open */
    private boolean taken(String name, Sample look, Instant began) {
        Verification next;
        Instant answered = time();
        synchronized (this) {
            CheckProgress before = verification.open().stream()
                    .filter(check -> check.check().equals(name))
                    .findFirst()
                    .orElse(null);
            if (before == null) {
                return false;
            }
            Check declared = verification.declared(before);
            Instant deadline = verification.deadline(declared);
            CheckProgress progress = before.with(declared, look, began, deadline);
            if (progress.state() == CheckProgress.State.WAITING
                    && declared.hasDeadline()
                    && !answered.isBefore(deadline)) {
                progress = progress.tooLate(declared);
            }
            next = verification.with(progress, answered);
            verification = next;
            if (progress.state() == CheckProgress.State.WAITING) {
                Duration pause = Duration.between(answered, progress.next(declared, answered, deadline));
                due.put(name, all.later(() -> look(name), pause));
            }
        }
        if (next.status() == Verification.Status.RUNNING) {
            all.changed(next);
            if (next.open().stream().noneMatch(open -> open.check().equals(name))) {
                endOf(name);
            }
            tell(next);
        } else {
            conclude(next);
        }
        return true;
    }

    private void conclude(Verification last) {
        stop();
        all.conclude(this, last);
    }

    private void tell(Verification news) {
        for (Consumer<Verification> follower : followers) {
            try {
                follower.accept(news);
            } catch (RuntimeException e) {
                LOGGER.log(
                        Level.WARNING,
                        "A follower of the verification of " + news.deployed().target() + " failed",
                        e);
            }
        }
    }

    /** Its result is kept. */
    private void endOf(String check) {
        CheckProbe probe = withoutEnd.remove(check);
        if (probe == null) {
            return;
        }
        try {
            probe.ended();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "What the check " + check + " has begun cannot be ended", e);
        }
    }

    /** What its owner made of its end. */
    void concluded(Verification last) {
        synchronized (this) {
            verification = last;
        }
        probes.keySet().forEach(this::endOf);
        tell(last);
        end.complete(last);
    }
}
