package io.jenkins.plugins.gitops.engine.argocd;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.jenkins.plugins.gitops.engine.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * An HTTPS server on loopback that has no Applications, and says so as the Kubernetes API and as Argo CD's own API do.
 * It keeps the bearer tokens it is shown and answers 401 to those it does not know.
 */
final class TlsEndpoint implements AutoCloseable {

    private static final String KUBERNETES = """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationList", "metadata": {"resourceVersion": "5"}, "items": []}
        """;

    private static final String ARGO_CD = """
        {"metadata": {"resourceVersion": "5"}, "items": null}
        """;

    private static final String UNAUTHORIZED = """
        {"kind": "Status", "apiVersion": "v1", "code": 401, "message": "Unauthorized", "error": "Unauthorized"}
        """;

    private final HttpsServer server;
    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final Predicate<String> known;

    /** @param known which bearer tokens it takes */
    TlsEndpoint(TestCertificate certificate, Predicate<String> known) throws IOException, GeneralSecurityException {
        this.known = known;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        server.createContext("/", this::answer);
        server.start();
    }

    /** @param host a name of the loopback address */
    String url(String host) {
        return "https://" + host + ":" + port();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Tokens in the order they came. */
    List<String> tokens() {
        return tokens;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization").replaceFirst("^Bearer ", "");
        tokens.add(token);
        boolean argoCd = exchange.getRequestURI().getPath().equals("/api/v1/applications");
        String said = !known.test(token) ? UNAUTHORIZED : argoCd ? ARGO_CD : KUBERNETES;
        byte[] body = said.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(known.test(token) ? 200 : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
