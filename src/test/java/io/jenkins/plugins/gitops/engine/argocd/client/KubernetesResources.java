package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kubernetes API with the resources of a test: get, list with equal labels, and patches, which it keeps and, on demand,
 * refuses because somebody else has written in between.
 */
final class KubernetesResources implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PATH = Pattern.compile(
            "/apis?/(?:[^/]+/)?v1[^/]*/namespaces/([^/]+)/(?<plural>[^/]+)(?:/(?<name>[^/]+)(?:/status)?)?");

    private final HttpServer server;
    private final Map<String, JsonNode> resources = new ConcurrentHashMap<>();
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    private final AtomicInteger conflicts = new AtomicInteger();

    /** In order, as they were sent, also those that were refused. */
    final List<JsonNode> patches = new CopyOnWriteArrayList<>();

    /** The same with the path below namespaces: {@code shop/rollouts/shop/status {…}}. */
    final List<String> patched = new CopyOnWriteArrayList<>();

    KubernetesResources() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    /** @param plural as in the path: {@code deployments} */
    KubernetesResources with(String plural, String json) throws IOException {
        JsonNode resource = JSON.readTree(json);
        resources.put(plural + "/" + resource.path("metadata").path("name").asText(), resource);
        return this;
    }

    /** From now on nobody may read these. */
    void forbid(String plural) {
        forbidden.add(plural);
    }

    /** So many patches come too late. */
    void overtake(int times) {
        conflicts.set(times);
    }

    ArgoCd connect() {
        KubernetesAccess access = new KubernetesAccess.Token(
                "http://127.0.0.1:" + server.getAddress().getPort(), Optional.empty(), () -> "token");
        return new KubernetesArgoCd(access.client(HttpClients.DEFAULT), "argocd", Optional.empty());
    }

    private void answer(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        Matcher path = PATH.matcher(uri.getPath());
        if (!path.matches()) {
            refuse(exchange, 404, "not found");
        } else if (forbidden.contains(path.group("plural"))) {
            refuse(exchange, 403, path.group("plural") + " is forbidden");
        } else if (path.group("name") == null) {
            list(exchange, path.group("plural"), Optional.ofNullable(uri.getRawQuery()));
        } else {
            one(exchange, resources.get(path.group("plural") + "/" + path.group("name")));
        }
    }

    private void one(HttpExchange exchange, JsonNode found) throws IOException {
        if (found == null) {
            refuse(exchange, 404, "not found");
            return;
        }
        if (exchange.getRequestMethod().equals("PATCH")) {
            JsonNode patch = JSON.readTree(exchange.getRequestBody());
            patches.add(patch);
            patched.add(exchange.getRequestURI().getPath().replaceFirst(".*/namespaces/", "") + " " + patch);
            if (conflicts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                refuse(exchange, 409, "the object has been modified");
                return;
            }
        }
        send(exchange, 200, found);
    }

    private void list(HttpExchange exchange, String plural, Optional<String> query) throws IOException {
        Map<String, String> labels = new TreeMap<>();
        query.stream()
                .flatMap(text -> List.of(text.split("&")).stream())
                .filter(part -> part.startsWith("labelSelector="))
                .map(part -> URLDecoder.decode(part.substring("labelSelector=".length()), StandardCharsets.UTF_8))
                .flatMap(selector -> List.of(selector.split(",")).stream())
                .forEach(label -> labels.put(label.split("=")[0], label.split("=")[1]));
        List<JsonNode> found = new ArrayList<>();
        resources.forEach((key, resource) -> {
            JsonNode own = resource.path("metadata").path("labels");
            if (key.startsWith(plural + "/")
                    && labels.entrySet().stream()
                            .allMatch(label -> own.path(label.getKey()).asText().equals(label.getValue()))) {
                found.add(resource);
            }
        });
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", "List").put("apiVersion", "v1").putObject("metadata");
        list.putArray("items").addAll(found);
        send(exchange, 200, list);
    }

    private static void refuse(HttpExchange exchange, int code, String message) throws IOException {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").put("code", code).put("message", message);
        send(exchange, code, status);
    }

    private static void send(HttpExchange exchange, int code, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
