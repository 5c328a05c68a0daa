package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.Timeouts;
import io.jenkins.plugins.gitops.engine.git.transport.WireException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.common.SshException;

/**
 * What it means when no SSH connection comes about.
 *
 * @param host as the address says it
 * @param proxies those that HTTP uses and SSH does not
 */
record SshFailures(
        @NonNull String host,
        @NonNull Timeouts timeouts,
        @NonNull Optional<ProxySelector> proxies) {

    // RFC 4253, 11.1
    private static final int HOST_KEY_NOT_VERIFIABLE = 9;
    private static final int NO_MORE_AUTH_METHODS_AVAILABLE = 14;

    /** How Apache MINA words that the other side hung up, or said nothing, before a session stood. */
    private static final String CLOSING = "Session is being closed";

    @NonNull
    WireException toConnect(@NonNull IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
                return unreached(reason(cause), e);
            }
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return unreached("the name " + host + " is unknown", e);
            }
            if (cause instanceof TimeoutException) {
                return unreached("nothing answers within " + timeouts.connect().toMillis() + " ms", e);
            }
            if (cause instanceof RepositoryException) {
                return new WireException(Kind.FINAL, reason(cause), e);
            }
            if (cause instanceof SshException ssh && ssh.getDisconnectCode() == HOST_KEY_NOT_VERIFIABLE) {
                return new WireException(
                        Kind.FINAL,
                        "the host key is not among the known hosts; add the line that ssh-keyscan prints for it",
                        e);
            }
            if (cause instanceof SshException ssh && ssh.getDisconnectCode() == NO_MORE_AUTH_METHODS_AVAILABLE) {
                return new WireException(Kind.FINAL, "the server does not accept the SSH key", e);
            }
        }
        String reason = reason(e);
        return new WireException(
                Kind.LATER,
                "no SSH connection: "
                        + (reason.endsWith(CLOSING)
                                ? "the server hung up or was silent before a session stood"
                                : reason),
                e);
    }

    @NonNull
    String reason(@NonNull Throwable e) {
        return String.valueOf(e.getMessage())
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                // JGit puts the address, which stands in the sentence already, before what went wrong.
                .replaceFirst("^ssh://\\S+: ", "");
    }

    private WireException unreached(String reason, IOException e) {
        String detour = proxyLeadsThere()
                ? ", and SSH does not go through the proxy that is set; give the https address if only the proxy leads"
                        + " there"
                : "";
        return new WireException(Kind.UNREACHED, "no SSH connection: " + reason + detour, e);
    }

    private boolean proxyLeadsThere() {
        try {
            URI https = new URI("https", host, "/", null);
            return proxies.stream()
                    .flatMap(selector -> selector.select(https).stream())
                    .anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT);
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
