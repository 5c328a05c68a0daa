package io.jenkins.plugins.gitops.playground;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.playground.controller.SecretText;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A receiver for the webhook of the global configuration, on loopback; it believes only what is signed. */
final class Webhooks implements AutoCloseable {

    private static final SecretText SECRET =
            new SecretText("webhook", "Shared with the receiver", "shared with the receiver");

    private final HttpServer server;
    private final Health health;
    private final List<Post> posts = new CopyOnWriteArrayList<>();

    /** How the receiver is. */
    enum Health {
        WELL,
        /** Answers the first attempt of each delivery with status 500. */
        FAILING_AT_FIRST
    }

    /** A request that came in. */
    record Post(String delivery, boolean signed, int status, JsonNode event) {

        String kind() {
            return event.path("event").asText();
        }
    }

    Webhooks() throws IOException {
        this(Health.WELL);
    }

    /** Has the running playground post its events here. */
    Webhooks(Health health) throws IOException {
        this.health = health;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::hear);
        server.start();
        GitOpsConfiguration configuration = GitOpsConfiguration.get();
        configuration.setWebhookUrl(
                Secret.fromString("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
        StandIn.current().withCredential(SECRET);
        configuration.setWebhookCredentialsId(SECRET.id());
    }

    private void hear(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String delivery = exchange.getRequestHeaders().getFirst("X-GitOps-Delivery");
            boolean signed = ("sha256="
                            + hmac(exchange.getRequestHeaders().getFirst("X-GitOps-Timestamp") + "." + body))
                    .equals(exchange.getRequestHeaders().getFirst("X-GitOps-Signature-256"));
            boolean first = posts.stream().noneMatch(post -> post.delivery().equals(delivery));
            int status = !signed ? 403 : first && health == Health.FAILING_AT_FIRST ? 500 : 204;
            posts.add(new Post(delivery, signed, status, new ObjectMapper().readTree(body)));
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private static String hmac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.text().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every request, oldest first. */
    List<Post> posts() {
        return posts;
    }

    /** The events of a kind, such as {@code sync-failed}, that were received well. */
    List<JsonNode> heard(String kind) {
        return posts.stream()
                .filter(post -> post.status() == 204 && post.kind().equals(kind))
                .map(Post::event)
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
