package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.RolloutAction;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.argocd.wait.ArgoCdConnections.Connection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * All waits of a controller. A wait costs a few records and a timer: no thread, no connection, no request of its own.
 * Safe for any thread.
 */
public final class SyncWaits implements AutoCloseable {

    private static final Duration LINGER = Duration.ofSeconds(15);

    /** A refresh that swallows another one is over sooner than this, or Argo CD is in trouble. */
    private static final Duration LONGEST_REFRESH = Duration.ofMinutes(2);

    private static final Duration REFRESH_PAUSE = Duration.ofSeconds(3);

    private final EventLoop loop;
    private final ArgoCdConnections connections;
    private final Set<CompletableFuture<?>> asked = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param provider a new connection by the name it has in the configuration, which is closed here; may block, and throw
     *     an {@link ArgoCdException} if there is none of that name or its credentials are gone
     */
    public SyncWaits(Function<String, ArgoCd> provider, InstantSource clock, RandomGenerator random) {
        this(provider, clock, random, LINGER);
    }

    /** @param linger how long a connection that nobody waits on is kept */
    public SyncWaits(Function<String, ArgoCd> provider, InstantSource clock, RandomGenerator random, Duration linger) {
        this.loop = new EventLoop(clock, random);
        this.connections = new ArgoCdConnections(provider, loop, linger);
    }

    /**
     * Begins a wait. Returns at once.
     *
     * @param listener hears on the event loop, in order, where the wait stands whenever that reads differently, and at last
     *     a status that is not pending; nothing after the wait was cancelled. Must not block
     */
    public SyncWait await(SyncRequest request, Consumer<SyncStatus> listener) {
        SyncWait wait = new SyncWait(request, listener, loop);
        loop.run(() -> wait.start(connections));
        return wait;
    }

    /**
     * The Application as it is now, asked over the connection that the waits share.
     *
     * @param namespace of the Application resource; empty for the connection's own
     * @return completes with empty when there is no such Application, exceptionally with an {@link ArgoCdException} when
     *     nobody can tell
     */
    public CompletableFuture<Optional<Observation>> observe(
            String connection, Optional<String> namespace, String name) {
        return ask(connection, namespace, open -> open.argoCd().observe(new ApplicationName(open.namespace(), name)));
    }

    /**
     * All Applications of a namespace as they are now, with one request however many there are.
     *
     * @param namespace of the Application resources; empty for the connection's own
     * @return completes exceptionally with an {@link ArgoCdException} when nobody can tell
     */
    public CompletableFuture<List<Listed>> list(String connection, Optional<String> namespace) {
        return ask(
                connection,
                namespace,
                open -> open.argoCd().list(open.namespace()).applications().stream()
                        .map(application ->
                                new Listed(application, open.argoCd().page(application.name())))
                        .toList());
    }

    /** @param page of the Application in Argo CD's UI, where the address is known */
    public record Listed(Observation application, Optional<URI> page) {}

    /**
     * The Rollouts of an Application, healthy or not.
     *
     * @param namespace of the Application resource; empty for the connection's own
     */
    public CompletableFuture<List<ResourceState>> rollouts(String connection, Optional<String> namespace, String name) {
        return ask(connection, namespace, open -> open.argoCd().rollouts(new ApplicationName(open.namespace(), name)));
    }

    /**
     * Does something with one of them.
     *
     * @return completes exceptionally with an {@link ArgoCdException} when it was refused, or nobody can tell
     */
    public CompletableFuture<Boolean> act(
            String connection, Optional<String> namespace, String name, ResourceState rollout, RolloutAction action) {
        return ask(connection, namespace, open -> {
            open.argoCd().act(new ApplicationName(open.namespace(), name), rollout, action);
            return true;
        });
    }

    /**
     * Has Argo CD compare the Application with its repository now, where nobody waits for it. Argo CD looks by itself too,
     * every few minutes.
     *
     * @param namespace of the Application resource; empty for the connection's own
     * @return completes with false when there is no such Application, exceptionally with an {@link ArgoCdException} when
     *     it could not be asked
     */
    public CompletableFuture<Boolean> refresh(String connection, Optional<String> namespace, String name) {
        Instant giveUp = loop.now().plus(LONGEST_REFRESH);
        CompletableFuture<Boolean> answer = tracked(new CompletableFuture<>());
        refresh(connection, namespace, name, giveUp, answer);
        return answer;
    }

    /** While another refresh is under way it would swallow this one, and may have begun before what is to be seen. */
    private void refresh(
            String connection,
            Optional<String> namespace,
            String name,
            Instant giveUp,
            CompletableFuture<Boolean> answer) {
        ask(connection, namespace, open -> {
                    Optional<Observation> there = open.argoCd().observe(new ApplicationName(open.namespace(), name));
                    boolean accepted = there.isPresent()
                            && open.argoCd()
                                    .refresh(there.get(), ArgoCd.Refresh.NORMAL)
                                    .isPresent();
                    return accepted || there.isEmpty() ? Optional.of(accepted) : Optional.<Boolean>empty();
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(failure);
                    } else if (done.isPresent()) {
                        answer.complete(done.get());
                    } else if (loop.now().isBefore(giveUp)) {
                        loop.after(REFRESH_PAUSE, () -> refresh(connection, namespace, name, giveUp, answer));
                    } else {
                        answer.completeExceptionally(new ArgoCdException(
                                Reason.UNAVAILABLE,
                                "Another refresh of the Application '" + name + "' has been under way for "
                                        + LONGEST_REFRESH.toMinutes() + " minutes: check that Argo CD's application"
                                        + " controller runs.",
                                null));
                    }
                });
    }

    private <T> CompletableFuture<T> ask(
            String connection, Optional<String> namespace, Function<Connection, T> question) {
        CompletableFuture<T> answer = tracked(new CompletableFuture<>());
        try {
            namespace.ifPresent(ApplicationName::requireNamespace);
        } catch (ArgoCdException invalid) {
            answer.completeExceptionally(invalid);
            return answer;
        }
        loop.run(() -> {
            Runnable giveBack = connections.lease(connection, namespace, new ArgoCdConnections.Lessee() {
                @Override
                public void connected(Connection open) {
                    open.pool().execute(() -> {
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
            answer.whenComplete((told, failure) -> loop.run(giveBack));
        });
        return answer;
    }

    /** An answer that ends with this. */
    private <T> CompletableFuture<T> tracked(CompletableFuture<T> answer) {
        asked.add(answer);
        answer.whenComplete((told, failure) -> asked.remove(answer));
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
        loop.run(connections::close);
        loop.close();
    }

    private static ArgoCdException closing() {
        return new ArgoCdException(
                Reason.UNAVAILABLE,
                "Jenkins is shutting down and no longer queries Argo CD; try again after the restart.",
                null);
    }
}
