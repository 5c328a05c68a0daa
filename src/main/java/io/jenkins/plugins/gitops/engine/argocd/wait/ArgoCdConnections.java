package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdProvider;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Shares connections and informers: one {@link ArgoCd} for each connection name, one {@link Informer} for each of its
 * namespaces, open as long as somebody holds a lease and a little longer. Confined to the event loop.
 */
final class ArgoCdConnections {

    private final ArgoCdProvider provider;
    private final Threads threads;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final long lingerMillis;
    private final Map<Key, Shared> open = new HashMap<>();
    private boolean closed;

    /** @param lingerMillis how long an unused connection is kept, for the next step of the same pipeline */
    ArgoCdConnections(
            ArgoCdProvider provider, Threads threads, InstantSource clock, RandomGenerator random, long lingerMillis) {
        this.provider = provider;
        this.threads = threads;
        this.clock = clock;
        this.random = random;
        this.lingerMillis = lingerMillis;
    }

    private record Key(String connection, Optional<String> namespace) {}

    /**
     * An open connection to one namespace.
     *
     * @param requests where to ask it something
     */
    record OpenConnection(
            @NonNull ArgoCd argoCd,
            @NonNull String namespace,
            @NonNull BoundedPool requests,
            @NonNull Informer informer,
            @NonNull RefreshRequests refreshes,
            @NonNull SyncRequests syncs) {}

    /** Hears when a lease's connection is there, or why it is not. */
    interface LeaseListener {
        void connected(@NonNull OpenConnection connection);

        void notConnected(@NonNull RuntimeException cause);
    }

    /**
     * Calls the listener on the loop, at once if the connection is open, and never after {@link #close}. Give the lease
     * back when done.
     */
    Lease lease(String connection, Optional<String> namespace, LeaseListener listener) {
        if (closed) {
            return () -> {};
        }
        Key key = new Key(connection, namespace);
        Shared shared = open.computeIfAbsent(key, Shared::new);
        return shared.admit(listener);
    }

    void close() {
        closed = true;
        open.values().forEach(Shared::end);
        open.clear();
    }

    /** What holds a connection open. */
    interface Lease {
        void giveBack();
    }

    private final class Shared {

        private final Key key;
        private final Map<Lease, LeaseListener> listeners = new HashMap<>();
        private final BoundedPool requests = threads.requests();
        private final BoundedPool orders = threads.orders();
        private Optional<OpenConnection> connection = Optional.empty();
        private Threads.Timer end = Threads.Timer.NONE;
        private boolean ended;

        Shared(Key key) {
            this.key = key;
            requests.execute(this::connect);
        }

        Lease admit(LeaseListener listener) {
            end.cancel();
            Lease lease = new Lease() {
                @Override
                public void giveBack() {
                    leave(this);
                }
            };
            listeners.put(lease, listener);
            connection.ifPresent(listener::connected);
            return lease;
        }

        private void connect() {
            try {
                ArgoCd opened = provider.open(key.connection());
                threads.onLoop(() -> connected(opened));
            } catch (RuntimeException cannot) {
                threads.onLoop(() -> {
                    open.remove(key, this);
                    Map.copyOf(listeners).values().forEach(listener -> listener.notConnected(cannot));
                });
            }
        }

        private void connected(ArgoCd opened) {
            if (ended) {
                threads.onClosing(opened::close);
                return;
            }
            String namespace = key.namespace().orElse(opened.namespace());
            Informer informer = new Informer(opened, namespace, requests, threads, random);
            OpenConnection up = new OpenConnection(
                    opened,
                    namespace,
                    requests,
                    informer,
                    new RefreshRequests(opened, orders, threads, clock, informer::tell),
                    new SyncRequests(opened, orders, threads, clock, informer::tell));
            connection = Optional.of(up);
            informer.start();
            Map.copyOf(listeners).values().forEach(listener -> listener.connected(up));
        }

        private void leave(Lease lease) {
            listeners.remove(lease);
            if (listeners.isEmpty() && !ended) {
                end.cancel();
                end = threads.onLoopAfter(lingerMillis, () -> {
                    if (listeners.isEmpty()) {
                        open.remove(key, this);
                        end();
                    }
                });
            }
        }

        private void end() {
            ended = true;
            connection.ifPresent(up -> {
                up.informer().close();
                threads.onClosing(up.argoCd()::close);
            });
            threads.close(requests);
            threads.close(orders);
        }
    }
}
