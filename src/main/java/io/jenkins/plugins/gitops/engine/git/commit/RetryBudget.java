package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.transport.WireException;
import io.jenkins.plugins.gitops.engine.net.Backoff;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Attempts and time of one operation, and the pauses between them: random, up to a bound that doubles, so that many
 * writers do not meet again. Measured on the monotonic clock, which does not jump.
 */
final class RetryBudget {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    /** Where there is no server, a name is mistyped more often than a server is being restarted. */
    private static final int UNREACHED_ATTEMPTS = 8;

    private static final long UNREACHED_TIME = TimeUnit.SECONDS.toNanos(4);

    private final OperationLimits limits;
    private final RandomGenerator random;
    private final BooleanSupplier known;
    private final long start = System.nanoTime();
    private int attempts;
    private int races;
    private String said = "";

    /** @param known whether the remote was ever reached */
    RetryBudget(OperationLimits limits, RandomGenerator random, BooleanSupplier known) {
        this.limits = limits;
        this.random = random;
        this.known = known;
    }

    /** Whether there is time to begin again with another cache: that this one was damaged costs the server no attempt. */
    boolean allowsAnotherCache() {
        return isInTime(Duration.ZERO);
    }

    private boolean isInTime(Duration pause) {
        return System.nanoTime() - start + pause.toNanos() < limits.time().toNanos();
    }

    /** Whether another attempt is left, if the server's wish for a pause is followed; counts this one. */
    boolean allows(Optional<Duration> retryAfter) {
        attempts++;
        return attempts < limits.attempts() && isInTime(retryAfter.orElse(Duration.ZERO));
    }

    /**
     * Whether another attempt is left after somebody else's push came first.
     *
     * @param moved whether the branch stands elsewhere than at the attempt before: then its server works, somebody wins
     *     each race, and the time alone is a limit
     */
    boolean allowsAfterRace(boolean moved) {
        if (!moved) {
            return allows(Optional.empty());
        }
        races++;
        return isInTime(Duration.ZERO);
    }

    /** Whether another attempt may help and is left; counts this one. A remote never reached is soon given up. */
    boolean allowsAfter(WireException failure) {
        if (!allows(failure.retryAfter()) || !failure.mayPass()) {
            return false;
        }
        boolean reached = failure.kind() != WireException.Kind.UNREACHED || known.getAsBoolean();
        return reached || attempts < UNREACHED_ATTEMPTS && System.nanoTime() - start < UNREACHED_TIME;
    }

    /** Says that another attempt comes, and why, unless that was said last or the thread is being stopped. */
    void say(String line, Consumer<String> log) {
        if (!line.equals(said) && !Thread.currentThread().isInterrupted()) {
            said = line;
            log.accept(line);
        }
    }

    /** Pauses after a failure: a server or a network in trouble is given time. */
    void pause(Optional<Duration> retryAfter) throws InterruptedIOException {
        pause(retryAfter, Duration.ofSeconds(5));
    }

    /** Pauses after somebody else's push came first, which is no trouble: who waits long loses the next race too. */
    void pauseAfterRace() throws InterruptedIOException {
        pause(Optional.empty(), Duration.ofMillis(300));
    }

    private void pause(Optional<Duration> retryAfter, Duration longest) throws InterruptedIOException {
        long left = limits.time().toNanos() - (System.nanoTime() - start);
        long pause = new Backoff(SHORTEST_PAUSE, longest)
                .pause(attempts + races, retryAfter, random)
                .toNanos();
        try {
            TimeUnit.NANOSECONDS.sleep(Math.max(0, Math.min(pause, left)));
        } catch (InterruptedException e) {
            throw ConnectionFailure.interrupted(e);
        }
    }

    /** For the sentence: {@code 3 attempts in 12 s}. */
    String spent() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        int all = attempts + races;
        return all + (all == 1 ? " attempt in " : " attempts in ") + seconds + " s";
    }
}
