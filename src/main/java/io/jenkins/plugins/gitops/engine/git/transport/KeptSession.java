package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.transport.RemoteSession2;

/** One SSH connection, shared while it is used and closed a little later. */
final class KeptSession {

    private static final long KEPT_SECONDS = 30;
    private static final ScheduledExecutorService CLOCK = Executors.newScheduledThreadPool(1, task -> {
        Thread thread = new Thread(task, "GitOps: SSH connections");
        thread.setDaemon(true);
        return thread;
    });

    /** Makes a connection. */
    @FunctionalInterface
    interface Connector {
        @NonNull
        RemoteSession2 connect() throws IOException;
    }

    private final Connector connector;
    private RemoteSession2 session;
    private int users;
    private long uses;

    KeptSession(@NonNull Connector connector) {
        this.connector = connector;
    }

    @NonNull
    synchronized RemoteSession2 acquire() throws IOException {
        if (session == null) {
            session = connector.connect();
            users = 0;
        }
        users++;
        uses++;
        return session;
    }

    synchronized void release(@NonNull RemoteSession2 used) {
        if (used != session) {
            return;
        }
        users--;
        long seen = uses;
        CLOCK.schedule(() -> closeIfUnused(seen), KEPT_SECONDS, TimeUnit.SECONDS);
    }

    /** The connection is of no use any more. */
    synchronized void discard(@NonNull RemoteSession2 broken) {
        if (broken == session) {
            session = null;
        }
        broken.disconnect();
    }

    synchronized void close() {
        if (session != null) {
            session.disconnect();
            session = null;
        }
    }

    private synchronized void closeIfUnused(long seen) {
        if (users == 0 && uses == seen) {
            close();
        }
    }
}
