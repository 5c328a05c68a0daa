package io.jenkins.plugins.gitops.playground.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The playground's web server, on the loopback address only. Every answer forbids foreign and inline scripts; a request
 * for another host's name is refused, and a change needs the crumb that the page carries, so that no other site a
 * browser has open can act here.
 */
public final class PageServer implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(PageServer.class.getName());

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-store");

    /** Answers one kind of request. */
    @FunctionalInterface
    public interface Handler {
        @NonNull
        Answer answer(@NonNull PageRequest request) throws Exception;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(runnable -> {
        Thread thread = new Thread(runnable, "playground page");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Handler> reads = new TreeMap<>();
    private final Map<String, Handler> writes = new TreeMap<>();
    private final Set<String> machines = new HashSet<>();
    private final Crumb crumb = new Crumb();

    /** @param port 0 for any free one */
    public PageServer(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /** Answers GET requests whose path starts so; the longest prefix wins. */
    @NonNull
    public PageServer onGet(@NonNull String prefix, @NonNull Handler handler) {
        reads.put(prefix, handler);
        return this;
    }

    /** Answers POST requests that carry the crumb; the longest prefix wins. */
    @NonNull
    public PageServer onPost(@NonNull String prefix, @NonNull Handler handler) {
        writes.put(prefix, handler);
        return this;
    }

    /** Answers POST requests of machines, which have no crumb but credentials of their own; to this path alone. */
    @NonNull
    public PageServer onMachine(@NonNull String path, @NonNull Handler handler) {
        machines.add(path);
        return onPost(path, handler);
    }

    @NonNull
    public PageServer start() {
        server.start();
        return this;
    }

    /** The address to open, with a final slash. */
    @NonNull
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @NonNull
    public Crumb crumb() {
        return crumb;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            HEADERS.forEach(exchange.getResponseHeaders()::set);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            if (answer.body().length > 0) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    private Answer answer(HttpExchange exchange) {
        PageRequest request = new PageRequest(exchange);
        try {
            if (!isOwnHost(request)) {
                return Answer.refused(403, "This page answers to 127.0.0.1 and localhost only.");
            }
            if (request.isPost() && !crumb.isIn(request) && !machines.contains(request.path())) {
                return Answer.refused(403, "The crumb is missing or old: reload the page.");
            }
            Optional<Handler> handler = handler(request);
            return handler.isPresent()
                    ? handler.get().answer(request)
                    : Answer.refused(404, "There is no page at " + request.path() + ".");
        } catch (GitOpsException e) {
            return Answer.refused(400, e.getMessage());
        } catch (Exception e) {
            LOGGER.log(Level.WARNING, "cannot answer " + request.path(), e);
            return Answer.refused(500, "The playground failed: see its console.");
        }
    }

    private boolean isOwnHost(PageRequest request) {
        int port = server.getAddress().getPort();
        String host = request.header("Host").orElse("");
        return host.equals("127.0.0.1:" + port) || host.equals("localhost:" + port);
    }

    private Optional<Handler> handler(PageRequest request) {
        return (request.isPost() ? writes : reads)
                .entrySet().stream()
                        .filter(route -> request.path().startsWith(route.getKey()))
                        .reduce((shorter, longer) ->
                                longer.getKey().length() > shorter.getKey().length() ? longer : shorter)
                        .map(Map.Entry::getValue);
    }
}
