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
 * Shares connections and feeds: one {@link ArgoCd} for each connection name, one {@link SharedFeed} for each of its
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
     * @param nudges where to ask for refreshes and syncs
     */
    record Line(
            @NonNull ArgoCd argoCd,
            @NonNull String namespace,
            @NonNull Lane requests,
            @NonNull SharedFeed feed,
            @NonNull Nudges nudges) {}

    /** Hears when a lease's connection is there, or why it is not. */
    interface Tenant {
        void connected(@NonNull Line line);

        void notConnected(@NonNull RuntimeException cause);
    }

    /**
     * Calls the tenant on the loop, at once if the connection is open, and never after {@link #close}. Give the lease
     * back when done.
     */
    Lease lease(String connection, Optional<String> namespace, Tenant tenant) {
        if (closed) {
            return () -> {};
        }
        Key key = new Key(connection, namespace);
        Shared shared = open.computeIfAbsent(key, Shared::new);
        return shared.admit(tenant);
    }

    void close() {
        closed = true;
        open.values().forEach(Shared::end);
        open.clear();
    }

    /** A tenant's hold on a connection. */
    interface Lease {
        void giveBack();
    }

    private final class Shared {

        private final Key key;
        private final Map<Lease, Tenant> tenants = new HashMap<>();
        private final Lane requests = threads.requests();
        private final Lane nudges = threads.nudges();
        private Optional<Line> line = Optional.empty();
        private Threads.Timer end = Threads.Timer.NONE;
        private boolean ended;

        Shared(Key key) {
            this.key = key;
            requests.execute(this::connect);
        }

        Lease admit(Tenant tenant) {
            end.cancel();
            Lease lease = new Lease() {
                @Override
                public void giveBack() {
                    leave(this);
                }
            };
            tenants.put(lease, tenant);
            line.ifPresent(tenant::connected);
            return lease;
        }

        private void connect() {
            try {
                ArgoCd opened = provider.open(key.connection());
                threads.onLoop(() -> connected(opened));
            } catch (RuntimeException cannot) {
                threads.onLoop(() -> {
                    open.remove(key, this);
                    Map.copyOf(tenants).values().forEach(tenant -> tenant.notConnected(cannot));
                });
            }
        }

        private void connected(ArgoCd opened) {
            if (ended) {
                threads.onGoodbyes(opened::close);
                return;
            }
            String namespace = key.namespace().orElse(opened.namespace());
            SharedFeed feed = new SharedFeed(opened, namespace, requests, threads, random);
            Line up = new Line(opened, namespace, requests, feed, new Nudges(opened, nudges, threads, clock));
            line = Optional.of(up);
            feed.start();
            Map.copyOf(tenants).values().forEach(tenant -> tenant.connected(up));
        }

        private void leave(Lease lease) {
            tenants.remove(lease);
            if (tenants.isEmpty() && !ended) {
                end.cancel();
                end = threads.onLoopAfter(lingerMillis, () -> {
                    if (tenants.isEmpty()) {
                        open.remove(key, this);
                        end();
                    }
                });
            }
        }

        private void end() {
            ended = true;
            line.ifPresent(up -> {
                up.feed().close();
                threads.onGoodbyes(up.argoCd()::close);
            });
            threads.close(requests);
            threads.close(nudges);
        }
    }
}
