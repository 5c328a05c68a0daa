package io.jenkins.plugins.gitops.engine.net;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A response's body as a stream, bounded in size and time. The JDK's own stream waits without limit, and before Java 20
 * it goes on waiting when its thread is interrupted; this one ends at once, and closes the connection, when the thread
 * is interrupted, nothing arrives for too long, or a limit is passed. Read by one thread at a time; {@link #close} may
 * come from any.
 */
public final class BodyStream extends InputStream implements HttpResponse.BodySubscriber<InputStream> {

    private static final Object END = new Object();

    private final BodyLimits limits;
    private final long deadline;
    /** Lists of buffers, then {@link #END} or a Throwable. One list at a time is asked for. */
    private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

    private final CompletableFuture<InputStream> self = CompletableFuture.completedFuture(this);
    private volatile Flow.Subscription subscription;
    private volatile boolean closed;
    private List<ByteBuffer> buffers = List.of();
    private int next;
    private long received;
    private boolean ended;

    private BodyStream(BodyLimits limits) {
        this.limits = limits;
        this.deadline = System.nanoTime() + limits.total().toNanos();
    }

    /** Hands out the body as it comes; the caller closes it. Its time starts with the headers. */
    @NonNull
    public static HttpResponse.BodyHandler<InputStream> within(@NonNull BodyLimits limits) {
        return head -> new BodyStream(limits);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        ByteBuffer buffer = buffer();
        if (buffer == null) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return next < buffers.size() ? buffers.get(next).remaining() : 0;
    }

    @Override
    public void close() {
        closed = true;
        Flow.Subscription running = subscription;
        if (running != null) {
            running.cancel();
        }
        queue.add(new IOException("the stream was closed"));
    }

    /**
     * Closes the stream, and keeps its connection for the next request where no more than a little is left to come.
     * Called by the thread that reads.
     */
    public void finish() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        long most = received + (1 << 14);
        try {
            while (!ended && !closed && received <= most) {
                Object item = queue.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (item == END) {
                    ended = true;
                } else if (item instanceof List<?> more) {
                    received += more.stream()
                            .mapToLong(buffer -> ((ByteBuffer) buffer).remaining())
                            .sum();
                    subscription.request(1);
                } else {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    private ByteBuffer buffer() throws IOException {
        while (next < buffers.size() && !buffers.get(next).hasRemaining()) {
            next++;
        }
        while (next >= buffers.size() && !ended) {
            more();
            while (next < buffers.size() && !buffers.get(next).hasRemaining()) {
                next++;
            }
        }
        return next < buffers.size() ? buffers.get(next) : null;
    }

    @SuppressWarnings("unchecked") // only onNext puts lists there
    private void more() throws IOException {
        Object item = take();
        if (item == END) {
            ended = true;
        } else if (item instanceof Throwable failure) {
            close();
            throw new IOException(failure.getMessage(), failure);
        } else {
            buffers = (List<ByteBuffer>) item;
            next = 0;
            received += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
            if (received > limits.bytes()) {
                close();
                throw new BodyLimits.TooLargeException(limits.bytes());
            }
            subscription.request(1);
        }
    }

    private Object take() throws IOException {
        long left = deadline - System.nanoTime();
        boolean last = left < limits.idle().toNanos();
        try {
            Object item = closed && queue.isEmpty()
                    ? new IOException("the stream was closed")
                    : queue.poll(Math.max(0, last ? left : limits.idle().toNanos()), TimeUnit.NANOSECONDS);
            if (item != null) {
                return item;
            }
        } catch (InterruptedException e) {
            close();
            throw interrupted(e);
        }
        close();
        Duration limit = last ? limits.total() : limits.idle();
        throw new HttpTimeoutException(
                (last ? "not complete within " : "nothing received for ") + limit.toMillis() + " ms");
    }

    /** With the thread's interrupt set again. */
    private static InterruptedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(e);
        return interrupted;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return self;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> more) {
        queue.add(more);
    }

    @Override
    public void onError(Throwable fault) {
        queue.add(fault);
    }

    @Override
    public void onComplete() {
        queue.add(END);
    }
}
