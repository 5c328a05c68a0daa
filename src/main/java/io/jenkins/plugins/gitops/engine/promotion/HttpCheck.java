package io.jenkins.plugins.gitops.engine.promotion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Asks an endpoint whether a promotion may pass: POST with the promotion as JSON, answered with 200 and {@code
 * {"allowed": true or false, "reason": "…"}}. Anything else is no answer, and it is asked again.
 */
final class HttpCheck implements GateCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST_REASON = 300;

    private final GateDefinition.HttpCheck endpoint;
    private final HttpClient client;

    HttpCheck(@NonNull GateDefinition.HttpCheck endpoint, @NonNull HttpClient client) {
        this.endpoint = endpoint;
        this.client = client;
    }

    @Override
    @NonNull
    public String id() {
        return endpoint.name();
    }

    @Override
    @NonNull
    public CompletionStage<CheckResult> ask(@NonNull Gate gate, @NonNull Instant now) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint.url()))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(GateJson.write(gate.subject())))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> response.statusCode() == 200
                        ? read(response.body())
                        : noAnswer("it answered with status " + response.statusCode()))
                .exceptionally(failure -> noAnswer(reason(failure)));
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private CheckResult read(String body) {
        JsonNode answer;
        try {
            answer = GateJson.tree(body);
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
                id(), "no answer from " + URI.create(endpoint.url()).getHost() + ": " + why, null);
    }
}
