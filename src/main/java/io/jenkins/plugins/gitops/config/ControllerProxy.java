package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ProxyConfiguration;
import hudson.Util;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;

/**
 * The proxy that an administrator set up for the controller.
 *
 * @param exceptions regular expressions of hosts that are reached directly
 * @param user empty for a proxy that asks for none
 */
record ControllerProxy(
        @NonNull String host,
        int port,
        @NonNull Set<String> exceptions,
        @NonNull String user,
        @NonNull String password) {

    /** As it is configured now; empty for none. */
    @NonNull
    static Optional<ControllerProxy> current() {
        ProxyConfiguration configured = Jenkins.get().getProxy();
        if (configured == null || Util.fixEmpty(configured.getName()) == null) {
            return Optional.empty();
        }
        return Optional.of(new ControllerProxy(
                configured.getName(),
                configured.getPort(),
                configured.getNoProxyHostPatterns().stream()
                        .map(Pattern::pattern)
                        .collect(Collectors.toUnmodifiableSet()),
                Util.fixNull(configured.getUserName()),
                configured.getSecretPassword() == null
                        ? ""
                        : configured.getSecretPassword().getPlainText()));
    }

    /** The header value that the proxy wants. */
    @NonNull
    Optional<String> authorization() {
        if (user.isEmpty()) {
            return Optional.empty();
        }
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    @NonNull
    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return List.of(
                        isException(uri.getHost())
                                ? Proxy.NO_PROXY
                                : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException fault) {
                // The caller of the connection hears of it.
            }
        };
    }

    /** For clients that live longer than the configuration; where there is none, Java's own settings count. */
    @NonNull
    static ProxySelector selectorAtAnyTime() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                Optional<ProxySelector> configured = current().map(ControllerProxy::selector);
                ProxySelector selector = configured.orElseGet(ProxySelector::getDefault);
                return selector == null ? List.of(Proxy.NO_PROXY) : selector.select(uri);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException fault) {
                // The caller of the connection hears of it.
            }
        };
    }

    private boolean isException(@CheckForNull String target) {
        return target != null && exceptions.stream().anyMatch(target::matches);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "ControllerProxy[" + host + ":" + port + "]";
    }
}
