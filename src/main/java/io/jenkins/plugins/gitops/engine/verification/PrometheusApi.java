package io.jenkins.plugins.gitops.engine.verification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The HTTP API of a Prometheus, or of what speaks the same: Thanos, Mimir, VictoriaMetrics
 * (https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries).
 */
public final class PrometheusApi {

    private static final BodyLimits LIMITS = new BodyLimits(256 * 1024, CheckProgress.LONGEST_LOOK);

    private static final JsonMapper JSON = new JsonMapper();
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final String name;
    private final URI address;
    private final HttpClients clients;
    private final HttpClient client;
    private final Supplier<Map<String, String>> headers;

    /**
     * @param name of the connection, for sentences
     * @param address of the API, in front of {@code /api/v1/query}
     * @param headers that authorize a request, asked at each
     */
    public PrometheusApi(
            String name, URI address, HttpClients clients, HttpClient client, Supplier<Map<String, String>> headers) {
        this.name = name;
        this.address = address;
        this.clients = clients;
        this.client = client;
        this.headers = headers;
    }

    /** What came of a query. */
    public sealed interface Reading {

        /** One number, which may be NaN or infinite. */
        record Value(double value) implements Reading {}

        /** No series matched. */
        record Empty() implements Reading {}

        /** Nothing this time; {@code why} is a clause. */
        record None(String why) implements Reading {}

        /** Never anything: the query is wrong; {@code why} is a clause. */
        record Refused(String why) implements Reading {}
    }

    /** Asks for the value of a query now; never fails. */
    public CompletionStage<Reading> query(String query) {
        // Thanos: what only some of its stores know is no answer.
        String form =
                "query=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&timeout=8s&partial_response=false";
        HttpRequest.Builder request = clients.request(
                        URI.create(address.toString().replaceFirst("/+$", "") + "/api/v1/query"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        headers.get().forEach(request::header);
        return BoundedBody.sendAsync(client, request.build(), LIMITS)
                .thenApply(this::read)
                .exceptionally(failure ->
                        none("does not respond at " + address.getHost() + ": " + Sample.unanswered(failure)));
    }

    private Reading read(HttpResponse<byte[]> response) {
        if (response.statusCode() == UNAUTHORIZED || response.statusCode() == FORBIDDEN) {
            return none("answered with status " + response.statusCode()
                    + "; check the credentials and the tenant of the connection");
        }
        JsonNode answer;
        try {
            answer = JSON.readTree(new String(response.body(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            answer = JSON.missingNode();
        }
        if (!answer.has("status")) {
            return none("answered with status " + response.statusCode() + " and no JSON; check its address");
        }
        String error = answer.path("error").asText();
        // The type is "bad_data" for Prometheus and "400" for VictoriaMetrics.
        if (response.statusCode() == BAD_REQUEST) {
            return new Reading.Refused("Prometheus '" + name + "' refused the query: " + error);
        }
        if (response.statusCode() != OK || !answer.path("status").asText().equals("success")) {
            return none("answered with status " + response.statusCode() + (error.isEmpty() ? "" : ": " + error));
        }
        if (!answer.path("warnings").isEmpty() || answer.path("isPartial").asBoolean()) {
            String warning = answer.path("warnings").path(0).asText("partial data");
            return none("may not have answered in full: " + warning);
        }
        return data(answer.path("data"));
    }

    private Reading data(JsonNode data) {
        JsonNode result = data.path("result");
        return switch (data.path("resultType").asText()) {
            case "scalar" -> number(result);
            case "vector" -> vector(result);
            case "matrix" ->
                new Reading.Refused("the query gives a range vector where one value is needed; use for"
                        + " example avg_over_time(…)");
            case "string" -> new Reading.Refused("the query gives a text where a number is needed");
            default -> none("gave an unknown kind of result");
        };
    }

    private Reading vector(JsonNode result) {
        if (result.size() > 1) {
            return new Reading.None("the query gives " + result.size()
                    + " series where one value is needed; aggregate them, for example with sum(…) or max(…)");
        }
        if (result.isEmpty()) {
            return new Reading.Empty();
        }
        JsonNode one = result.get(0);
        return one.has("value")
                ? number(one.get("value"))
                : new Reading.Refused("the query gives a histogram where a number is needed; use for example"
                        + " histogram_quantile(…)");
    }

    private Reading number(JsonNode pair) {
        String text = pair.path(1).asText();
        try {
            return new Reading.Value(
                    switch (text) {
                        case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
                        case "-Inf" -> Double.NEGATIVE_INFINITY;
                        default -> Double.parseDouble(text);
                    });
        } catch (NumberFormatException e) {
            return none("gave a value that is not a number");
        }
    }

    private Reading none(String clause) {
        return new Reading.None("Prometheus '" + name + "' " + clause);
    }
}
