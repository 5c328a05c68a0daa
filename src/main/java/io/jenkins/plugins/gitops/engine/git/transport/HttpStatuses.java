package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What HTTP's statuses mean for a Git conversation. */
final class HttpStatuses {

    private static final String NO_TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    /** A day, in seconds: nobody waits that long, and larger numbers are no durations in nanoseconds. */
    private static final long LONGEST_PAUSE = 86_400;

    private HttpStatuses() {}

    /** A status other than 200. GitHub limits the rate with 403 and Retry-After, others with 429. */
    @NonNull
    static WireException failure(
            int status, @NonNull HttpHeaders headers, @NonNull Service service, @NonNull HttpChannel channel) {
        Optional<Duration> retryAfter = headers.firstValue("Retry-After").flatMap(HttpStatuses::seconds);
        String says = "the server answered " + status;
        return switch (status) {
            case 401 ->
                new WireException(
                        Kind.FINAL,
                        channel.authorization().isPresent()
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
            case 407 -> new WireException(Kind.FINAL, proxyRefuses(channel));
            case 408, 423, 425, 429, 500, 502, 503, 504, 507, 508, 509 ->
                new WireException(Kind.LATER, says, retryAfter.orElse(null), null);
            default -> new WireException(Kind.FINAL, says);
        };
    }

    private static String proxyRefuses(HttpChannel channel) {
        if (channel.clients().proxyAuthorization().get().isEmpty()) {
            return "the proxy answered 407: it requires a user and password";
        }
        boolean tunnel = "https".equalsIgnoreCase(channel.base().getScheme());
        // Oracle's name for it; unset, the JDK's conf/net.properties says Basic.
        String disabled = System.getProperty(NO_TUNNEL_SCHEMES, "Basic");
        return tunnel && disabled.toLowerCase(Locale.ROOT).contains("basic")
                ? "the proxy answered 407: Java keeps its password back from proxies on the way to https addresses;"
                        + " start the controller with -D" + NO_TUNNEL_SCHEMES + "="
                : "the proxy answered 407: it refuses the user and password";
    }

    private static Optional<Duration> seconds(String value) {
        try {
            return Optional.of(Duration.ofSeconds(Math.min(LONGEST_PAUSE, Math.max(0, Long.parseLong(value.strip())))));
        } catch (NumberFormatException e) {
            // A date: rare, and not worth trusting two clocks for.
            return Optional.of(Duration.ofSeconds(1));
        }
    }
}
