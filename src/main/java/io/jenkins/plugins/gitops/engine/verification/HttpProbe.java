package io.jenkins.plugins.gitops.engine.verification;

import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import io.jenkins.plugins.gitops.engine.net.ConnectionFailure;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Asks an address with GET, follows no redirect, and compares status and body. */
public final class HttpProbe implements CheckProbe {

    private static final BodyLimits LIMITS = new BodyLimits(1024 * 1024, CheckProgress.LONGEST_LOOK);

    private final Http check;
    private final HttpClients clients;
    private final HttpClient client;
    private final Function<URI, Optional<String>> refusal;

    /** @param refusal a clause that says why the controller does not ask an address; may block for a moment */
    public HttpProbe(Http check, HttpClients clients, HttpClient client, Function<URI, Optional<String>> refusal) {
        this.check = check;
        this.clients = clients;
        this.client = client;
        this.refusal = refusal;
    }

    @Override
    public CompletionStage<Sample> look() {
        URI address = URI.create(check.url());
        Optional<String> refused = refusal.apply(address);
        if (refused.isPresent()) {
            return CompletableFuture.completedFuture(Sample.impossible("not contacted: " + refused.get()));
        }
        return BoundedBody.sendAsync(client, clients.request(address).GET().build(), LIMITS)
                .thenApply(this::read)
                .exceptionally(failure -> unanswered(address, failure));
    }

    /** Whoever serves nothing is not as expected; a name or a certificate that is wrong says nothing of the release. */
    private static Sample unanswered(URI address, Throwable failure) {
        ConnectionFailure how = ConnectionFailure.of(failure);
        boolean isOurs =
                how == ConnectionFailure.UNKNOWN_HOST || how == ConnectionFailure.INTERRUPTED || how.isCertificate();
        return new Sample(
                isOurs ? Sample.Kind.MISSED : Sample.Kind.BAD,
                "no answer from " + address.getHost() + ": " + Sample.unanswered(failure));
    }

    private Sample read(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != check.status()) {
            return new Sample(Sample.Kind.BAD, "status " + answer.statusCode() + " instead of " + check.status());
        }
        String body = check.body();
        if (body != null && !new String(answer.body(), StandardCharsets.UTF_8).contains(body)) {
            return new Sample(
                    Sample.Kind.BAD, "status " + answer.statusCode() + ", but its body does not contain " + body);
        }
        return new Sample(Sample.Kind.GOOD, "status " + answer.statusCode() + (body == null ? "" : " with " + body));
    }
}
