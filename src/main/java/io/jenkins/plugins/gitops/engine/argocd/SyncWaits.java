package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.InstantSource;
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

    /** Ends every wait without an answer, and every connection. */
    @Override
    public void close() {
        threads.onLoop(connections::close);
        threads.close();
    }
}
