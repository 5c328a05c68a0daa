package io.jenkins.plugins.gitops.engine.argocd.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What every request to Argo CD's API server carries. */
class ArgoCdHttpTest {

    /** A real Argo CD answers 415 to any other, a DELETE without a body among them. */
    @Test
    void requestsThatChangeSomethingHaveTheContentTypeThatArgoCdRequires() throws Exception {
        List<String> refused = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean accepted = exchange.getRequestMethod().equals("GET")
                    || "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
            if (!accepted) {
                refused.add(exchange.getRequestMethod());
            }
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(accepted ? 200 : 415, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            ArgoCdHttp http = new ArgoCdHttp(
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"),
                    HttpClients.DEFAULT,
                    () -> "token");

            http.get("read shop", "applications/shop", Map.of());
            http.post("sync shop", "sync", "applications/shop/sync", Map.of(), JsonNodeFactory.instance.objectNode());
            http.delete("withdraw the sync of shop", "applications/shop/operation", Map.of());
        } finally {
            server.stop(0);
        }

        assertThat(refused).isEmpty();
    }
}
