package io.jenkins.plugins.gitops.engine.net;

import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Builds the {@link HttpClient}s that the plugin speaks HTTP with. They speak HTTP/1.1, follow no redirect by themselves
 * (credentials would go along) and run on threads of their own, on which no caller's work may block: what waits for an
 * answer must never wait for the pool that brings it. A client needs no closing: its threads end when it is idle.
 *
 * @param proxies chooses the proxy for an address, asked at each request
 * @param proxyAuthorization value of the {@code Proxy-Authorization} header, if the proxy wants a password; asked at each
 *     request. It is a header, not an {@link java.net.Authenticator}: with one of these set, the JDK's client drops
 *     {@code Authorization} headers
 * @param trust which servers are trusted; empty for what the JVM trusts
 * @param connect how long to wait for a connection
 */
public record HttpClients(
        Optional<ProxySelector> proxies,
        Supplier<Optional<String>> proxyAuthorization,
        Optional<SSLContext> trust,
        Duration connect) {

    private static final int THREADS = 4;

    /** Without settings of the controller: what the JVM is told. */
    public static final HttpClients DEFAULT = new HttpClients(
            Optional.ofNullable(ProxySelector.getDefault()), Optional::empty, Optional.empty(), Duration.ofSeconds(10));

    public HttpClients {
        if (connect.isNegative() || connect.isZero()) {
            throw new IllegalArgumentException("Timeouts are longer than zero");
        }
    }

    /** Through other proxies. */
    public HttpClients through(ProxySelector selector, Supplier<Optional<String>> authorizationOfProxy) {
        return new HttpClients(Optional.of(selector), authorizationOfProxy, trust, connect);
    }

    /** Trusting other authorities, see {@link Authorities}. */
    public HttpClients trusting(SSLContext authorities) {
        return new HttpClients(proxies, proxyAuthorization, Optional.of(authorities), connect);
    }

    /** With another limit on connecting. */
    public HttpClients connectingWithin(Duration limit) {
        return new HttpClients(proxies, proxyAuthorization, trust, limit);
    }

    /** @param name of the client's threads: {@code GitOps: HTTP <name> 1} */
    public HttpClient build(String name) {
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connect)
                .executor(threads(name));
        proxies.ifPresent(client::proxy);
        trust.ifPresent(client::sslContext);
        return client.build();
    }

    /** A request with the header for the proxy, which the client gives to proxies alone. */
    public HttpRequest.Builder request(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        proxyAuthorization.get().ifPresent(value -> request.header("Proxy-Authorization", value));
        return request;
    }

    /** The client's own tasks are short and do not block. */
    private static Executor threads(String name) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "GitOps: HTTP " + name + " " + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
