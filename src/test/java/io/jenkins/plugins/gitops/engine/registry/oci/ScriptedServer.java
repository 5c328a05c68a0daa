package io.jenkins.plugins.gitops.engine.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A registry that answers what a test says, to show the faults that a sound one does not have. */
final class ScriptedServer implements AutoCloseable {

    /** Answers a request. */
    @FunctionalInterface
    interface Script {
        void answer(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private ScriptedServer(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    static ScriptedServer start() throws IOException {
        return new ScriptedServer(HttpServer.create(loopback(), 0));
    }

    static ScriptedServer startWithTls(SSLContext context) throws IOException {
        HttpsServer https = HttpsServer.create(loopback(), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        return new ScriptedServer(https);
    }

    /** A script that answers with a status, a body and headers, given as name, value, name, value. */
    static Script says(int status, String body, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
            if (!head) {
                exchange.getResponseBody().write(bytes);
            }
            exchange.close();
        };
    }

    /** @param request for example {@code HEAD /v2/shop/api/manifests/1.4.0} */
    ScriptedServer on(String request, Script script) {
        scripts.put(request, script);
        return this;
    }

    URI base(String scheme) {
        return URI.create(scheme + "://" + host());
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Method, path and the Authorization header, if there is one, of every request so far. */
    List<String> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(authorization == null ? request : request + " " + authorization);
        String path =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        scripts.getOrDefault(path, says(404, "{}", "Content-Type", "application/json"))
                .answer(exchange);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
