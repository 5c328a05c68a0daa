package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.cache.CacheSlot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The directories of the caches that are open. Each holds a file locked, so of those that nobody uses only the latest
 * stay open: however many remotes are named, the files they take are bounded.
 */
final class RemoteCaches implements Closeable {

    private static final int KEPT_OPEN = 50;
    /** How long an interrupted commit, or what reads, may take to end. */
    private static final Duration LAST_USERS = Duration.ofSeconds(10);

    private final Path root;
    private final RepositorySettings settings;
    /** From the longest unused to the latest used. */
    private final Map<String, CacheSlot> open = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<String, Integer> users = new HashMap<>();
    private boolean closed;

    RemoteCaches(Path root, RepositorySettings settings) {
        this.root = root;
        this.settings = settings;
    }

    /**
     * Opens the remote's directory, unless it is open, and keeps it so until {@link #release}.
     *
     * @throws RepositoryException after {@link #close}
     */
    synchronized CacheSlot use(String url) throws IOException {
        requireOpen();
        CacheSlot slot = open.get(url);
        if (slot == null) {
            closeUnused(KEPT_OPEN - 1);
            CacheSlot.trim(
                    root,
                    settings.cache().bytes(),
                    settings.clock().instant().minus(settings.cache().age()));
            slot = CacheSlot.take(root, url);
            open.put(url, slot);
        }
        users.merge(url, 1, Integer::sum);
        return slot;
    }

    synchronized void release(String url) {
        users.computeIfPresent(url, (key, count) -> count == 1 ? null : count - 1);
        notifyAll();
    }

    synchronized void requireOpen() {
        if (closed) {
            throw new RepositoryException(
                    "The controller is stopping: no config repository is opened any more; try again"
                            + " when it has started");
        }
    }

    private static long millisTo(long end) {
        return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }

    private void closeUnused(int most) throws IOException {
        Iterator<Map.Entry<String, CacheSlot>> oldest = open.entrySet().iterator();
        while (open.size() > most && oldest.hasNext()) {
            Map.Entry<String, CacheSlot> next = oldest.next();
            if (!users.containsKey(next.getKey())) {
                oldest.remove();
                next.getValue().close();
            }
        }
    }

    /** Refuses new users, waits a little for those there are, and lets go of the caches, which stay on disk. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        long end = System.nanoTime() + LAST_USERS.toNanos();
        try {
            for (long left = LAST_USERS.toMillis(); left > 0 && !users.isEmpty(); left = millisTo(end)) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (CacheSlot slot : open.values()) {
            slot.close();
        }
        open.clear();
    }
}
