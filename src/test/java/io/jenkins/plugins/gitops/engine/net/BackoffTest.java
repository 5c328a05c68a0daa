package io.jenkins.plugins.gitops.engine.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

    @Test
    void theBoundDoublesUpToTheMost() {
        assertThat(backoff.bound(1)).isEqualTo(Duration.ofMillis(50));
        assertThat(backoff.bound(4)).isEqualTo(Duration.ofMillis(400));
        assertThat(backoff.bound(1_000_000)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aPauseIsAnyTimeBelowItsBound() {
        Random random = new Random(1);
        assertThat(random.ints(200).mapToObj(i -> backoff.pause(3, random)))
                .allMatch(pause -> pause.compareTo(Duration.ofMillis(200)) < 0)
                .anyMatch(pause -> pause.compareTo(Duration.ofMillis(20)) < 0)
                .anyMatch(pause -> pause.compareTo(Duration.ofMillis(180)) > 0);
    }

    @Test
    void aPauseIsNotShorterThanThePeerAsks() {
        assertThat(backoff.pause(1, Optional.of(Duration.ofSeconds(7)), new Random(1)))
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        assertThat(Backoff.retryAfter(" 12 ", NOW)).contains(Duration.ofSeconds(12));
        assertThat(Backoff.retryAfter("Sun, 1 Mar 2026 12:01:00 GMT", NOW)).contains(Duration.ofMinutes(1));
        assertThat(Backoff.retryAfter("Sun, 1 Mar 2026 11:59:00 GMT", NOW)).contains(Duration.ZERO);
        assertThat(Backoff.retryAfter("99999999999999999", NOW)).contains(Duration.ofDays(1));
        assertThat(Backoff.retryAfter("99999999999999999999", NOW)).isEmpty();
        assertThat(Backoff.retryAfter("soon", NOW)).isEmpty();
    }
}
