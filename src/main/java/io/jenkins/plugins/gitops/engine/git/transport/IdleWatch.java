package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a read on which nothing arrives for too long, by closing what it reads from; every failure comes out as a
 * {@link WireException}.
 */
public final class IdleWatch extends FilterInputStream {

    private static final ScheduledExecutorService CLOCK = clock();

    private final Duration limit;
    private final Runnable breakOff;
    private final AtomicBoolean expired = new AtomicBoolean();

    /** @param breakOff makes a waiting read end */
    public IdleWatch(@NonNull InputStream in, @NonNull Duration limit, @NonNull Runnable breakOff) {
        super(in);
        this.limit = limit;
        this.breakOff = breakOff;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Future<?> alarm = CLOCK.schedule(this::expire, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            int count = in.read(target, offset, length);
            if (count < 0 && expired.get()) {
                throw silent(null);
            }
            return count;
        } catch (IOException e) {
            if (expired.get()) {
                throw silent(e);
            }
            if (e instanceof InterruptedIOException) {
                Thread.currentThread().interrupt();
                throw e;
            }
            throw e instanceof WireException
                    ? e
                    : new WireException(
                            WireException.Kind.BROKEN, "the connection broke: " + HttpFailures.reason(e), e);
        } finally {
            alarm.cancel(false);
        }
    }

    private void expire() {
        expired.set(true);
        breakOff.run();
    }

    private WireException silent(IOException cause) {
        return new WireException(
                WireException.Kind.BROKEN, "the server was silent for " + limit.toMillis() + " ms", cause);
    }

    private static ScheduledExecutorService clock() {
        ScheduledThreadPoolExecutor clock = (ScheduledThreadPoolExecutor) Executors.newScheduledThreadPool(1, task -> {
            Thread thread = new Thread(task, "GitOps: idle connections");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }
}
