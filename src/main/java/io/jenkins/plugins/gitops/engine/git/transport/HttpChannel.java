package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.Timeouts;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;

/**
 * Smart HTTP: JGit's protocol over {@link HttpClient}. Connections are kept alive by the client, which is shared between
 * channels; the credentials go with every request, so that none is spent on being asked for them.
 */
public final class HttpChannel implements Channel {

    private final HttpClients clients;
    private final HttpClient client;
    private final Timeouts timeouts;
    private final long largestAnswer;
    private final Optional<String> authorization;
    private final AtomicLong contacts = new AtomicLong();
    private volatile URI base;
    /** A server's advertisement of protocol 2 lists no refs: it is asked for once. */
    private volatile Optional<byte[]> version2 = Optional.empty();

    /**
     * @param clients how {@code client} was built
     * @param url the repository's, {@code http} or {@code https}
     * @param largestAnswer in bytes
     * @param authorization value of the header, if any
     */
    public HttpChannel(
            @NonNull HttpClients clients,
            @NonNull HttpClient client,
            @NonNull Timeouts timeouts,
            @NonNull URI url,
            long largestAnswer,
            @NonNull Optional<String> authorization) {
        this.clients = clients;
        this.client = client;
        this.timeouts = timeouts;
        this.largestAnswer = largestAnswer;
        this.authorization = authorization;
        this.base = url;
    }

    @Override
    public Transport open(Repository local, Refs refs, Greeting greeting) throws IOException {
        URI opened = base;
        Transport transport = Transport.open(local, new URIish(opened.toURL()));
        ((TransportHttp) transport).setHttpConnectionFactory(new HttpRequests(this, opened, refs, greeting));
        return transport;
    }

    @Override
    public long contacts() {
        return contacts.get();
    }

    @Override
    public long received() {
        return contacts.get();
    }

    @Override
    public IOException failure(Throwable failure) {
        return Failures.of(failure, contacts.get());
    }

    void reached() {
        contacts.incrementAndGet();
    }

    @Override
    public void close() {
        // The client is the caller's.
    }

    @NonNull
    HttpClients clients() {
        return clients;
    }

    @NonNull
    HttpClient client() {
        return client;
    }

    @NonNull
    Timeouts timeouts() {
        return timeouts;
    }

    long largestAnswer() {
        return largestAnswer;
    }

    @NonNull
    Optional<String> authorization() {
        return authorization;
    }

    @NonNull
    Optional<byte[]> version2() {
        return version2;
    }

    void version2(@NonNull byte[] advertisement) {
        version2 = Optional.of(advertisement);
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
