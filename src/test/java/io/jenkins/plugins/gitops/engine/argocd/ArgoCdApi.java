package io.jenkins.plugins.gitops.engine.argocd;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.argocd.client.ArgoCdHttp;
import io.jenkins.plugins.gitops.engine.argocd.client.ArgoCdServer;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Argo CD's API server as its published protocol (swagger of 3.6) and its own sources have it, over Applications that
 * live elsewhere: list, get with refresh, sync, resource tree, and the event stream, which sends everything first and a
 * comment as a sign of life, but nothing, not even its status, before the first Application. It answers a refresh when that
 * is written, where the real one waits until it is done: in no case with the Application as it was before. What happens between the
 * stream's first list and its listening to changes is left out of it. An Application that is not there is refused like
 * one that the account may not see. Every Application that it sends has the health of its resources as the tree has it, which
 * the Application's own resource leaves out. Errors are grpc-gateway's: {@code {"error", "code", "message"}}. Wants
 * {@code Authorization: Bearer token}.
 *
 * <p>{@link #answerNext} makes it refuse, {@link #breakStreams} cuts its streams in the middle of an event.
 */
public final class ArgoCdApi implements AutoCloseable {

    public static final String TOKEN = "token";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ONE = Pattern.compile(
            "/root/api/v1/applications/(?<name>[^/]+)(?<rest>/sync|/resource-tree|/resource|/resource/actions|/resource/actions/v2|/syncwindows)?");

    /** Where the Applications are. */
    public interface Backing {

        List<ObjectNode> applications();

        void refresh(ApplicationName name, String how);

        void sync(ApplicationName name, ObjectNode operation);

        /** Calls back whenever an Application changed, with ADDED, MODIFIED or DELETED; run the result to end that. */
        Runnable watch(Watcher watcher);
    }

    public interface Watcher {
        void event(String type, JsonNode application);
    }

    private final Backing backing;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Integer> refusals = new ConcurrentLinkedQueue<>();
    private final List<BlockingQueue<String>> streams = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile String syncWindows = "{}";
    private volatile String tree = """
        {"nodes": [
          {"kind": "Service", "namespace": "shop", "name": "shop-api"},
          {"kind": "Pod", "namespace": "shop", "name": "shop-api-5d4f", "health": {"status": "Degraded",
           "message": "Back-off pulling image \\"ghcr.io/acme/shop:1.1.0\\""}},
          {"group": "apps", "kind": "ReplicaSet", "namespace": "shop", "name": "shop", "health": {"status": "Healthy"}}]}
        """;
    private final List<String> actions = new CopyOnWriteArrayList<>();
    private volatile boolean older;
    /** Live manifests by kind and name. */
    private final Map<String, String> manifests = new ConcurrentHashMap<>();

    private static final String CUT = "cut";

    public ArgoCdApi(Backing backing) throws IOException {
        this.backing = backing;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** With a root path, as behind an ingress. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/root/");
    }

    public ArgoCd connect(String namespace) {
        return new ArgoCdServer(new ArgoCdHttp(base(), HttpClients.DEFAULT, () -> TOKEN), namespace);
    }

    /** The next requests get these statuses. */
    public void answerNext(Integer... statuses) {
        refusals.addAll(List.of(statuses));
    }

    public void breakStreams() {
        streams.forEach(stream -> stream.add(CUT));
    }

    /** Sends an event to every stream, as soon as there is one. */
    public void tell(String type, JsonNode application) {
        await().until(() -> !streams.isEmpty());
        streams.forEach(stream -> stream.add(event(type, application)));
    }

    /** Sends this to every stream, as soon as there is one. */
    public void say(String data) {
        await().until(() -> !streams.isEmpty());
        streams.forEach(stream -> stream.add("data: " + data + " \n\n"));
    }

    /** What it says of the windows of every Application. */
    public void syncWindows(String answer) {
        syncWindows = answer;
    }

    /** What it says of the resources of every Application. */
    public void tree(String answer) {
        tree = answer;
    }

    /** What a resource of an Application is: without it, it is refused. */
    public void manifest(String kind, String name, String manifest) {
        manifests.put(kind + "/" + name, manifest);
    }

    /** From now on it knows resource actions in their older form only. */
    public void beOlder() {
        older = true;
    }

    /** The resource actions that were carried out: {@code Rollout/shop resume}. */
    public List<String> actions() {
        return actions;
    }

    /** Method and path of what was asked. */
    public List<String> requests() {
        return requests;
    }

    @Override
    public void close() {
        breakStreams();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        requests.add(exchange.getRequestMethod() + " " + uri);
        try (exchange) {
            Integer refusal = refusals.poll();
            if (refusal != null) {
                error(exchange, refusal, "told to");
            } else if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                error(exchange, 401, "no session information");
            } else if (uri.getPath().equals("/root/api/v1/stream/applications")) {
                stream(exchange, query(uri));
            } else if (uri.getPath().equals("/root/api/v1/applications")) {
                list(exchange, query(uri));
            } else {
                one(exchange, query(uri));
            }
        }
    }

    private void list(HttpExchange exchange, Map<String, String> query) throws IOException {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.putObject("metadata").put("resourceVersion", "1");
        ArrayNode items = list.putArray("items");
        backing.applications().stream()
                .filter(application -> isIn(application, query.get("appNamespace")))
                .filter(application -> !query.containsKey("name")
                        || application.path("metadata").path("name").asText().equals(query.get("name")))
                .map(this::withHealth)
                .forEach(items::add);
        answer(exchange, 200, list);
    }

    private void one(HttpExchange exchange, Map<String, String> query) throws IOException {
        Matcher matcher = ONE.matcher(exchange.getRequestURI().getPath());
        if (!matcher.matches()) {
            error(exchange, 404, "Not Found");
            return;
        }
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        String namespace =
                query.getOrDefault("appNamespace", body.path("appNamespace").asText("argocd"));
        ApplicationName name = new ApplicationName(namespace, matcher.group("name"));
        ObjectNode found = application(name);
        if (found == null) {
            error(exchange, 403, "permission denied");
        } else if ("/sync".equals(matcher.group("rest"))) {
            sync(exchange, name, found, body);
        } else if ("/resource-tree".equals(matcher.group("rest"))) {
            answer(exchange, 200, JSON.readTree(tree));
        } else if ("/resource/actions/v2".equals(matcher.group("rest"))) {
            if (older) {
                error(exchange, 404, "Not Found");
                return;
            }
            act(exchange, body.path("kind").asText(), body.path("resourceName").asText(), body.path("action"));
        } else if ("/resource/actions".equals(matcher.group("rest"))) {
            act(exchange, query.get("kind"), query.get("resourceName"), body);
        } else if ("/resource".equals(matcher.group("rest"))) {
            resource(exchange, query);
        } else if ("/syncwindows".equals(matcher.group("rest"))) {
            answer(exchange, 200, JSON.readTree(syncWindows));
        } else {
            boolean refreshes = query.containsKey("refresh");
            if (refreshes) {
                backing.refresh(name, query.get("refresh"));
            }
            ObjectNode now = refreshes ? application(name) : found;
            answer(exchange, 200, withHealth(now == null ? found : now));
        }
    }

    /** Null where there is none. */
    private ObjectNode application(ApplicationName name) {
        return backing.applications().stream()
                .filter(application -> isIn(application, name.namespace())
                        && application.path("metadata").path("name").asText().equals(name.name()))
                .findFirst()
                .orElse(null);
    }

    private JsonNode withHealth(JsonNode application) {
        JsonNode copy = application.deepCopy();
        try {
            JsonNode nodes = JSON.readTree(tree).path("nodes");
            for (JsonNode resource : copy.path("status").path("resources")) {
                for (JsonNode node : nodes) {
                    if (node.has("health")
                            && node.path("kind").equals(resource.path("kind"))
                            && node.path("name").equals(resource.path("name"))) {
                        ((ObjectNode) resource).set("health", node.path("health"));
                    }
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void resource(HttpExchange exchange, Map<String, String> query) throws IOException {
        String manifest = manifests.get(query.get("kind") + "/" + query.get("resourceName"));
        if (manifest == null) {
            error(
                    exchange,
                    400,
                    query.get("kind") + " " + query.get("resourceName") + " not found as part of application");
        } else {
            answer(exchange, 200, JsonNodeFactory.instance.objectNode().put("manifest", manifest));
        }
    }

    private void act(HttpExchange exchange, String kind, String name, JsonNode action) throws IOException {
        actions.add(kind + "/" + name + " " + action.asText());
        answer(exchange, 200, JsonNodeFactory.instance.objectNode());
    }

    private void sync(HttpExchange exchange, ApplicationName name, ObjectNode found, JsonNode body) throws IOException {
        if (found.hasNonNull("operation")) {
            error(exchange, 400, "another operation is already in progress");
            return;
        }
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        operation.putObject("sync").put("prune", body.path("prune").asBoolean());
        operation.set("info", body.path("infos"));
        operation.set("retry", body.path("retryStrategy"));
        backing.sync(name, operation);
        answer(exchange, 200, found);
    }

    private void stream(HttpExchange exchange, Map<String, String> query) throws IOException {
        BlockingQueue<String> queue = new LinkedBlockingQueue<>();
        backing.applications().forEach(application -> queue.add(event("ADDED", withHealth(application))));
        streams.add(queue);
        Runnable unwatch = backing.watch((type, application) -> queue.add(event(type, withHealth(application))));
        try {
            String next = queue.take();
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            while (true) {
                out.write(bytes(CUT.equals(next) ? "data: {\"result\":{\"ty" : next));
                out.flush();
                if (CUT.equals(next)) {
                    return;
                }
                String polled = queue.poll(200, TimeUnit.MILLISECONDS);
                next = polled == null ? ":\n" : polled;
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            unwatch.run();
            streams.remove(queue);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String event(String type, JsonNode application) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.putObject("result").put("type", type).set("application", application);
        return "data: " + event + " \n\n";
    }

    private static boolean isIn(JsonNode application, String namespace) {
        return namespace == null
                || application.path("metadata").path("namespace").asText().equals(namespace);
    }

    private static void error(HttpExchange exchange, int status, String message) throws IOException {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        answer(exchange, status, error.put("error", message).put("code", 2).put("message", message));
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] content = bytes(body.toString());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, content.length);
        exchange.getResponseBody().write(content);
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new TreeMap<>();
        if (uri.getRawQuery() != null) {
            for (String part : new ArrayList<>(List.of(uri.getRawQuery().split("&")))) {
                String[] pair = part.split("=", 2);
                query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }
}
