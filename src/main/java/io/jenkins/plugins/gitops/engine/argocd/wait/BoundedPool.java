package io.jenkins.plugins.gitops.engine.argocd.wait;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads for what may block at one peer: a server that is silent holds up those who wait for it and nobody else.
 * What is too many for them queues. Idle threads end.
 */
final class BoundedPool implements Executor, AutoCloseable {

    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor pool;

    /** @param width how many tasks may block at a time */
    BoundedPool(String name, int width) {
        pool = new ThreadPoolExecutor(
                width, width, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Threads.factory(name));
        pool.allowCoreThreadTimeOut(true);
        pool.setRejectedExecutionHandler(Threads.AFTER_THE_END);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(Threads.guarded(task));
    }

    /** Interrupts what is under way and drops the rest: nobody is left to hear of it. */
    @Override
    public void close() {
        pool.shutdownNow();
    }

    /** Lets what is under way and queued come to its end. */
    void closeWhenDone() {
        pool.shutdown();
    }
}
