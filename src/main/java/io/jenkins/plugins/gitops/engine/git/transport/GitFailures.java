package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectTooLargeException;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import java.io.EOFException;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.sshd.common.SshException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.RemoteRepositoryException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TransportException;

/** What an exception of JGit's transports, of an HTTP client, an SSH session or a stream means for an operation. */
final class GitFailures {

    /** How the JDK's client reports that a proxy opens no tunnel; it has no type for it. */
    private static final Pattern NO_TUNNEL = Pattern.compile("Tunnel failed, got: (\\d{3})");

    /** A status line that begins with a TLS alert (RFC 8446, 5.1 and 6). */
    private static final Pattern TLS_ALERT = Pattern.compile("\\x15\\x03");

    /** How Apache MINA words that the other side hung up, or said nothing, before a session stood. */
    private static final String CLOSING = "Session is being closed";

    // RFC 4253, 11.1
    private static final int HOST_KEY_NOT_VERIFIABLE = 9;
    private static final int NO_MORE_AUTH_METHODS_AVAILABLE = 14;

    private static final int DEEPEST = 20;
    private static final int LONGEST = 400;

    private GitFailures() {}

    /**
     * Of an operation through JGit.
     *
     * @return a {@link WireException}, an {@link java.io.InterruptedIOException}, or what the local side threw
     */
    static IOException of(Throwable failure, Channel channel) {
        WireException known = find(failure, WireException.class);
        if (known != null) {
            return known;
        }
        if (find(failure, RemoteRepositoryException.class) != null) {
            return serverError(find(failure, RemoteRepositoryException.class));
        }
        if (find(failure, TooLargeObjectInPackException.class) != null) {
            return find(failure, TooLargeObjectInPackException.class);
        }
        if (find(failure, ObjectTooLargeException.class) != null) {
            return find(failure, ObjectTooLargeException.class);
        }
        if (ConnectionFailure.of(failure) == ConnectionFailure.INTERRUPTED) {
            return ConnectionFailure.interrupted(failure);
        }
        Throwable root = failure;
        for (int i = 0; root.getCause() != null && i < DEEPEST; i++) {
            root = root.getCause();
        }
        if (find(failure, NoRemoteRepositoryException.class) != null) {
            return new WireException(Kind.FINAL, "there is no Git repository at the address", failure);
        }
        if (root instanceof PackProtocolException) {
            return new WireException(
                    channel.isReached() ? Kind.BROKEN : Kind.FINAL, "the response is not in Git's protocol", failure);
        }
        if (root instanceof TransportException || root instanceof EOFException) {
            return new WireException(Kind.BROKEN, "the response ended early: " + reason(root), failure);
        }
        // Streams from the network throw only what was dealt with above: the rest is the cache.
        return root instanceof IOException cache ? cache : new IOException(String.valueOf(root.getMessage()), failure);
    }

    /** An {@code ERR} packet or the side band's error channel. */
    private static WireException serverError(RemoteRepositoryException error) {
        // JGit puts the address before what the server printed.
        String message = String.valueOf(error.getMessage()).replaceFirst("^\\S+: (remote: )?", "");
        String lower = message.toLowerCase(Locale.ROOT);
        boolean cannot = lower.contains("not our ref")
                || lower.contains("want ") && lower.contains("not valid")
                || lower.contains("filter")
                || lower.contains("shallow")
                || lower.contains("unadvertised object");
        return new WireException(
                cannot ? Kind.UNSUPPORTED : Kind.FINAL, "the server said \"" + oneLine(message) + "\"");
    }

    /** Of a request that got no answer, or not all of one. */
    static IOException connection(Throwable e, Channel channel) {
        String reason = reason(e);
        return switch (ConnectionFailure.of(e)) {
            case INTERRUPTED -> ConnectionFailure.interrupted(e);
            case TOO_LARGE ->
                new WireException(
                        Kind.FINAL,
                        "the server sends more than the " + (Channel.Greeting.LONGEST_TEXT >> 20)
                                + " MiB of refs and messages that are accepted",
                        e);
            case CERTIFICATE_EXPIRED, CERTIFICATE_UNTRUSTED, CERTIFICATE_OTHER_HOST ->
                new WireException(Kind.FINAL, "the server's certificate is not trusted: " + reason, e);
            case UNKNOWN_HOST ->
                new WireException(
                        Kind.UNREACHED,
                        "no connection: the name " + channel.host() + ", or that of the proxy, is unknown",
                        e);
            case CONNECT_TIMEOUT ->
                new WireException(Kind.UNREACHED, "no connection within " + channel.connect.toMillis() + " ms", e);
            case CONNECTION_REFUSED ->
                // The JDK's client hides what the network reported: its second try to connect fails on a closed socket.
                new WireException(Kind.UNREACHED, "no connection: nothing is listening at " + channel.host(), e);
            case TLS_CUT ->
                new WireException(Kind.UNREACHED, "the connection broke in the TLS handshake: " + reason, e);
            case TLS_REFUSED ->
                new WireException(Kind.FINAL, "the server refuses the TLS connection (" + reason + ")", e);
            case TLS_BROKEN ->
                channel.isReached()
                        ? broken(reason, e)
                        : new WireException(
                                Kind.FINAL,
                                "the server does not use TLS on this port: use the port for https, or an http address",
                                e);
            case TIMEOUT ->
                new WireException(
                        Kind.BROKEN,
                        reason.startsWith("not complete")
                                ? "the response was not complete within "
                                        + channel.answers.total().toMillis() + " ms"
                                : "the server sent nothing for "
                                        + channel.answers.idle().toMillis() + " ms",
                        e);
            case NOT_HTTP, CUT -> http(e, reason, channel);
        };
    }

