package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Shares connections and informers: one {@link ArgoCd} and {@link Informer} for each connection name and namespace, open
 * as long as somebody holds a lease and a little longer. Confined to the event loop.
 */
final class ArgoCdConnections {

    private final Function<String, ArgoCd> provider;
    private final EventLoop loop;
    private final Duration linger;
    private final Map<Key, Connection> open = new HashMap<>();
    private boolean closed;

    /**
     * @param provider a new connection by its name; may block, and throw
     * @param linger how long an unused connection is kept, for the next step of the same pipeline
     */
    ArgoCdConnections(Function<String, ArgoCd> provider, EventLoop loop, Duration linger) {
        this.provider = provider;
        this.loop = loop;
        this.linger = linger;
    }

    private record Key(String connection, Optional<String> namespace) {}

    /** Hears when a lease's connection is there, or why it is not. */
    interface Lessee {
        void connected(Connection connection);

        void notConnected(RuntimeException cause);
    }

    /**
     * Calls the lessee on the loop, at once if the connection is open, and never after {@link #close}.
     *
     * @return gives the lease back
     */
    Runnable lease(String connection, Optional<String> namespace, Lessee lessee) {
        if (closed) {
            return () -> {};
        }
        return open.computeIfAbsent(new Key(connection, namespace), Connection::new)
                .admit(lessee);
    }

    void close() {
        closed = true;
        open.values().forEach(Connection::end);
        open.clear();
    }

    /** One namespace of one connection; what it gives out is there once a lessee was told so. */
    final class Connection {

        private final Key key;
        private final Map<Object, Lessee> lessees = new HashMap<>();
        private final EventLoop.Pool pool = loop.requests();
        private final EventLoop.Pool orders = loop.orders();
        private ArgoCd argoCd;
        private String namespace;
        private Informer informer;
        private ApplicationRequests requests;
        private Future<?> end = CompletableFuture.completedFuture(null);
        private boolean ended;

        Connection(Key key) {
            this.key = key;
            pool.execute(this::connect);
        }

        ArgoCd argoCd() {
            return argoCd;
        }

        String namespace() {
            return namespace;
        }

        /** Where to ask it something that blocks. */
        EventLoop.Pool pool() {
            return pool;
        }

        Informer informer() {
            return informer;
        }

        ApplicationRequests requests() {
            return requests;
        }

        private Runnable admit(Lessee lessee) {
            end.cancel(false);
            Object lease = new Object();
            lessees.put(lease, lessee);
            if (argoCd != null) {
                lessee.connected(this);
            }
            return () -> leave(lease);
        }

        private void connect() {
            try {
                ArgoCd opened = provider.apply(key.connection());
                loop.run(() -> connected(opened));
            } catch (RuntimeException cannot) {
                loop.run(() -> {
                    open.remove(key, this);
                    Map.copyOf(lessees).values().forEach(lessee -> lessee.notConnected(cannot));
                });
            }
        }

        private void connected(ArgoCd opened) {
            if (ended) {
                loop.closing(opened::close);
                return;
            }
            argoCd = opened;
            namespace = key.namespace().orElse(opened.namespace());
            informer = new Informer(opened, namespace, pool, loop);
            requests = new ApplicationRequests(opened, orders, loop, informer::tell);
            informer.start();
            Map.copyOf(lessees).values().forEach(lessee -> lessee.connected(this));
        }

        private void leave(Object lease) {
            lessees.remove(lease);
            if (lessees.isEmpty() && !ended) {
                end.cancel(false);
                end = loop.after(linger, () -> {
                    if (lessees.isEmpty()) {
                        open.remove(key, this);
                        end();
                    }
                });
            }
        }

        private void end() {
            ended = true;
            if (argoCd != null) {
                informer.close();
                loop.closing(argoCd::close);
            }
            loop.close(pool);
            loop.close(orders);
        }
    }
}
