package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.DaemonThreadFactory;
import hudson.util.NamingThreadFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Conversations with servers that a person at a form waits for: given up after a while, whatever the server does. They
 * have threads of their own, so that a form answers also while steps that wait for a server keep all others.
 */
final class FormWork {

    /** How long a form may wait. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int AT_ONCE = 16;

    private static final ExecutorService THREADS = new ThreadPoolExecutor(
            0,
            AT_ONCE,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            new NamingThreadFactory(new DaemonThreadFactory(), "GitOps Promotion form"));

    private FormWork() {}

    /**
     * What the work gives; it is interrupted when the time is up.
     *
     * @throws ExecutionException around what the work threw
     * @throws TimeoutException if it took too long, or too many forms wait already
     */
    @NonNull
    static <T> T within(@NonNull Duration patience, @NonNull Callable<T> work)
            throws ExecutionException, TimeoutException {
        Future<T> answer;
        try {
            answer = THREADS.submit(work);
        } catch (RejectedExecutionException e) {
            throw (TimeoutException) new TimeoutException("too many forms wait for a server").initCause(e);
        }
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (TimeoutException) new TimeoutException("the form is not waited for any more").initCause(e);
        } finally {
            answer.cancel(true);
        }
    }
}