    /** At first contact a server that speaks something else is an address mistyped, not a server in trouble. */
    private static WireException http(Throwable e, String reason, Channel channel) {
        Matcher tunnel = NO_TUNNEL.matcher(reason);
        if (tunnel.find()) {
            boolean mayPass = tunnel.group(1).startsWith("5") || tunnel.group(1).equals("429");
            return new WireException(
                    mayPass ? Kind.LATER : Kind.FINAL, "the proxy answered " + tunnel.group(1) + " to CONNECT", e);
        }
        if (channel.isReached()) {
            return broken(reason, e);
        }
        if (TLS_ALERT.matcher(e.getMessage() + rawMessage(e)).find()) {
            return new WireException(Kind.FINAL, "the server uses TLS on this port: use an https address", e);
        }
        return ConnectionFailure.of(e) == ConnectionFailure.NOT_HTTP
                ? new WireException(Kind.FINAL, "the server did not return an HTTP response: " + reason, e)
                : broken(reason, e);
    }

    private static WireException broken(String reason, Throwable e) {
        return new WireException(Kind.BROKEN, "the connection broke: " + reason, e);
    }

    /**
     * Of an SSH connection that did not come about.
     *
     * @param proxies those that HTTP uses and SSH does not
     */
    static IOException ssh(IOException e, Channel channel, Optional<ProxySelector> proxies) {
        SshException ssh = find(e, SshException.class);
        int code = ssh == null ? 0 : ssh.getDisconnectCode();
        if (code == HOST_KEY_NOT_VERIFIABLE) {
            return new WireException(
                    Kind.FINAL,
                    "the host key is not among the known hosts; add the line that ssh-keyscan prints for it",
                    e);
        }
        if (code == NO_MORE_AUTH_METHODS_AVAILABLE) {
            return new WireException(Kind.FINAL, "the server does not accept the SSH key", e);
        }
        String detour = leadsThroughProxy(channel.host(), proxies)
                ? ", and SSH does not use the configured proxy; use the https address if the server can be reached only"
                        + " through the proxy"
                : "";
        String none = "no SSH connection: ";
        return switch (ConnectionFailure.of(e)) {
            case INTERRUPTED -> ConnectionFailure.interrupted(e);
            case CONNECTION_REFUSED -> new WireException(Kind.UNREACHED, none + reason(e) + detour, e);
            case UNKNOWN_HOST ->
                new WireException(Kind.UNREACHED, none + "the name " + channel.host() + " is unknown" + detour, e);
            case TIMEOUT ->
                new WireException(
                        Kind.UNREACHED, none + "no response within " + channel.connect.toMillis() + " ms" + detour, e);
            default -> {
                // JGit puts the address, which stands in the sentence already, before what went wrong.
                String reason = oneLine(String.valueOf(e.getMessage())).replaceFirst("^ssh://\\S+: ", "");
                yield new WireException(
                        Kind.LATER,
                        none
                                + (reason.endsWith(CLOSING)
                                        ? "the server closed the connection or sent nothing before the session was established"
                                        : reason),
                        e);
            }
        };
    }

    private static boolean leadsThroughProxy(String host, Optional<ProxySelector> proxies) {
        try {
            URI https = new URI("https", host, "/", null);
            return proxies.stream()
                    .flatMap(selector -> selector.select(https).stream())
                    .anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The innermost message there is: clients wrap what the network reports. */
    static String reason(Throwable failure) {
        String message = rawMessage(failure);
        return message == null ? failure.getClass().getSimpleName() : oneLine(message);
    }

    @Nullable
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

    /** What a server says, fit for one line of a log: line ends and control characters are spaces, the end may be cut. */
    static String oneLine(String message) {
        String line = message.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
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
