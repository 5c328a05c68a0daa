package io.jenkins.plugins.gitops.engine.argocd.client;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** Feeds the lines of a response to its reader as they come, on the HTTP client's threads; holds none itself. */
final class EventLines implements ArgoCd.Stream, Flow.Subscriber<String> {

    private static final int MAX_REFUSAL = 4_000;

    private final ApplicationEvents events;
    private final Troubles troubles;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final StringBuilder refusal = new StringBuilder();
    private volatile CompletableFuture<?> exchange = new CompletableFuture<>();
    private volatile Flow.Subscription subscription;
    private volatile int status;
    private volatile boolean closed;

    /** Words for what can go wrong. */
    interface Troubles {

        ArgoCdException refused(int status, String body);

        ArgoCdException broken(Throwable cause);
    }

    EventLines(ApplicationEvents events, Troubles troubles) {
        this.events = events;
        this.troubles = troubles;
    }

    HttpResponse.BodyHandler<Void> handler() {
        return info -> {
            status = info.statusCode();
            if (isStreaming()) {
                answered.countDown();
            }
            return HttpResponse.BodySubscribers.fromLineSubscriber(this, done -> null, StandardCharsets.UTF_8, null);
        };
    }

    /** @param response completes when it is over */
    void follow(CompletableFuture<HttpResponse<Void>> response) {
        exchange = response;
        response.whenComplete((done, failure) -> over(Optional.ofNullable(failure)));
    }

    private void over(Optional<Throwable> failure) {
        Optional<ArgoCdException> trouble = failure.map(troubles::broken);
        events.end(
                trouble.isPresent() || isStreaming()
                        ? trouble
                        : Optional.of(troubles.refused(status, refusal.toString())));
        answered.countDown();
    }

    /** Returns when the server has agreed to stream or refused to, or has said nothing for that long. */
    void awaitAnswer(Duration longest) {
        try {
            answered.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStreaming() {
        return status == 200;
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
        if (isStreaming()) {
            events.line(line);
        } else if (refusal.length() < MAX_REFUSAL) {
            refusal.append(line);
        }
    }

    /** The response as a whole ends with it. */
    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onComplete() {}

    @Override
    public void close() {
        closed = true;
        events.mute();
        Flow.Subscription begun = subscription;
        if (begun != null) {
            begun.cancel();
        }
        exchange.cancel(true);
    }
}
