package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * How long to wait when a registry is busy.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#field.retry-after">RFC 9110, Retry-After</a>
 */
final class Patience {

    static final int RETRIES = 3;

    /** In sum, for one question: a thread waits. */
    static final Duration LONGEST = Duration.ofSeconds(20);

    private static final long FIRST_WAIT_MILLIS = 500;

    private final OciSettings settings;

    Patience(@NonNull OciSettings settings) {
        this.settings = settings;
    }

    /** What the registry asks for, or a growing, jittered wait if it does not say. */
    @NonNull
    Duration asked(@NonNull Answer answer, int attempt) {
        return answer.header("Retry-After").flatMap(this::read).orElseGet(() -> {
            long wait = FIRST_WAIT_MILLIS << attempt;
            return Duration.ofMillis(wait + settings.random().nextLong(wait));
        });
    }

    void pause(@NonNull Duration wait) throws InterruptedException {
        settings.pause().of(wait);
    }

    private Optional<Duration> read(String retryAfter) {
        String text = retryAfter.strip();
        if (text.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(settings.clock().instant(), until);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
