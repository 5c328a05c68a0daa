package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * Posts events as JSON, signed as {@link SignedRequest} does. The header {@value #DELIVERY} is the event's id, the same
 * when it is delivered again, so that the receiver can tell. Tried again are broken connections, 429 and 5xx, with
 * growing pauses; what is lost after that is logged.
 */
public final class Webhook implements PromotionListener {

    public static final String DELIVERY = "X-GitOps-Delivery";

    private static final Logger LOGGER = Logger.getLogger(Webhook.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private final URI address;
    private final String secret;
    private final HttpClient client;
    private final ScheduledExecutorService scheduler;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Retry retry;

    /**
     * How often and after which pauses to try again.
     *
     * @param attempts at least 1
     * @param first pause before the second attempt; each further one is four times as long, and up to half longer
     */
    public record Retry(int attempts, @NonNull Duration first) {

        /** Five attempts within about two minutes. */
        public static final Retry USUAL = new Retry(5, Duration.ofSeconds(1));
    }

    /** @param secret shared with the receiver; empty leaves the signature out */
    public Webhook(
            @NonNull URI address,
            @NonNull String secret,
            @NonNull HttpClient client,
            @NonNull ScheduledExecutorService scheduler,
            @NonNull InstantSource clock,
            @NonNull RandomGenerator random,
            @NonNull Retry retry) {
        this.address = address;
        this.secret = secret;
        this.client = client;
        this.scheduler = scheduler;
        this.clock = clock;
        this.random = random;
        this.retry = retry;
    }

    @Override
    public void heard(@NonNull PromotionEvent event) {
        post(GateJson.text(event), event.id(), 1);
    }

    private void post(String body, String delivery, int attempt) {
        HttpRequest.Builder request = SignedRequest.post(
                HttpRequest.newBuilder(address).timeout(PATIENCE).header(DELIVERY, delivery),
                body,
                secret,
                clock.instant());
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                .whenComplete((response, failure) -> {
                    if (failure != null) {
                        again(body, delivery, attempt, failure.toString());
                    } else if (response.statusCode() == 429 || response.statusCode() >= 500) {
                        again(body, delivery, attempt, "status " + response.statusCode());
                    } else if (response.statusCode() >= 300) {
                        lost("it answered with status " + response.statusCode());
                    }
                });
    }

    private void again(String body, String delivery, int attempt, String why) {
        if (attempt >= retry.attempts()) {
            lost(attempt + " attempts failed, the last with " + why);
            return;
        }
        long pause = retry.first().toMillis() << (2 * (attempt - 1));
        scheduler.schedule(
                () -> post(body, delivery, attempt + 1), pause + random.nextLong(pause / 2 + 1), TimeUnit.MILLISECONDS);
    }

    /** The address may hold a token in its path or query, so only the host is told. */
    private void lost(String why) {
        LOGGER.log(Level.WARNING, "An event could not be delivered to the webhook at {0}: {1}", new Object[] {
            address.getHost(), why
        });
    }
}
