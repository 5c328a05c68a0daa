package io.jenkins.plugins.gitops.engine.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A response's body in memory, bounded in size and time. {@link HttpRequest#timeout()} ends with the headers, after which
 * a body may trickle for ever; here the time covers both. When a limit is passed, or the caller gives up, the exchange is
 * broken off and its connection closed.
 */
public final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {

    private final long limit;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();

    private BoundedBody(long limit) {
        this.limit = limit;
    }

    /**
     * Sends a request and waits for the whole answer.
     *
     * @throws HttpTimeoutException if it is not there in time
     * @throws BodyLimits.TooLargeException if it is too large
     * @throws InterruptedException at once when the thread is interrupted, on every version of Java
     */
    public static HttpResponse<byte[]> send(HttpClient client, HttpRequest request, BodyLimits limits)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = sendAsync(client, request, limits);
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            // A new exception, with the stack of the caller; the failure's own type is kept where it has one.
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }

    /**
     * Sends a request without holding a thread. The future ends as {@link #send} does; cancelling it, or completing it in
     * any other way, breaks the exchange off.
     */
    public static CompletableFuture<HttpResponse<byte[]>> sendAsync(
            HttpClient client, HttpRequest request, BodyLimits limits) {
        AtomicReference<BoundedBody> started = new AtomicReference<>();
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(request, head -> {
            BoundedBody body = new BoundedBody(limits.bytes());
            started.set(body);
            return body;
        });
        CompletableFuture<HttpResponse<byte[]>> timed =
                exchange.copy().orTimeout(limits.total().toNanos(), TimeUnit.NANOSECONDS);
        CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();
        timed.whenComplete((response, failure) -> {
            if (failure == null) {
                answer.complete(response);
            } else {
                answer.completeExceptionally(typed(failure, limits));
            }
        });
        answer.whenComplete((response, failure) -> {
            if (failure != null) {
                exchange.cancel(true);
                BoundedBody body = started.get();
                if (body != null) {
                    body.breakOff();
                }
            }
        });
        return answer;
    }

    /** Why a request failed: the message of what {@link #sendAsync} ended with, which stages after it wrap. */
    public static String reason(Throwable failure) {
        Throwable cause = cause(failure);
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** What failed, without what stages wrap it in. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof java.util.concurrent.CompletionException || cause instanceof ExecutionException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static Throwable typed(Throwable failure, BodyLimits limits) {
        Throwable cause = cause(failure);
        if (cause instanceof TimeoutException) {
            HttpTimeoutException timeout = new HttpTimeoutException(
                    "no complete answer within " + limits.total().toMillis() + " ms");
            timeout.initCause(cause);
            return timeout;
        }
        return cause;
    }

    private void breakOff() {
        Flow.Subscription running = subscription.get();
        if (running != null) {
            running.cancel();
        }
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.set(given);
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (received.size() + (long) buffer.remaining() > limit) {
                breakOff();
                body.completeExceptionally(new BodyLimits.TooLargeException(limit));
                return;
            }
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            received.writeBytes(bytes);
        }
    }

    @Override
    public void onError(Throwable fault) {
        body.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
        body.complete(received.toByteArray());
    }
}
