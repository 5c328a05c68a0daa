package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.StreamListener;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Argo CD's event stream, read line by line as it comes: {@code data: {"result": {"type": …, "application": …}}},
 * comments that keep the connection up, and {@code {"error": …}} before the server gives up. It lives on the HTTP
 * client's threads and holds none.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>
 */
final class EventStream implements ArgoCd.Stream, HttpResponse.BodySubscriber<Void> {

    /** Ten times the largest object that Kubernetes stores. */
    private static final int LONGEST_LINE = 16 << 20;

    private static final int LONGEST_REFUSAL = 4_000;
    private static final String DATA = "data:";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String namespace;
    private final StreamListener listener;
    private final BiFunction<Integer, String, ArgoCdException> refused;
    private final Function<Throwable, ArgoCdException> broken;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CompletableFuture<Void> body = new CompletableFuture<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private volatile CompletableFuture<?> exchange = new CompletableFuture<>();
    private volatile Flow.Subscription subscription;
    private volatile int status;

    /**
     * @param refused tells an answer that is no stream, from its status and body
     * @param broken tells what broke the connection
     */
    EventStream(
            String namespace,
            StreamListener listener,
            BiFunction<Integer, String, ArgoCdException> refused,
            Function<Throwable, ArgoCdException> broken) {
        this.namespace = namespace;
        this.listener = listener;
        this.refused = refused;
        this.broken = broken;
    }

    /**
     * Sends the request and returns when the server has agreed to stream or refused to, or has said nothing for that long:
     * Argo CD sends nothing at all, not even the status, before it has an Application to show. Whatever ends the stream, a
     * refusal too, is told to the listener.
     */
    void open(HttpClient client, HttpRequest request, Duration longest) {
        CompletableFuture<HttpResponse<Void>> response = client.sendAsync(request, head -> {
            status = head.statusCode();
            if (isStreaming()) {
                answered.countDown();
            }
            return this;
        });
        exchange = response;
        response.whenComplete((done, failure) -> {
            Optional<ArgoCdException> cause = Optional.ofNullable(failure).map(broken);
            end(cause.isPresent() || isStreaming() ? cause : Optional.of(refused.apply(status, text())));
            answered.countDown();
        });
        try {
            answered.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStreaming() {
        return status == 200;
    }

    private String text() {
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public CompletionStage<Void> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        if (ended.get()) {
            begun.cancel();
        } else {
            begun.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining() && !ended.get()) {
                take(buffer.get());
            }
        }
    }

    private void take(byte next) {
        if (next == '\n' && isStreaming()) {
            String whole = text().stripTrailing();
            line.reset();
            event(whole);
        } else if (isStreaming() && line.size() >= LONGEST_LINE) {
            end(unavailable("Argo CD's event stream has a line of more than " + (LONGEST_LINE >> 20) + " MiB.", null));
        } else if (isStreaming() || line.size() < LONGEST_REFUSAL) {
            line.write(next);
        }
    }

    private void event(String whole) {
        if (!whole.startsWith(DATA)) {
            listener.bookmark("");
            return;
        }
        try {
            event(JSON.readTree(whole.substring(DATA.length())));
        } catch (JsonProcessingException cut) {
            end(cutOff(cut));
        }
    }

    private void event(JsonNode message) {
        if (message.has("error")) {
            JsonNode error = message.path("error");
            end(Optional.of(new ArgoCdException(
                    ArgoCdException.reasonOf(error.path("http_code").asInt()),
                    "Argo CD ended its event stream: " + error.path("message").asText("no reason given") + ".",
                    null)));
            return;
        }
        JsonNode result = message.path("result");
        JsonNode application = result.path("application");
        JsonNode metadata = application.path("metadata");
        if (!metadata.path("namespace").asText().equals(namespace)) {
            listener.bookmark("");
        } else if (result.path("type").asText().equals("DELETED")) {
            listener.deleted(
                    new ApplicationName(namespace, metadata.path("name").asText()),
                    metadata.path("resourceVersion").asText());
        } else {
            listener.changed(ApplicationReader.read(application));
        }
    }

    @Override
    public void onError(Throwable cause) {
        body.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
        if (isStreaming() && text().startsWith(DATA)) {
            end(cutOff(null));
        }
        body.complete(null);
    }

    /** The connection was cut in the middle of an event, or something between us and the server broke it. */
    private static Optional<ArgoCdException> cutOff(@CheckForNull Throwable cause) {
        return unavailable("Argo CD's event stream broke off in the middle of an event.", cause);
    }

    private static Optional<ArgoCdException> unavailable(String sentence, @CheckForNull Throwable cause) {
        return Optional.of(new ArgoCdException(Reason.UNAVAILABLE, sentence, cause));
    }

    /** Only the first end counts. */
    private void end(Optional<ArgoCdException> cause) {
        if (ended.compareAndSet(false, true)) {
            listener.ended(cause);
            breakOff();
        }
    }

    @Override
    public void close() {
        ended.set(true);
        breakOff();
        exchange.cancel(true);
    }

    private void breakOff() {
        Flow.Subscription begun = subscription;
        if (begun != null) {
            begun.cancel();
        }
    }
}
