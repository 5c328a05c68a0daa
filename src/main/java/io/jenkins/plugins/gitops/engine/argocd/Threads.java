package io.jenkins.plugins.gitops.engine.argocd;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The threads all waits share, however many there are: one event loop, where every state change happens in turn, and a
 * few for requests and look-ups that block.
 */
final class Threads implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(Threads.class.getName());
    private static final int REQUESTS = 3;
    private static final int NUDGES = 2;

    /** What a request that was under way at the end still wants to say is of no use to anybody. */
    private static final RejectedExecutionHandler AFTER_THE_END = new ThreadPoolExecutor.DiscardPolicy();

    private final ScheduledThreadPoolExecutor loop;
    private final ThreadPoolExecutor requests;
    private final ThreadPoolExecutor nudges;
    private final ThreadPoolExecutor lookups;

    Threads() {
        loop = new ScheduledThreadPoolExecutor(1, factory("gitops-sync-loop"));
        loop.setRemoveOnCancelPolicy(true);
        loop.setRejectedExecutionHandler(AFTER_THE_END);
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        requests = pool(REQUESTS, "gitops-sync-request");
        nudges = pool(NUDGES, "gitops-sync-nudge");
        lookups = pool(1, "gitops-sync-lookup");
    }

    private static ThreadPoolExecutor pool(int size, String name) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(size, size, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(name));
        pool.allowCoreThreadTimeOut(true);
        pool.setRejectedExecutionHandler(AFTER_THE_END);
        return pool;
    }

    /** Runs it on the event loop, soon. */
    void onLoop(Runnable task) {
        if (!loop.isShutdown()) {
            loop.execute(guarded(task));
        }
    }

    /** Runs it on the event loop, later; close the handle to call it off. */
    Timer onLoopAfter(long millis, Runnable task) {
        var future = loop.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    /** Runs what may block. */
    void onRequests(Runnable task) {
        if (!requests.isShutdown()) {
            requests.execute(guarded(task));
        }
    }

    /**
     * Runs what asks Argo CD to do something. There is one such request for each Application, and a server may be slow
     * to answer it: apart, so that no list, stream or failure's details queue behind them.
     */
    void onNudges(Runnable task) {
        if (!nudges.isShutdown()) {
            nudges.execute(guarded(task));
        }
    }

    /** Runs a look-up in the config repository: apart, because a slow fetch must not hold up requests. */
    void onLookups(Runnable task) {
        if (!lookups.isShutdown()) {
            lookups.execute(guarded(task));
        }
    }

    /** Something that will happen unless called off. */
    @FunctionalInterface
    interface Timer {
        Timer NONE = () -> {};

        void cancel();
    }

    @Override
    public void close() {
        loop.shutdownNow();
        requests.shutdownNow();
        nudges.shutdownNow();
        lookups.shutdownNow();
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
