package io.jenkins.plugins.gitops.playground.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Asks the plugin's endpoints over HTTP as somebody, and holds every answer against docs/openapi.yaml. */
public final class ApiClient {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ApiDocument DOCUMENT = ApiDocument.read();
    private static final long PATIENCE_SECONDS = 30;

    private final String url;
    private final String user;
    private final String crumb;

    /** An answer that is as described. */
    public record Answered(int status, @NonNull String body) {

        @NonNull
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        /** Why it was refused. */
        @NonNull
        public String error() {
            return json().path("error").asText();
        }
    }

    /** @param url of the playground */
    public ApiClient(@NonNull String url, @NonNull String user) throws Exception {
        this.url = url;
        this.user = user;
        String page = CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        this.crumb = page.replaceAll("(?s).*data-crumb-value=\"([^\"]*)\".*", "$1");
    }

    @NonNull
    public Answered get(@NonNull String path) throws Exception {
        return send("GET", path, request(path).build());
    }

    @NonNull
    public Answered post(@NonNull String path, @NonNull Map<String, String> form) throws Exception {
        String body = form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                "POST",
                path,
                request(path)
                        .header("Jenkins-Crumb", crumb)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    /** The order, when it is no longer under way. */
    @NonNull
    public JsonNode ended(@NonNull String job, @NonNull String order) {
        return await("the order " + order)
                .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(
                        () -> {
                            for (JsonNode one :
                                    get(job + "/gitops/v1/deployments").json().path("orders")) {
                                if (one.path("id").asText().equals(order)
                                        && !one.path("state").asText().equals("WORKING")) {
                                    return Optional.of(one);
                                }
                            }
                            return Optional.<JsonNode>empty();
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Cookie", "playground-user=" + user);
    }

    private static Answered send(String method, String path, HttpRequest request) throws Exception {
        HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        String type = answer.headers().firstValue("Content-Type").orElse("");
        assertThat(DOCUMENT.violations(method, path, answer.statusCode(), type, answer.body()))
                .as("%s %s answers %s", method, path, answer.body())
                .isEmpty();
        return new Answered(answer.statusCode(), answer.body());
    }
}
