package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Smart HTTP (gitprotocol-http). Connections are kept alive by the client, which is shared between channels; the
 * credentials go with every request, so that none is spent on being asked for them.
 */
public final class HttpChannel implements Channel {

    private final HttpClient client;
    private final Timeouts timeouts;
    private final Optional<String> authorization;
    private final Supplier<Optional<String>> proxyAuthorization;
    private final AtomicLong contacts = new AtomicLong();
    private volatile URI base;

    /**
     * @param url the repository's, {@code http} or {@code https}
     * @param authorization value of the header, if any
     * @param proxyAuthorization value of the header for proxies, if any; they may change
     */
    public HttpChannel(
            @NonNull HttpClient client,
            @NonNull Timeouts timeouts,
            @NonNull URI url,
            @NonNull Optional<String> authorization,
            @NonNull Supplier<Optional<String>> proxyAuthorization) {
        this.client = client;
        this.timeouts = timeouts;
        this.authorization = authorization;
        this.proxyAuthorization = proxyAuthorization;
        this.base = url;
    }

    @Override
    public Conversation open(Service service) {
        return new HttpConversation(this, service);
    }

    @Override
    public long contacts() {
        return contacts.get();
    }

    void reached() {
        contacts.incrementAndGet();
    }

    @Override
    public void close() {
        // The client is the caller's.
    }

    @NonNull
    HttpClient client() {
        return client;
    }

    @NonNull
    Timeouts timeouts() {
        return timeouts;
    }

    @NonNull
    Optional<String> authorization() {
        return authorization;
    }

    @NonNull
    Optional<String> proxyAuthorization() {
        return proxyAuthorization.get();
    }

    /** Where the repository is, after redirects. */
    @NonNull
    URI base() {
        return base;
    }

    void moveTo(@NonNull URI newBase) {
        base = newBase;
    }
}
