package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ProxyConfiguration;
import hudson.Util;
import io.jenkins.plugins.gitops.engine.net.Authorities;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;

/**
 * The proxy that an administrator set up for the controller. Every connection of the plugin takes it from here: those of
 * {@link #CLIENTS} as it is set up at each request, those to AWS as it was when the client was made.
 *
 * @param exceptions regular expressions of hosts that are reached directly
 * @param user empty for a proxy that asks for none
 */
record ControllerProxy(String host, int port, Set<String> exceptions, String user, String password) {

    /** For clients that live longer than the configuration; where there is none, Java's own settings count. */
    private static final ProxySelector SELECTOR = new ProxySelector() {
        @Override
        public List<Proxy> select(URI uri) {
            Optional<ControllerProxy> configured = current();
            if (configured.isPresent()) {
                return List.of(configured.get().proxyFor(uri.getHost()));
            }
            ProxySelector ofJava = ProxySelector.getDefault();
            return ofJava == null ? List.of(Proxy.NO_PROXY) : ofJava.select(uri);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException fault) {
            // The caller of the connection is told.
        }
    };

    /** Builds every HTTP client of the plugin. */
    static final HttpClients CLIENTS =
            HttpClients.DEFAULT.through(SELECTOR, () -> current().flatMap(ControllerProxy::authorization));

    /**
     * The same, trusting those alone who signed with a private certificate authority.
     *
     * @param authorities in PEM; null for what the JVM trusts
     * @param of whose it is, for the sentence: {@code the Prometheus connection 'mimir'}
     * @throws ConfigurationException if it cannot be read
     */
    static HttpClients trusting(@CheckForNull String authorities, String of) {
        try {
            return authorities == null ? CLIENTS : CLIENTS.trusting(Authorities.trusting(authorities));
        } catch (CertificateException e) {
            throw new ConfigurationException(
                    "The CA certificate of " + of + " cannot be read: give certificates in PEM,"
                            + " from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.");
        }
    }

    /**
     * Makes clients for AWS's API. Equal ones use the same proxy.
     *
     * @param proxy empty for Java's own settings
     */
    record AwsClients(Optional<ControllerProxy> proxy) implements Supplier<SdkHttpClient> {

        private static final Duration CONNECT = Duration.ofSeconds(10);

        @Override
        public SdkHttpClient get() {
            ApacheHttpClient.Builder client = ApacheHttpClient.builder().connectionTimeout(CONNECT);
            proxy.ifPresent(
                    through -> client.proxyConfiguration(software.amazon.awssdk.http.apache.ProxyConfiguration.builder()
                            .endpoint(URI.create("http://" + through.host + ":" + through.port))
                            .nonProxyHosts(through.exceptions)
                            .username(Util.fixEmpty(through.user))
                            .password(through.user.isEmpty() ? null : through.password)
                            // A proxy may hang up when it asks for a password, with the request half sent.
                            .preemptiveBasicAuthenticationEnabled(!through.user.isEmpty())
                            .build()));
            return client.build();
        }
    }

    /** As it is configured now; empty for none. */
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

    /** The header value that the proxy requires. */
    private Optional<String> authorization() {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return user.isEmpty()
                ? Optional.empty()
                : Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    private Proxy proxyFor(@CheckForNull String target) {
        return target != null && exceptions.stream().anyMatch(target::matches)
                ? Proxy.NO_PROXY
                : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "ControllerProxy[" + host + ":" + port + "]";
    }
}
