package io.jenkins.plugins.gitops.notify;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.net.Backoff;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.net.SignedRequest;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
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
 * when it is delivered again, so that the receiver can tell. A broken connection, 429 and 5xx are retried; what is lost
 * after {@value #MOST_ATTEMPTS} attempts is logged.
 *
 * @param secret shared with the receiver; empty leaves the signature out
 * @param clients makes requests, for the controller's proxy
 */
public record Webhook(
        @NonNull URI address,
        @NonNull String secret,
        @NonNull HttpClients clients,
        @NonNull HttpClient client,
        @NonNull ScheduledExecutorService scheduler,
        @NonNull InstantSource clock,
        @NonNull RandomGenerator random,
        @NonNull Backoff backoff) {

    public static final String DELIVERY = "X-GitOps-Delivery";

    private static final int MOST_ATTEMPTS = 5;

    private static final Logger LOGGER = Logger.getLogger(Webhook.class.getName());
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Posts to the webhook of the global configuration, if there is one. */
    @Extension
    public static class Configured extends PromotionNotification {

        /** All attempts fall within two minutes. */
        private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(8), Duration.ofMinutes(1));

        @Override
        public void heard(@NonNull PromotionEvent event) {
            Secret url = GitOpsConfiguration.get().getWebhookUrl();
            if (url == null) {
                return;
            }
            GitOpsServices services = GitOpsServices.get();
            new Webhook(
                            URI.create(url.getPlainText()),
                            GitOpsConfiguration.get()
                                    .webhookSecret()
                                    .map(Secret::getPlainText)
                                    .orElse(""),
                            services.clients(),
                            services.http(),
                            services.scheduler(),
                            services.clock(),
                            RandomGenerator.getDefault(),
                            BACKOFF)
                    .post(event);
        }
    }

    /** Returns at once. */
    public void post(@NonNull PromotionEvent event) {
        post(GateJson.text(event), event.id(), 1);
    }

    @Override
    public String toString() {
        return "webhook at " + address.getHost();
    }

    private void post(String body, String delivery, int attempt) {
        HttpRequest.Builder request = SignedRequest.post(
                clients.request(address).timeout(TIMEOUT).header(DELIVERY, delivery), body, secret, clock.instant());
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                .whenComplete((response, failure) -> {
                    if (failure != null) {
                        again(body, delivery, attempt, failure.toString());
                    } else if (response.statusCode() == 429 || response.statusCode() >= 500) {
                        again(body, delivery, attempt, "status " + response.statusCode());
                    } else if (response.statusCode() >= 300) {
                        lost("it returned status " + response.statusCode());
                    }
                });
    }

    private void again(String body, String delivery, int attempt, String why) {
        if (attempt == MOST_ATTEMPTS) {
            lost(attempt + " attempts failed, the last with " + why);
            return;
        }
        scheduler.schedule(
                () -> post(body, delivery, attempt + 1),
                backoff.pause(attempt, random).toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** The address may hold a token in its path or query, so only the host is told. */
    private void lost(String why) {
        LOGGER.log(Level.WARNING, "An event could not be delivered to the webhook at {0}: {1}", new Object[] {
            address.getHost(), why
        });
    }
}
