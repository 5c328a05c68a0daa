package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdProvider;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * All waits of a controller. A wait costs a few records and a timer: no thread, no connection, no request of its own.
 * Safe for any thread.
 */
public final class SyncWaits implements AutoCloseable {

    private static final Duration LINGER = Duration.ofSeconds(15);

    private final Threads threads = new Threads();
    private final InstantSource clock;
    private final ArgoCdConnections connections;
    private final Set<CompletableFuture<?>> asked = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public SyncWaits(@NonNull ArgoCdProvider provider, @NonNull InstantSource clock, @NonNull RandomGenerator random) {
        this(provider, clock, random, LINGER);
    }

    /** @param linger how long a connection that nobody waits on is kept */
    public SyncWaits(
            @NonNull ArgoCdProvider provider,
            @NonNull InstantSource clock,
            @NonNull RandomGenerator random,
            @NonNull Duration linger) {
        this.clock = clock;
        this.connections = new ArgoCdConnections(provider, threads, clock, random, linger.toMillis());
    }

    /** Begins a wait. Returns at once; the listener is called from then on. */
    @NonNull
    public SyncWait await(@NonNull SyncRequest request, @NonNull SyncListener listener) {
        Wait wait = new Wait(request, listener, connections, threads, clock);
        threads.onLoop(wait::start);
        return wait;
    }

    /**
     * The Application as it is now, asked over the connection that the waits share.
     *
     * @param namespace of the Application resource; empty for the connection's own
     * @return completes with empty when there is no such Application, exceptionally with an {@link ArgoCdException} when
     *     nobody can tell
     */
    @NonNull
    public CompletableFuture<Optional<Observation>> observe(
            @NonNull String connection, @NonNull Optional<String> namespace, @NonNull String name) {
        return ask(connection, namespace, open -> open.argoCd().observe(new ApplicationName(open.namespace(), name)));
    }

    /**
     * All Applications of a namespace as they are now, with one request however many there are.
     *
     * @param namespace of the Application resources; empty for the connection's own
     * @return completes exceptionally with an {@link ArgoCdException} when nobody can tell
     */
    @NonNull
    public CompletableFuture<List<Observation>> list(@NonNull String connection, @NonNull Optional<String> namespace) {
        return ask(
                connection,
                namespace,
                open -> open.argoCd().list(open.namespace()).applications());
    }

    /**
     * Has Argo CD compare the Application with its repository now, where nobody waits for it. Argo CD looks by itself too,
     * every few minutes.
     *
     * @param namespace of the Application resource; empty for the connection's own
     * @return completes with false when there is no such Application, exceptionally with an {@link ArgoCdException} when
     *     it could not be asked
     */
    @NonNull
    public CompletableFuture<Boolean> refresh(
            @NonNull String connection, @NonNull Optional<String> namespace, @NonNull String name) {
        return ask(connection, namespace, open -> {
            Optional<Observation> there = open.argoCd().observe(new ApplicationName(open.namespace(), name));
            there.ifPresent(application -> open.argoCd().refresh(application, ArgoCd.Refresh.NORMAL));
            return there.isPresent();
        });
    }

    private <T> CompletableFuture<T> ask(
            String connection, Optional<String> namespace, Function<ArgoCdConnections.OpenConnection, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            namespace.ifPresent(ApplicationName::requireNamespace);
        } catch (ArgoCdException invalid) {
            answer.completeExceptionally(invalid);
            return answer;
        }
        asked.add(answer);
        answer.whenComplete((told, failure) -> asked.remove(answer));
        threads.onLoop(() -> {
            ArgoCdConnections.Lease lease =
                    connections.lease(connection, namespace, new ArgoCdConnections.LeaseListener() {
                        @Override
                        public void connected(ArgoCdConnections.OpenConnection open) {
                            open.requests().execute(() -> {
                                try {
                                    answer.complete(question.apply(open));
                                } catch (RuntimeException cannot) {
                                    answer.completeExceptionally(cannot);
                                }
                            });
                        }

                        @Override
                        public void notConnected(RuntimeException cause) {
                            answer.completeExceptionally(cause);
                        }
                    });
            answer.whenComplete((told, failure) -> threads.onLoop(lease::giveBack));
        });
        if (closed) {
            answer.completeExceptionally(closing());
        }
        return answer;
    }

    /**
     * Ends every connection. A wait ends without an answer, because it goes on when the controller is back; a question
     * ends with an {@link ArgoCdException}, now and from now on.
     */
    @Override
    public void close() {
        closed = true;
        asked.forEach(answer -> answer.completeExceptionally(closing()));
        threads.onLoop(connections::close);
        threads.close();
    }

    private static ArgoCdException closing() {
        return new ArgoCdException(
                ArgoCdException.Reason.UNAVAILABLE,
                "Argo CD is not asked any more because this controller is shutting down; ask again when it is back.",
                null);
    }
}
