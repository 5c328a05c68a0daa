package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Speaks HTTP with Argo CD's API server: no thread is held by a stream or by a request under way, every answer is bounded
 * in size and time, and a thread that is interrupted is free at once. Redirects are not followed, since they would carry
 * the token elsewhere.
 */
public final class ArgoCdHttp {

    /** Thousands of Applications, with hundreds of resources each. */
    static final BodyLimits ANSWER = new BodyLimits(128 << 20, Duration.ofSeconds(30));

    /** A refresh is answered when Argo CD has compared the Application. */
    private static final BodyLimits REFRESH = new BodyLimits(16 << 20, Duration.ofMinutes(2));

    /** What is wrong with a request for a stream is said sooner. */
    private static final Duration AGREEMENT = Duration.ofSeconds(3);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI base;
    private final HttpClients clients;
    private final HttpClient client;
    private final Supplier<String> token;

    /**
     * @param base address of the server, with its root path if it has one
     * @param clients how to connect, and whom to trust
     * @param token bearer token, asked before every request; must be quick
     */
    public ArgoCdHttp(URI base, HttpClients clients, Supplier<String> token) {
        this.base = base;
        this.clients = clients;
        // Argo CD serves gRPC on the same port and tells the two apart by the protocol; these clients speak HTTP/1.1.
        this.client = clients.build("Argo CD");
        this.token = token;
    }

    URI base() {
        return base;
    }

    JsonNode get(String deed, String path, Map<String, String> query) {
        return json(deed, send(deed, "get", request(path, query).GET().build()));
    }

    /** @param action that Argo CD's RBAC has to allow for it */
    void post(String deed, String action, String path, Map<String, String> query, JsonNode body) {
        HttpRequest.BodyPublisher content = HttpRequest.BodyPublishers.ofString(body.toString());
        send(deed, action, change(path, query).POST(content).build());
    }

    void delete(String deed, String path, Map<String, String> query) {
        send(deed, "sync", change(path, query).DELETE().build());
    }

    /** Argo CD takes no request but a GET without it, whatever its body. */
    private HttpRequest.Builder change(String path, Map<String, String> query) {
        return request(path, query).header("Content-Type", "application/json");
    }

    /** Sends a GET and stays for a quick answer only; empty where it takes longer, and goes on without us. */
    Optional<JsonNode> send(String deed, String path, Map<String, String> query, Duration quick) {
        CompletableFuture<HttpResponse<byte[]>> answer =
                BoundedBody.sendAsync(client, request(path, query).GET().build(), REFRESH);
        try {
            return Optional.of(json(deed, succeeded(deed, "get", answer.get(quick.toMillis(), TimeUnit.MILLISECONDS))));
        } catch (TimeoutException underWay) {
            return Optional.empty();
        } catch (ExecutionException cause) {
            throw failed(deed, cause.getCause());
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw failed(deed, cause);
        }
    }

    /** Opens an event stream, see {@link EventStream#open}. */
    ArgoCd.Stream stream(
            String deed, String path, Map<String, String> query, String namespace, ArgoCd.StreamListener listener) {
        HttpRequest request =
                request(path, query).header("Accept", "text/event-stream").GET().build();
        EventStream stream = new EventStream(
                namespace,
                listener,
                (status, body) -> refused(deed, "get", status, body),
                cause -> failed(deed, cause));
        stream.open(client, request, AGREEMENT);
        return stream;
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path, Map<String, String> query) {
        String root = base.toString().replaceFirst("/+$", "");
        String parameters = new TreeMap<>(query)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                        .collect(Collectors.joining("&"));
        return clients.request(URI.create(root + "/api/v1/" + path + (parameters.isEmpty() ? "" : "?" + parameters)))
                .header("Authorization", "Bearer " + token.get());
    }

    private HttpResponse<byte[]> send(String deed, String action, HttpRequest request) {
        try {
            return succeeded(deed, action, BoundedBody.send(client, request, ANSWER));
        } catch (IOException cause) {
            throw failed(deed, cause);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw failed(deed, cause);
        }
    }

    private HttpResponse<byte[]> succeeded(String deed, String action, HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 != 2) {
            throw refused(deed, action, response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
        }
        return response;
    }

    private JsonNode json(String deed, HttpResponse<byte[]> response) {
        return json(deed, response.body());
    }

    /** JSON in an answer, or in a text of it. */
    JsonNode json(String deed, byte[] text) {
        try {
            return JSON.readTree(text);
        } catch (IOException notArgoCd) {
            throw new ArgoCdException(
                    Reason.MISSING,
                    "Cannot " + deed + " at " + base + ": the response is not from Argo CD's API; check the address and"
                            + " its root path.",
                    notArgoCd);
        }
    }

    /** @param action that Argo CD's RBAC has to allow for it */
    private ArgoCdException refused(String deed, String action, int status, String body) {
        String message = message(body);
        boolean window = message.contains("sync window");
        Reason reason = window ? Reason.REJECTED : ArgoCdException.reasonOf(status);
        String remedy =
                switch (reason) {
                    case REFUSED ->
                        status == 401
                                ? ": the token of the connection is unknown or has expired; generate another for its"
                                        + " account or project role"
                                : ": allow the token's account or project role 'applications, " + action
                                        + "' on it, in the policy of argocd-rbac-cm or the AppProject's roles (Argo CD"
                                        + " returns the same status if the Application does not exist)";
                    case MISSING ->
                        status / 100 == 3
                                ? ": the server redirects; configure the address that it redirects to"
                                : ": check the address and the Application's name";
                    case REJECTED -> window ? ": the sync is requested again until its sync window is open" : "";
                    case GONE, UNAVAILABLE -> "";
                };
        return new ArgoCdException(
                reason, "Cannot " + deed + " at " + base + " (" + status + message + ")" + remedy, null);
    }

    /** The {@code message} of the error object that grpc-gateway writes; nothing of other bodies, such as a proxy's page. */
    private static String message(String body) {
        try {
            String text = JSON.readTree(body).path("message").asText("");
            return text.isEmpty() ? "" : ", " + text;
        } catch (IOException page) {
            return "";
        }
    }

    private ArgoCdException failed(String deed, Throwable cause) {
        return Faults.connection(deed + " at " + base, cause);
    }
}
