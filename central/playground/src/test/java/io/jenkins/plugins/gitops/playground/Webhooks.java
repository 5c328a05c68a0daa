package io.jenkins.plugins.gitops.playground;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A receiver for the webhook of the global configuration, on loopback. */
final class Webhooks implements AutoCloseable {

    private final HttpServer server;
    private final List<JsonNode> heard = new CopyOnWriteArrayList<>();

    /** Has the running playground post its events here. */
    Webhooks() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::hear);
        server.start();
        GitOpsConfiguration.get()
                .setWebhookUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private void hear(HttpExchange exchange) {
        try (exchange) {
            heard.add(new ObjectMapper().readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(204, -1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The events of a kind, such as {@code sync-failed}. */
    List<JsonNode> heard(String kind) {
        return heard.stream()
                .filter(event -> event.path("event").asText().equals(kind))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
