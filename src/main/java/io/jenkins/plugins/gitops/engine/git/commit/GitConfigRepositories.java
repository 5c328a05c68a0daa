package io.jenkins.plugins.gitops.engine.git.commit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.cache.CacheSlot;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import io.jenkins.plugins.gitops.engine.net.Authorities;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The config repositories of one controller, with their caches under one directory. Each remote has one cache and each
 * of its branches one queue, whoever writes. Safe for any thread. Another process may use the same directory: it takes
 * caches of its own.
 */
public final class GitConfigRepositories implements Closeable {

    private static final int LOGINS_KEPT = 200;
    /** Each open cache holds a file locked: of those that nobody uses, the latest stay open. */
    private static final int CACHES_KEPT_OPEN = 50;
    /** How long an interrupted commit, or what reads, may take to end. */
    private static final Duration LAST_USERS = Duration.ofSeconds(10);

    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Path cacheRoot;
    private final RepositorySettings settings;
    private final HttpClients clients;
    private final HttpClient http;
    private final ExecutorService executor;
    private final Map<String, RemoteCache> caches = new HashMap<>();
    private final Map<String, CommitQueue> queues = new HashMap<>();
    /** The directories of caches, by address, from the longest unused to the latest used. */
    private final Map<String, CacheSlot> slots = new LinkedHashMap<>(16, 0.75f, true);
    /** How many operations use the directory of an address. */
    private final Map<String, Integer> users = new HashMap<>();
    /** Logins change, with short-lived tokens every hour: only some are kept. */
    private final Cache<Remote, GitConfigRepository> opened =
            Caffeine.newBuilder().maximumSize(LOGINS_KEPT).build();

    private boolean closed;

    public GitConfigRepositories(Path cacheRoot) {
        this(cacheRoot, RepositorySettings.DEFAULT);
    }

    /** @param cacheRoot made when needed; everything under it may be deleted while nothing runs */
    public GitConfigRepositories(Path cacheRoot, RepositorySettings settings) {
        this.cacheRoot = cacheRoot;
        this.settings = settings;
        this.clients = settings.http();
        this.http = clients.build("Git");
        this.executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "GitOps: commits " + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The repository at a remote. Nothing is contacted yet.
     *
     * @throws RepositoryException if the address is invalid or holds a password, or the cache cannot be made; also after
     *     {@link #close}
     */
    public synchronized ConfigRepository open(Remote remote) {
        requireOpen();
        return opened.get(remote, this::connect);
    }

    private GitConfigRepository connect(Remote remote) {
        String url = remote.url();
        Channel channel = remote.authorities().isPresent()
                ? trusting(remote, remote.authorities().get())
                : Channel.to(remote, clients, http, settings, cacheRoot);
        RemoteCache cache = caches.computeIfAbsent(url, key -> new RemoteCache(this, key, settings));
        try {
            cache.use();
            cache.release();
            return new GitConfigRepository(remote, channel, cache, settings, branch -> queue(url, branch, cache));
        } catch (IOException e) {
            throw cache.messages().failed("Opening", "cache", e);
        }
    }

    private Channel trusting(Remote remote, String authorities) {
        try {
            HttpClients own = clients.trusting(Authorities.trusting(authorities));
            return Channel.to(remote, own, own.build("Git"), settings, cacheRoot);
        } catch (CertificateException e) {
            throw new RepositoryException(
                    "The CA certificate of the config repository " + Channel.shown(remote.url())
                            + " cannot be read: give certificates in PEM, from -----BEGIN CERTIFICATE----- to"
                            + " -----END CERTIFICATE-----",
                    e);
        }
    }

    FailureMessages messages(String url) {
        return new FailureMessages(Channel.shown(url), cacheRoot);
    }

    private synchronized CommitQueue queue(String url, String branch, RemoteCache cache) {
        CommitQueue queue = queues.computeIfAbsent(url + " " + branch, key -> {
            GroupCommit committer = new GroupCommit(cache, branch, settings);
            return new CommitQueue(executor, committer::commit);
        });
        if (closed) {
            queue.close();
        }
        return queue;
    }

    /**
     * Opens the remote's cache directory, unless it is open, and keeps it so until {@link #release}.
     *
     * @throws RepositoryException after {@link #close}
     */
    synchronized CacheSlot use(String url) throws IOException {
        requireOpen();
        CacheSlot slot = slots.get(url);
        if (slot == null) {
            closeUnused(CACHES_KEPT_OPEN - 1);
            CacheSlot.trim(
                    cacheRoot, settings.cacheBytes(), settings.clock().instant().minus(settings.cacheAge()));
            slot = CacheSlot.take(cacheRoot, url);
            slots.put(url, slot);
        }
        users.merge(url, 1, Integer::sum);
        return slot;
    }

    synchronized void release(String url) {
        users.computeIfPresent(url, (key, count) -> count == 1 ? null : count - 1);
        notifyAll();
    }

    private void requireOpen() {
        if (closed) {
            throw new RepositoryException(
                    "Jenkins is shutting down and no longer opens config repositories; try again after the restart");
        }
    }

    private void closeUnused(int most) throws IOException {
        Iterator<Map.Entry<String, CacheSlot>> oldest = slots.entrySet().iterator();
        while (slots.size() > most && oldest.hasNext()) {
            Map.Entry<String, CacheSlot> next = oldest.next();
            if (!users.containsKey(next.getKey())) {
                oldest.remove();
                next.getValue().close();
            }
        }
    }

    /** Ends what is under way, waits a little for it, and lets go of the caches, which stay on disk. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        queues.values().forEach(CommitQueue::close);
        executor.shutdownNow();
        opened.asMap().values().forEach(GitConfigRepository::close);
        awaitLastUsers();
        for (CacheSlot slot : slots.values()) {
            slot.close();
        }
        slots.clear();
        opened.invalidateAll();
        caches.clear();
        queues.clear();
    }

    private void awaitLastUsers() {
        long end = System.nanoTime() + LAST_USERS.toNanos();
        try {
            for (long left = LAST_USERS.toMillis(); left > 0 && !users.isEmpty(); ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
