package io.jenkins.plugins.gitops.engine.registry.oci;

import static io.jenkins.plugins.gitops.engine.registry.oci.ScriptedServer.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A registry that is busy or limits requests is asked again, for as long as a thread may wait. */
class OciLimitsTest extends ScriptedRegistry {

    @Test
    void aShortRetryAfterIsWaitedFor() {
        AtomicInteger asked = new AtomicInteger();
        server.on(HEAD, exchange -> {
            boolean limited = asked.getAndIncrement() < 2;
            (limited ? says(429, "", "Retry-After", "3") : found()).answer(exchange);
        });

        assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
        assertThat(setting.pauses()).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));
    }

    @Test
    void aRetryAfterCanBeADate() {
        AtomicInteger asked = new AtomicInteger();
        server.on(HEAD, exchange -> {
            boolean busy = asked.getAndIncrement() == 0;
            (busy ? says(503, "", "Retry-After", "Sat, 01 Aug 2026 12:00:07 GMT") : found()).answer(exchange);
        });
        Instant noon = Instant.parse("2026-08-01T12:00:00Z");

        setting.at(server.base("http"), ANONYMOUS, InstantSource.fixed(noon)).resolve(reference("1.4.0"));

        assertThat(setting.pauses()).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void aLongRetryAfterIsNotWaitedFor() {
        server.on(HEAD, says(429, "", "Retry-After", "300"));

        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host() + "' limits requests and asks to wait 300 s: try again later, or give its"
                        + " connection credentials with a higher limit.");
        assertThat(setting.pauses()).isEmpty();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aLimitWithoutRetryAfterIsTriedAgainAFewTimesWithGrowingPauses() {
        server.on(HEAD, says(429, ""));

        assertThatThrownBy(() -> resolve("1.4.0")).hasMessageContaining("limits requests");
        assertThat(server.requests()).hasSize(4);
        assertThat(setting.pauses()).hasSize(3).isSorted();
    }
}
