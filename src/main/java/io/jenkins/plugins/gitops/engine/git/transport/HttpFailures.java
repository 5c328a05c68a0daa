package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** What an HTTP request that got no answer means for a Git conversation. */
final class HttpFailures {

    /** How the JDK's client words it when a proxy makes no tunnel. */
    private static final Pattern NO_TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");

    /** How it words a first line that begins with an alert (RFC 8446, 5.1 and 6). */
    private static final Pattern TLS_ALERT = Pattern.compile("status line, receiving \\[\\x15\\x03");

    private HttpFailures() {}

    /** A request that got no answer. */
    @NonNull
    static WireException noAnswer(@NonNull IOException e, @NonNull HttpChannel channel) {
        if (e instanceof HttpConnectTimeoutException) {
            return new WireException(
                    Kind.UNREACHED,
                    "no connection within " + channel.timeouts().connect().toMillis() + " ms",
                    e);
        }
        if (e instanceof HttpTimeoutException) {
            return new WireException(
                    Kind.BROKEN,
                    "the server was silent for " + channel.timeouts().idle().toMillis() + " ms",
                    e);
        }
        if (e instanceof ConnectException) {
            return unreached(channel.base().getHost(), e);
        }
        if (e instanceof SSLException tls) {
            return TlsFailures.of(tls);
        }
        return channel.contacts() == 0 ? neverReached(e) : broken(e);
    }

    /** At its first contact a server that speaks something else is an address mistyped, not a server in trouble. */
    private static WireException neverReached(IOException e) {
        if (TLS_ALERT.matcher(String.valueOf(e.getMessage())).find()) {
            return new WireException(Kind.FINAL, "what answers there speaks TLS and wants https", e);
        }
        return e instanceof ProtocolException
                ? new WireException(Kind.FINAL, "what answers there does not speak HTTP: " + reason(e), e)
                : broken(e);
    }

    /** Nothing answered at the address, or there is no such host. */
    private static WireException unreached(String host, IOException e) {
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
    private static WireException broken(IOException e) {
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
}
