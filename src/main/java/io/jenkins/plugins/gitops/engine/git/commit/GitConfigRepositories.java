package io.jenkins.plugins.gitops.engine.git.commit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import io.jenkins.plugins.gitops.engine.net.Authorities;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The config repositories of one controller, with their caches under one directory. Each remote has one cache and each
 * of its branches one queue, whoever writes. Safe for any thread. Another process may use the same directory: it takes
 * caches of its own.
 */
public final class GitConfigRepositories implements Closeable {

    private static final int LOGINS_KEPT = 200;
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Path cacheRoot;
    private final RepositorySettings settings;
    private final HttpClients clients;
    private final HttpClient http;
    private final ExecutorService executor;
    private final RemoteCaches directories;
    private final Map<String, RemoteCache> caches = new HashMap<>();
    private final Map<String, CommitQueue> queues = new HashMap<>();
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
        this.directories = new RemoteCaches(cacheRoot, settings);
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
        directories.requireOpen();
        return opened.get(remote, this::connect);
    }

    private GitConfigRepository connect(Remote remote) {
        String url = remote.url();
        FailureMessages messages = new FailureMessages(Channel.shown(url), cacheRoot);
        Channel channel = remote.authorities().isPresent()
                ? trusting(remote, remote.authorities().get())
                : Channel.to(remote, clients, http, settings, cacheRoot);
        RemoteCache cache = caches.computeIfAbsent(url, key -> new RemoteCache(directories, key, settings));
        try {
            cache.use();
            cache.release();
            return new GitConfigRepository(
                    channel, cache, settings, messages, branch -> queue(url, branch, cache, messages));
        } catch (IOException e) {
            throw messages.failed("Opening", "cache", e);
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

    private synchronized CommitQueue queue(String url, String branch, RemoteCache cache, FailureMessages messages) {
        CommitQueue queue = queues.computeIfAbsent(url + " " + branch, key -> {
            GroupCommit committer = new GroupCommit(cache, branch, settings, messages);
            return new CommitQueue(executor, committer::commit);
        });
        if (closed) {
            queue.close();
        }
        return queue;
    }

    /** Ends what is under way and lets go of the caches, which stay on disk. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        queues.values().forEach(CommitQueue::close);
        executor.shutdownNow();
        opened.asMap().values().forEach(GitConfigRepository::close);
        directories.close();
        opened.invalidateAll();
        caches.clear();
        queues.clear();
    }
}
