package io.jenkins.plugins.gitops.engine.argocd.wait;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * The threads all waits share, however many there are: one event loop, where every state change happens in turn, and
 * a few for each connection and each config repository, where requests and look-ups block. With the clock and the
 * randomness that go with them.
 */
final class EventLoop implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(EventLoop.class.getName());
    private static final int REQUESTS = 2;
    private static final int ORDERS = 16;
    private static final long IDLE_SECONDS = 5;

    /** What a request that was under way at the end still wants to say is of no use to anybody. */
    private static final RejectedExecutionHandler AFTER_THE_END = new ThreadPoolExecutor.DiscardPolicy();

    private final InstantSource clock;
    private final RandomGenerator random;
    private final ScheduledThreadPoolExecutor loop;
    private final Set<Pool> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, Pool> lookups = new ConcurrentHashMap<>();
    private final Pool closing = new Pool("gitops-sync-close", 1);

    EventLoop(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
        loop = new ScheduledThreadPoolExecutor(1, factory("gitops-sync-loop"));
        loop.setRemoveOnCancelPolicy(true);
        loop.setRejectedExecutionHandler(AFTER_THE_END);
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * The threads for what may block at one peer: a server that is silent holds up those who wait for it and nobody else.
     * What is too many for them queues. Idle threads end.
     */
    static final class Pool implements Executor {

        private final ThreadPoolExecutor threads;

        private Pool(String name, int width) {
            threads = new ThreadPoolExecutor(
                    width, width, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(name));
            threads.allowCoreThreadTimeOut(true);
            threads.setRejectedExecutionHandler(AFTER_THE_END);
        }

        @Override
        public void execute(Runnable task) {
            threads.execute(guarded(task));
        }
    }

    Instant now() {
        return clock.instant();
    }

    RandomGenerator random() {
        return random;
    }

    /** Runs it on the event loop, soon. */
    void run(Runnable task) {
        if (!loop.isShutdown()) {
            loop.execute(guarded(task));
        }
    }

    /** Runs it on the event loop, later, unless it is cancelled. */
    Future<?> after(Duration pause, Runnable task) {
        return loop.schedule(guarded(task), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** For lists, streams and questions on one connection. */
    Pool requests() {
        return connection("gitops-sync-request", REQUESTS);
    }

    /**
     * For what asks Argo CD to do something on one connection. There is one such request for each Application, and a
     * server may be slow to answer it: apart, so that no list, stream or failure's details queue behind them.
     */
    Pool orders() {
        return connection("gitops-sync-order", ORDERS);
    }

    private Pool connection(String name, int width) {
        Pool pool = new Pool(name, width);
        connections.add(pool);
        return pool;
    }

    /** Ends a connection's pool: interrupts what is under way and drops the rest, as nobody is left to hear of it. */
    void close(Pool pool) {
        connections.remove(pool);
        pool.threads.shutdownNow();
    }

    /** For look-ups in one config repository: a fetch may be slow, and holds up neither requests nor another repository. */
    Pool lookups(String repository) {
        return lookups.computeIfAbsent(repository, any -> new Pool("gitops-sync-lookup", 1));
    }

    /** Closes something that should not block but is not ours. */
    void closing(Runnable task) {
        closing.execute(task);
    }

    /** What was put on the loop before still runs, timers do not. */
    @Override
    public void close() {
        run(() -> {
            connections.forEach(pool -> pool.threads.shutdownNow());
            lookups.values().forEach(pool -> pool.threads.shutdownNow());
            closing.threads.shutdown();
        });
        loop.shutdown();
    }

    /** An executor swallows what a task throws: this is the last place where it can be seen. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error unexpected) {
                LOGGER.log(Level.WARNING, "A task of the sync waits failed", unexpected);
                throw unexpected;
            }
        };
    }

    private static ThreadFactory factory(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
