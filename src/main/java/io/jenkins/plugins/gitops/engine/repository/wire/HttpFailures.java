package io.jenkins.plugins.gitops.engine.repository.wire;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.repository.wire.WireException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;

/** What HTTP's ways to fail mean for a Git conversation. */
final class HttpFailures {

    private HttpFailures() {}

    /** A status other than 200. GitHub limits the rate with 403 and Retry-After, others with 429. */
    @NonNull
    static WireException status(
            int status, @NonNull HttpHeaders headers, @NonNull Service service, boolean authenticated) {
        Optional<Duration> retryAfter = headers.firstValue("Retry-After").flatMap(HttpFailures::seconds);
        String says = "the server answered " + status;
        return switch (status) {
            case 401 ->
                new WireException(
                        Kind.FINAL,
                        authenticated
                                ? says + " (unauthorized): the credentials are refused"
                                : says + " (unauthorized): credentials are needed");
            case 403 ->
                retryAfter.isPresent()
                        ? new WireException(Kind.LATER, says, retryAfter.get(), null)
                        : new WireException(
                                Kind.FINAL, says + " (forbidden): the credentials do not allow " + service.command());
            case 404, 410 ->
                new WireException(
                        Kind.FINAL, says + " (not found): no such repository, or the credentials cannot see it");
            case 408, 423, 425, 429, 500, 502, 503, 504, 507, 508, 509 ->
                new WireException(Kind.LATER, says, retryAfter.orElse(null), null);
            default -> new WireException(Kind.FINAL, says);
        };
    }

    /** The innermost message there is: the client wraps what the network says. */
    @NonNull
    static String reason(@NonNull Throwable failure) {
        String message = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                message = cause.getMessage();
            }
        }
        return message == null ? failure.getClass().getSimpleName() : ServerMessages.oneLine(message);
    }

    static void closeQuietly(@Nullable Closeable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (IOException e) {
            // It is given up anyway.
        }
    }

    private static Optional<Duration> seconds(String value) {
        try {
            return Optional.of(Duration.ofSeconds(Math.max(0, Long.parseLong(value.strip()))));
        } catch (NumberFormatException e) {
            // A date: rare, and not worth trusting two clocks for.
            return Optional.of(Duration.ofSeconds(1));
        }
    }
}
