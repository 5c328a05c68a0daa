package io.jenkins.plugins.gitops.engine.net;

import java.io.IOException;
import java.io.InputStream;
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
    /** Buffers, then {@link #END} or a Throwable. More is asked for when it is empty. */
    private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

    private final CompletableFuture<InputStream> self = CompletableFuture.completedFuture(this);
    private volatile Flow.Subscription subscription;
    private volatile boolean closed;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long received;
    private boolean ended;

    private BodyStream(BodyLimits limits) {
        this.limits = limits;
        this.deadline = System.nanoTime() + limits.total().toNanos();
    }

    /** Hands out the body as it comes; the caller closes it. Its time starts with the headers. */
    public static HttpResponse.BodyHandler<InputStream> within(BodyLimits limits) {
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
        while (!buffer.hasRemaining() && !ended) {
            next(take());
        }
        if (!buffer.hasRemaining()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return buffer.remaining();
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
                if (item == null) {
                    break;
                }
                next(item);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            ended = true;
        }
        close();
    }

    private void next(Object item) throws IOException {
        if (item == END) {
            ended = true;
        } else if (item instanceof Throwable failure) {
            close();
            throw new IOException(failure.getMessage(), failure);
        } else {
            buffer = (ByteBuffer) item;
            received += buffer.remaining();
            if (received > limits.bytes()) {
                close();
                throw new BodyLimits.TooLargeException(limits.bytes());
            }
            if (queue.isEmpty()) {
                subscription.request(1);
            }
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
            throw ConnectionFailure.interrupted(e);
        }
        close();
        Duration limit = last ? limits.total() : limits.idle();
        throw new HttpTimeoutException(
                (last ? "not complete within " : "nothing received for ") + limit.toMillis() + " ms");
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
        queue.addAll(more);
        if (more.isEmpty()) {
            subscription.request(1);
        }
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
