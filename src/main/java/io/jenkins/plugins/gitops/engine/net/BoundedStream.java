package io.jenkins.plugins.gitops.engine.net;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bounds a stream of any kind in size and time. A read that waits too long is ended from outside, by closing what it
 * reads from: many streams cannot be interrupted. For answers of {@link java.net.http.HttpClient} use {@link BodyStream}.
 */
public final class BoundedStream extends FilterInputStream {

    private static final ScheduledExecutorService CLOCK = clock();

    private final BodyLimits limits;
    private final Runnable breakOff;
    private final long deadline;
    private final AtomicReference<Duration> expired = new AtomicReference<>();
    private long received;

    /**
     * Starts the total time.
     *
     * @param breakOff makes a waiting read end, from another thread
     */
    public BoundedStream(InputStream in, BodyLimits limits, Runnable breakOff) {
        super(in);
        this.limits = limits;
        this.breakOff = breakOff;
        this.deadline = System.nanoTime() + limits.total().toNanos();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * @throws SocketTimeoutException if nothing arrives for too long, or the total time is over
     * @throws BodyLimits.TooLargeException if more arrives than is allowed
     */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        long left = Math.max(0, deadline - System.nanoTime());
        boolean last = left < limits.idle().toNanos();
        long wait = last ? left : limits.idle().toNanos();
        Future<?> alarm = CLOCK.schedule(
                () -> {
                    expired.set(last ? limits.total() : limits.idle());
                    breakOff.run();
                },
                wait,
                TimeUnit.NANOSECONDS);
        int count;
        try {
            count = in.read(target, offset, length);
        } catch (IOException e) {
            throw expired.get() == null ? e : silent(e);
        } finally {
            alarm.cancel(false);
        }
        if (count < 0 && expired.get() != null) {
            throw silent(null);
        }
        received += Math.max(0, count);
        if (received > limits.bytes()) {
            breakOff.run();
            throw new BodyLimits.TooLargeException(limits.bytes());
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        return read(new byte[(int) Math.min(count, 1 << 13)]);
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private SocketTimeoutException silent(@CheckForNull IOException cause) {
        SocketTimeoutException silent = new SocketTimeoutException(
                "nothing received for " + expired.get().toMillis() + " ms");
        silent.initCause(cause);
        return silent;
    }

    private static ScheduledExecutorService clock() {
        ScheduledThreadPoolExecutor clock = (ScheduledThreadPoolExecutor) Executors.newScheduledThreadPool(1, task -> {
            Thread thread = new Thread(task, "GitOps: limits of streams");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        clock.setKeepAliveTime(10, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
        return clock;
    }
}
