package io.jenkins.plugins.gitops.engine.argocd.wait;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The threads all waits share, however many there are: one event loop, where every state change happens in turn, and
 * a few for each connection and each config repository, where requests and look-ups block.
 */
final class Threads implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(Threads.class.getName());
    private static final int REQUESTS = 2;
    private static final int ORDERS = 16;

    /** What a request that was under way at the end still wants to say is of no use to anybody. */
    static final RejectedExecutionHandler AFTER_THE_END = new ThreadPoolExecutor.DiscardPolicy();

    private final ScheduledThreadPoolExecutor loop;
    private final Set<BoundedPool> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, BoundedPool> lookups = new ConcurrentHashMap<>();
    private final BoundedPool closing = new BoundedPool("gitops-sync-close", 1);

    Threads() {
        loop = new ScheduledThreadPoolExecutor(1, factory("gitops-sync-loop"));
        loop.setRemoveOnCancelPolicy(true);
        loop.setRejectedExecutionHandler(AFTER_THE_END);
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs it on the event loop, soon. */
    void onLoop(Runnable task) {
        if (!loop.isShutdown()) {
            loop.execute(guarded(task));
        }
    }

    /** Runs it on the event loop, later; cancel the timer to call it off. */
    Timer onLoopAfter(long millis, Runnable task) {
        var future = loop.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    /** For lists, streams and questions on one connection; closed with it. */
    BoundedPool requests() {
        return connection("gitops-sync-request", REQUESTS);
    }

    /**
     * For what asks Argo CD to do something on one connection; closed with it. There is one such request for each
     * Application, and a server may be slow to answer it: apart, so that no list, stream or failure's details queue
     * behind them.
     */
    BoundedPool orders() {
        return connection("gitops-sync-order", ORDERS);
    }

    private BoundedPool connection(String name, int width) {
        BoundedPool lane = new BoundedPool(name, width);
        connections.add(lane);
        return lane;
    }

    /** Closes a connection's lane. */
    void close(BoundedPool lane) {
        connections.remove(lane);
        lane.close();
    }

    /** For look-ups in one config repository: a fetch may be slow, and holds up neither requests nor another repository. */
    BoundedPool lookups(String repository) {
        return lookups.computeIfAbsent(repository, any -> new BoundedPool("gitops-sync-lookup", 1));
    }

    /** Closes something that should not block but is not ours. */
    void onClosing(Runnable task) {
        closing.execute(task);
    }

    /** Something that will happen unless called off. */
    @FunctionalInterface
    interface Timer {
        Timer NONE = () -> {};

        void cancel();
    }

    /** What was put on the loop before still runs, timers do not. */
    @Override
    public void close() {
        onLoop(() -> {
            connections.forEach(BoundedPool::close);
            lookups.values().forEach(BoundedPool::close);
            closing.closeWhenDone();
        });
        loop.shutdown();
    }

    /** An executor swallows what a task throws: this is the last place where it can be seen. */
    static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error unexpected) {
                LOGGER.log(Level.WARNING, "A task of the sync waits failed", unexpected);
                throw unexpected;
            }
        };
    }

    static ThreadFactory factory(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
