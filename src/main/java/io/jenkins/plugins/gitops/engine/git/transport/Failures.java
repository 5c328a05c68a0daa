package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.Timeouts;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.RemoteRepositoryException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TransportException;

/** What an exception of JGit's transports, of an HTTP client or of a stream means for an operation. */
public final class Failures {

    /** How the JDK's client reports that a proxy opens no tunnel; it has no type for it. */
    private static final Pattern NO_TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");

    /** A status line that begins with a TLS alert (RFC 8446, 5.1 and 6). */
    private static final Pattern TLS_ALERT = Pattern.compile("\\x15\\x03");

    private static final int DEEPEST = 20;

    private Failures() {}

    /**
     * Of an operation through JGit.
     *
     * @param contacts how often the remote answered
     * @return a {@link WireException}, an {@link InterruptedIOException}, or what the local side threw
     */
    @NonNull
    public static IOException of(@NonNull Throwable failure, long contacts) {
        WireException known = find(failure, WireException.class);
        if (known != null) {
            return known;
        }
        RemoteRepositoryException error = find(failure, RemoteRepositoryException.class);
        if (error != null) {
            return ServerMessages.error(withoutAddress(error));
        }
        if (find(failure, TooLargeObjectInPackException.class) != null) {
            return find(failure, TooLargeObjectInPackException.class);
        }
        if (ConnectionFailure.of(failure) == ConnectionFailure.INTERRUPTED) {
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(failure);
            return interrupted;
        }
        Throwable root = root(failure);
        if (find(failure, NoRemoteRepositoryException.class) != null) {
            return new WireException(Kind.FINAL, "there is no Git repository at the address", failure);
        }
        if (root instanceof PackProtocolException) {
            return new WireException(
                    contacts == 0 ? Kind.FINAL : Kind.BROKEN, "the answer is not Git's protocol", failure);
        }
        if (root instanceof TransportException || root instanceof EOFException) {
            return new WireException(Kind.BROKEN, "the answer broke off: " + reason(root), failure);
        }
        // Streams from the network throw only what was dealt with above: the rest is the cache.
        return root instanceof IOException cache ? cache : new IOException(String.valueOf(root.getMessage()), failure);
    }

    /** Of a request that got no answer, or not all of one. */
    @NonNull
    static WireException connection(
            @NonNull Throwable e, @NonNull String host, @NonNull Timeouts timeouts, long contacts) {
        String reason = reason(e);
        return switch (ConnectionFailure.of(e)) {
            case TOO_LARGE -> {
                BodyLimits.TooLargeException large = find(e, BodyLimits.TooLargeException.class);
                yield new WireException(
                        Kind.FINAL,
                        "the server sends more than the " + (large == null ? "" : (large.limit() >> 20) + " MiB")
                                + " that are accepted",
                        e);
            }
            case CERTIFICATE_EXPIRED, CERTIFICATE_UNTRUSTED, CERTIFICATE_OTHER_HOST ->
                new WireException(Kind.FINAL, "the server's certificate is not trusted: " + reason, e);
            case UNKNOWN_HOST ->
                new WireException(
                        Kind.UNREACHED, "no connection: the name " + host + ", or that of the proxy, is unknown", e);
            case CONNECT_TIMEOUT ->
                new WireException(
                        Kind.UNREACHED,
                        "no connection within " + timeouts.connect().toMillis() + " ms",
                        e);
            case CONNECTION_REFUSED ->
                // The JDK's client hides what the network reported: its second try to connect fails on a closed socket.
                new WireException(Kind.UNREACHED, "no connection: nothing answers at " + host, e);
            case TLS_CUT ->
                new WireException(Kind.UNREACHED, "the connection broke in the TLS handshake: " + reason, e);
            case TLS_REFUSED ->
                new WireException(Kind.FINAL, "the server refuses the TLS connection (" + reason + ")", e);
            case TLS_BROKEN ->
                contacts == 0
                        ? new WireException(
                                Kind.FINAL,
                                "the server does not use TLS on this port: use the port for https, or an http address",
                                e)
                        : new WireException(Kind.BROKEN, "the connection broke: " + reason, e);
            case TIMEOUT -> new WireException(Kind.BROKEN, silence(timeouts, reason), e);
            case NOT_HTTP, CUT, INTERRUPTED -> http(e, reason, contacts);
        };
    }

    /** At first contact a server that speaks something else is an address mistyped, not a server in trouble. */
    private static WireException http(Throwable e, String reason, long contacts) {
        Matcher tunnel = NO_TUNNEL.matcher(reason);
        if (tunnel.find()) {
            boolean mayPass = tunnel.group(1).startsWith("5") || tunnel.group(1).equals("429");
            return new WireException(
                    mayPass ? Kind.LATER : Kind.FINAL, "the proxy answered " + tunnel.group(1) + " to CONNECT", e);
        }
        boolean notHttp = ConnectionFailure.of(e) == ConnectionFailure.NOT_HTTP && contacts == 0;
        if (contacts == 0 && TLS_ALERT.matcher(e.getMessage() + rawMessage(e)).find()) {
            return new WireException(Kind.FINAL, "the server uses TLS on this port: use an https address", e);
        }
        return notHttp
                ? new WireException(Kind.FINAL, "the server did not return an HTTP response: " + reason, e)
                : new WireException(Kind.BROKEN, "the connection broke: " + reason, e);
    }

    private static String silence(Timeouts timeouts, String reason) {
        return reason.startsWith("not complete")
                ? "the answer was not complete within " + timeouts.total().toMillis() + " ms"
                : "the server was silent for " + timeouts.idle().toMillis() + " ms";
    }

    /** The innermost message there is: clients wrap what the network reports. */
    @NonNull
    static String reason(@NonNull Throwable failure) {
        String message = rawMessage(failure);
        return message == null ? failure.getClass().getSimpleName() : ServerMessages.oneLine(message);
    }

    private static String rawMessage(Throwable failure) {
        String message = null;
        Throwable cause = failure;
        for (int i = 0; cause != null && i < DEEPEST; i++, cause = cause.getCause()) {
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                message = cause.getMessage();
            }
        }
        return message;
    }

    /** JGit puts the address before what the server printed. */
    private static String withoutAddress(Throwable error) {
        return String.valueOf(error.getMessage()).replaceFirst("^\\S+: (remote: )?", "");
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (int i = 0; root.getCause() != null && i < DEEPEST; i++) {
            root = root.getCause();
        }
        return root;
    }

    @Nullable
    private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < DEEPEST; i++, cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
