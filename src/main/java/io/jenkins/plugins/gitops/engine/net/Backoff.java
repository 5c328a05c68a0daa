package io.jenkins.plugins.gitops.engine.net;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: random, up to a bound that doubles with each attempt, so that clients that failed together
 * do not come back together.
 *
 * @param first bound after the first attempt
 * @param most largest bound
 */
public record Backoff(Duration first, Duration most) {

    /** A day: no caller waits that long, and larger numbers are not durations in nanoseconds. */
    private static final long LONGEST_SECONDS = 86_400;

    private static final int MOST_DOUBLINGS = 20;

    public Backoff {
        if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("A backoff starts above zero and does not shrink");
        }
    }

    /** The bound of the pause after so many attempts. */
    public Duration bound(int attempts) {
        Duration bound = first.multipliedBy(1L << Math.min(Math.max(0, attempts - 1), MOST_DOUBLINGS));
        return bound.compareTo(most) < 0 ? bound : most;
    }

    /**
     * The pause before the next attempt.
     *
     * @param attempts made so far, at least 1
     */
    public Duration pause(int attempts, RandomGenerator random) {
        return Duration.ofNanos(random.nextLong(bound(attempts).toNanos()));
    }

    /** As {@link #pause(int, RandomGenerator)}, and not shorter than what the peer asked for. */
    public Duration pause(int attempts, Optional<Duration> retryAfter, RandomGenerator random) {
        Duration pause = pause(attempts, random);
        return retryAfter.filter(least -> least.compareTo(pause) > 0).orElse(pause);
    }

    /**
     * Reads the value of a {@code Retry-After} header (RFC 9110, 10.2.3): seconds or a date, at most a day.
     *
     * @return empty when it is neither
     */
    public static Optional<Duration> retryAfter(String value, Instant now) {
        String text = value.strip();
        if (text.matches("\\d{1,19}")) {
            long seconds = text.length() > 5 ? LONGEST_SECONDS : Long.parseLong(text);
            return Optional.of(Duration.ofSeconds(Math.min(LONGEST_SECONDS, seconds)));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            long seconds = Math.max(0, until.getEpochSecond() - now.getEpochSecond());
            return Optional.of(Duration.ofSeconds(Math.min(LONGEST_SECONDS, seconds)));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
