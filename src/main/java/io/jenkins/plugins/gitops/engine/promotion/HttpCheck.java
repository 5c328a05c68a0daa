package io.jenkins.plugins.gitops.engine.promotion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Asks an endpoint whether a promotion may pass: POST with the promotion as JSON, answered with 200 and {@code
 * {"allowed": true or false, "reason": "…"}}. Anything else is no answer, and it is asked again. Holds no thread while it
 * waits.
 */
final class HttpCheck {

    /** Of an answer, from the request to its last byte. */
    private static final BodyLimits LIMITS = new BodyLimits(64 * 1024, Duration.ofSeconds(10));

    private static final int LONGEST_REASON = 300;

    private final GateDefinition.HttpCheck declared;
    private final CheckEndpoints endpoints;

    HttpCheck(@NonNull GateDefinition.HttpCheck declared, @NonNull CheckEndpoints endpoints) {
        this.declared = declared;
        this.endpoints = endpoints;
    }

    private String id() {
        return declared.name();
    }

    @NonNull
    CompletionStage<CheckResult> ask(@NonNull Gate gate, @NonNull Instant now) {
        URI address = URI.create(declared.url());
        Optional<String> refusal = endpoints.refusal(address);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(CheckResult.failed(id(), "not asked: " + refusal.get()));
        }
        HttpRequest request = SignedRequest.post(
                        HttpRequest.newBuilder(address).header("Accept", "application/json"),
                        GateJson.text(gate.subject()),
                        endpoints.secret().get(),
                        endpoints.clock().instant())
                .build();
        return BoundedBody.sendAsync(endpoints.client(), request, LIMITS)
                .thenApply(this::read)
                .exceptionally(failure -> noAnswer(reason(failure)));
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private CheckResult read(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            return noAnswer("it answered with status " + response.statusCode());
        }
        JsonNode answer;
        try {
            answer = GateJson.tree(new String(response.body(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return noAnswer("it did not answer with JSON");
        }
        if (!answer.path("allowed").isBoolean()) {
            return noAnswer("its answer has no \"allowed\": true or false");
        }
        String reason = answer.path("reason").asText("").replaceAll("\\p{Cntrl}+", " ");
        String clause = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
        return answer.get("allowed").asBoolean()
                ? CheckResult.passed(id(), clause.isEmpty() ? "allowed" : clause)
                : CheckResult.failed(id(), clause.isEmpty() ? "not allowed" : clause);
    }

    private CheckResult noAnswer(String why) {
        return CheckResult.pending(
                id(), "no answer from " + URI.create(declared.url()).getHost() + ": " + why, null);
    }
}
