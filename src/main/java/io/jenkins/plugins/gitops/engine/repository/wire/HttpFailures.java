package io.jenkins.plugins.gitops.engine.repository.wire;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.repository.wire.WireException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What HTTP's ways to fail mean for a Git conversation. */
final class HttpFailures {

    private static final String NO_TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    /** How the JDK's client words it when a proxy makes no tunnel. */
    private static final Pattern NO_TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");

    private HttpFailures() {}

    /** A status other than 200. GitHub limits the rate with 403 and Retry-After, others with 429. */
    @NonNull
    static WireException status(
            int status, @NonNull HttpHeaders headers, @NonNull Service service, @NonNull HttpChannel channel) {
        Optional<Duration> retryAfter = headers.firstValue("Retry-After").flatMap(HttpFailures::seconds);
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
        if (channel.proxyAuthorization().isEmpty()) {
            return "the proxy answered 407: it wants a user and password";
        }
        boolean tunnel = "https".equalsIgnoreCase(channel.base().getScheme());
        // Oracle's name for it; unset, the JDK's conf/net.properties says Basic.
        String disabled = System.getProperty(NO_TUNNEL_SCHEMES, "Basic");
        return tunnel && disabled.toLowerCase(Locale.ROOT).contains("basic")
                ? "the proxy answered 407: Java keeps its password back from proxies on the way to https addresses; start"
                        + " the controller with -D" + NO_TUNNEL_SCHEMES + "="
                : "the proxy answered 407: it refuses the user and password";
    }

    /** Nothing answered at the address, or there is no such host. */
    @NonNull
    static WireException unreached(@NonNull String host, @NonNull IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
                return new WireException(
                        Kind.UNREACHED, "no connection: the name " + host + ", or that of the proxy, is unknown", e);
            }
        }
        // The JDK's client hides what the network said: its second try to connect fails on a closed socket.
        return new WireException(Kind.UNREACHED, "no connection: nothing answers at " + host, e);
    }

    /** Anything else that happened to a request. */
    @NonNull
    static WireException broken(@NonNull IOException e) {
        Matcher tunnel = NO_TUNNEL.matcher(reason(e));
        if (tunnel.find()) {
            boolean mayPass = tunnel.group(1).startsWith("5") || tunnel.group(1).equals("429");
            return new WireException(
                    mayPass ? Kind.LATER : Kind.FINAL, "the proxy answered " + tunnel.group(1) + " to CONNECT", e);
        }
        return new WireException(Kind.BROKEN, "the connection broke: " + reason(e), e);
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
