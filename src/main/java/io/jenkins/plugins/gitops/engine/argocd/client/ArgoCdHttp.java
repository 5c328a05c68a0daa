package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.CertificateTrouble;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * Speaks HTTP with Argo CD's API server. The JDK's client: no thread is held by a stream or by a request under way.
 * Redirects are not followed, since they would carry the token elsewhere.
 */
public final class ArgoCdHttp implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** A refresh is answered when Argo CD has compared the Application. */
    private static final Duration REFRESH = Duration.ofMinutes(2);

    /** What is wrong with a request for a stream is said sooner. */
    private static final Duration AGREEMENT = Duration.ofSeconds(3);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final Supplier<String> token;
    private final HttpClient client;

    /**
     * @param base address of the server, with its root path if it has one
     * @param trust what vouches for the server, or empty for what the JVM trusts
     * @param token bearer token, asked before every request; must be quick
     */
    public ArgoCdHttp(@NonNull URI base, @NonNull Optional<SSLContext> trust, @NonNull Supplier<String> token) {
        this.base = base;
        this.token = token;
        // Argo CD serves gRPC on the same port and tells the two apart by the protocol: REST is spoken over HTTP/1.1.
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        trust.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    @NonNull
    URI base() {
        return base;
    }

    @NonNull
    JsonNode get(String deed, String path, Map<String, String> query) {
        return json(
                deed, answer(deed, start(request(path, query).timeout(ANSWER).GET()), ANSWER));
    }

    @NonNull
    JsonNode post(String deed, String path, JsonNode body) {
        HttpRequest.Builder request = request(path, Map.of())
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        return json(deed, answer(deed, start(request), ANSWER));
    }

    void delete(String deed, String path, Map<String, String> query) {
        answer(deed, start(request(path, query).timeout(ANSWER).DELETE()), ANSWER);
    }

    /** Sends a GET and stays for a quick answer only; empty where it takes longer, and goes on without us. */
    @NonNull
    Optional<JsonNode> send(String deed, String path, Map<String, String> query, Duration quick) {
        CompletableFuture<HttpResponse<String>> answer =
                start(request(path, query).timeout(REFRESH).GET());
        try {
            return Optional.of(json(deed, succeeded(deed, answer.get(quick.toMillis(), TimeUnit.MILLISECONDS))));
        } catch (TimeoutException underWay) {
            return Optional.empty();
        } catch (ExecutionException | InterruptedException cause) {
            throw unavailable(deed, cause);
        }
    }

    /**
     * Opens an event stream. Argo CD sends nothing at all, not even the status, before it has an Application to show: a
     * server that says nothing for a while is taken to have agreed. Whatever ends the stream, a refusal too, is told to
     * the events.
     */
    @NonNull
    ArgoCd.Stream stream(String deed, String path, Map<String, String> query, ApplicationEvents events) {
        HttpRequest request =
                request(path, query).header("Accept", "text/event-stream").GET().build();
        EventLines lines = new EventLines(events, new EventLines.Troubles() {
            @Override
            public ArgoCdException refused(int status, String body) {
                return ArgoCdHttp.this.refused(deed, status, body);
            }

            @Override
            public ArgoCdException broken(Throwable cause) {
                return unavailable(deed, cause);
            }
        });
        lines.follow(client.sendAsync(request, lines.handler()));
        lines.awaitAnswer(AGREEMENT);
        return lines;
    }

    @NonNull
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The client ends with the last request; closing streams is the feed's part. */
    @Override
    public void close() {}

    private HttpRequest.Builder request(String path, Map<String, String> query) {
        String root = base.toString().replaceFirst("/+$", "");
        String parameters = new TreeMap<>(query)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                        .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(
                        URI.create(root + "/api/v1/" + path + (parameters.isEmpty() ? "" : "?" + parameters)))
                .header("Authorization", "Bearer " + token.get());
    }

    private CompletableFuture<HttpResponse<String>> start(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> answer(String deed, CompletableFuture<HttpResponse<String>> answer, Duration limit) {
        try {
            return succeeded(deed, answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException | InterruptedException cause) {
            answer.cancel(true);
            throw unavailable(deed, cause);
        }
    }

    private HttpResponse<String> succeeded(String deed, HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw refused(deed, response.statusCode(), response.body());
        }
        return response;
    }

    private JsonNode json(String deed, HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException notArgoCd) {
            throw new ArgoCdException(
                    Reason.MISSING,
                    "Cannot " + deed + " at " + base + ": what answers there is not Argo CD's API; check the address"
                            + " and its root path.",
                    notArgoCd);
        }
    }

    private ArgoCdException refused(String deed, int status, String body) {
        Reason reason = ArgoCdException.reasonOf(status);
        String said = status + message(body);
        String remedy =
                switch (reason) {
                    case REFUSED -> ": check the token and what its account may do";
                    case MISSING ->
                        status / 100 == 3
                                ? ": it redirects elsewhere; configure that address"
                                : ": check the address and the Application's name";
                    case REJECTED, GONE, UNAVAILABLE -> "";
                };
        return new ArgoCdException(reason, "Cannot " + deed + " at " + base + " (" + said + ")" + remedy, null);
    }

    /** The {@code message} of the error object that grpc-gateway writes; nothing of other bodies, such as a proxy's page. */
    private static String message(@Nullable String body) {
        try {
            String text =
                    JSON.readTree(body == null ? "" : body).path("message").asText("");
            return text.isEmpty() ? "" : ", " + text;
        } catch (JsonProcessingException page) {
            return "";
        }
    }

    private ArgoCdException unavailable(String deed, Throwable cause) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        Throwable root =
                cause instanceof ExecutionException || cause instanceof CompletionException ? cause.getCause() : cause;
        String said = root instanceof TimeoutException
                ? "no answer within " + ANSWER.toSeconds() + " s"
                : ConnectionFailure.rootMessage(root);
        Optional<CertificateTrouble> certificate = CertificateTrouble.of(root);
        return new ArgoCdException(
                certificate.isPresent() ? Reason.REFUSED : Reason.UNAVAILABLE,
                "Cannot " + deed + " at " + base + " (" + said + ")"
                        + certificate.map(trouble -> ": " + trouble.remedy()).orElse(ConnectionFailure.UNREACHABLE),
                root instanceof IOException ? root : cause);
    }
}
