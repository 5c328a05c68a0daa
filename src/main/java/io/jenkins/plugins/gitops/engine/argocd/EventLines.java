package io.jenkins.plugins.gitops.engine.argocd;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;

/** Feeds the lines of a response to its reader as they come, on the HTTP client's threads; holds none itself. */
final class EventLines implements ArgoCd.Stream, Flow.Subscriber<String> {

    private static final int MAX_REFUSAL = 4_000;

    private final ApplicationEvents events;
    private final Function<Throwable, ArgoCdException> explain;
    private final CompletableFuture<HttpResponse<Void>> agreed = new CompletableFuture<>();
    private final StringBuilder refusal = new StringBuilder();
    private volatile Flow.Subscription subscription;
    private volatile boolean streaming;
    private volatile boolean closed;

    EventLines(ApplicationEvents events, Function<Throwable, ArgoCdException> explain) {
        this.events = events;
        this.explain = explain;
    }

    HttpResponse.BodyHandler<Void> handler() {
        return info -> {
            streaming = info.statusCode() == 200;
            if (streaming) {
                agreed.complete(null);
            }
            return HttpResponse.BodySubscribers.fromLineSubscriber(this, done -> null, StandardCharsets.UTF_8, null);
        };
    }

    /** Completes when the server has agreed to stream (with null), or refused and the refusal was read. */
    CompletableFuture<HttpResponse<Void>> opened(CompletableFuture<HttpResponse<Void>> response) {
        response.whenComplete((refused, failure) -> {
            if (failure == null) {
                agreed.complete(refused);
            } else {
                agreed.completeExceptionally(failure);
            }
        });
        return agreed;
    }

    String refusal() {
        return refusal.toString();
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        if (closed) {
            begun.cancel();
        } else {
            begun.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(String line) {
        if (streaming) {
            events.line(line);
        } else if (refusal.length() < MAX_REFUSAL) {
            refusal.append(line);
        }
    }

    @Override
    public void onError(Throwable cause) {
        events.end(Optional.of(explain.apply(cause)));
    }

    @Override
    public void onComplete() {
        events.end(Optional.empty());
    }

    @Override
    public void close() {
        closed = true;
        events.mute();
        Flow.Subscription begun = subscription;
        if (begun != null) {
            begun.cancel();
        }
    }
}
