package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The requests for one branch, in the order they came. What arrives while a push is under way goes out together in the
 * next one, as far as it bears the same login: a push has one. The order is kept across logins, so that none waits for
 * more than what came before it. One thread works while there is work; who asked waits and may give up.
 */
final class CommitQueue {

    private static final int LARGEST_GROUP = 100;

    private final Executor executor;
    private final Consumer<List<QueuedCommit>> committer;
    private final Deque<QueuedCommit> waiting = new ArrayDeque<>();
    private List<QueuedCommit> underWay = List.of();
    private Thread worker;
    private boolean scheduled;
    private boolean closed;

    /**
     * @param committer settles each request of a group; interrupted when nobody waits for the group any more
     */
    CommitQueue(Executor executor, Consumer<List<QueuedCommit>> committer) {
        this.executor = executor;
        this.committer = committer;
    }

    /**
     * Waits for the request's turn and its end.
     *
     * @throws InterruptedException if the waiting thread is interrupted; the request is withdrawn unless its push is
     *     under way
     * @throws CancellationException if the queue is closed before the request's turn
     */
    CommitOutcome submit(QueuedCommit queued) throws InterruptedException {
        synchronized (this) {
            if (closed) {
                throw new CancellationException("closed");
            }
            waiting.add(queued);
            if (!scheduled) {
                scheduled = true;
                executor.execute(this::work);
            }
        }
        try {
            return queued.outcome().get();
        } catch (InterruptedException e) {
            withdraw(queued);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException why) {
                throw why;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Lets go of everybody who waits; what is under way is the executor's to interrupt. */
    synchronized void close() {
        closed = true;
        waiting.forEach(queued -> queued.outcome().cancel(false));
        waiting.clear();
    }

    private synchronized void withdraw(QueuedCommit queued) {
        queued.outcome().completeExceptionally(new CancellationException("withdrawn"));
        waiting.remove(queued);
        if (worker != null && underWay.contains(queued) && underWay.stream().allMatch(QueuedCommit::isDone)) {
            worker.interrupt();
        }
    }

    private void work() {
        for (List<QueuedCommit> group = next(); !group.isEmpty(); group = next()) {
            try {
                committer.accept(group);
            } catch (RuntimeException | Error e) {
                RuntimeException why = new IllegalStateException("A commit ended unexpectedly: " + e, e);
                group.forEach(queued -> queued.fail(why));
                if (e instanceof VirtualMachineError) {
                    synchronized (this) {
                        scheduled = !waiting.isEmpty();
                        if (scheduled) {
                            executor.execute(this::work);
                        }
                    }
                    throw e;
                }
            }
        }
    }

    /** The longest run of requests with the same login from the head; empty ends the work. */
    private synchronized List<QueuedCommit> next() {
        Thread.interrupted();
        List<QueuedCommit> group = new ArrayList<>();
        while (!waiting.isEmpty() && group.size() < LARGEST_GROUP) {
            Channel channel =
                    group.isEmpty() ? waiting.peek().channel() : group.get(0).channel();
            if (waiting.peek().channel() != channel) {
                break;
            }
            group.add(waiting.remove());
        }
        underWay = List.copyOf(group);
        worker = group.isEmpty() ? null : Thread.currentThread();
        scheduled = !group.isEmpty();
        return group;
    }
}
