package io.jenkins.plugins.gitops.engine.argocd.client;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.StreamListener;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A watch that a server, or a proxy before it, does not open is no open watch, and says why. */
@Timeout(240)
class KubernetesWatchTest {

    private HttpServer server;
    private volatile int status;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            if (status == 0) {
                exchange.close();
                return;
            }
            byte[] body = ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":" + status + ",\"message\":\"no "
                            + status + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "https://elsewhere.invalid/");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "401,REFUSED",
        "403,REFUSED",
        "404,MISSING",
        "307,UNAVAILABLE",
        "400,REJECTED",
        "426,UNAVAILABLE",
        "502,UNAVAILABLE",
        "503,UNAVAILABLE",
        "0,UNAVAILABLE"
    })
    void aHandshakeThatIsRefusedIsTold(int answer, Reason reason) {
        status = answer;
        Heard heard = new Heard();
        KubernetesAccess access = new KubernetesAccess.Token(
                "http://127.0.0.1:" + server.getAddress().getPort(), Optional.empty(), () -> "token");
        try (ArgoCd argoCd = new KubernetesArgoCd(access.client(HttpClients.DEFAULT), "argocd", Optional.empty())) {
            try {
                argoCd.watch("argocd", "5", heard);
            } catch (ArgoCdException refused) {
                heard.ended(Optional.of(refused));
            }
            await().until(() -> !heard.ends.isEmpty());
        }

        assertThat(heard.ends.get(0)).hasValueSatisfying(cause -> {
            assertThat(cause.reason()).isEqualTo(reason);
            assertThat(heard.ends).hasSize(1);
            assertThat(cause)
                    .hasMessageStartingWith("Cannot watch Applications in namespace argocd at the Kubernetes API");
        });
    }

    private static final class Heard implements StreamListener {

        private final List<Optional<ArgoCdException>> ends = new CopyOnWriteArrayList<>();

        @Override
        public void changed(Observation application) {}

        @Override
        public void deleted(ApplicationName application, String resourceVersion) {}

        @Override
        public void bookmark(String resourceVersion) {}

        @Override
        public void ended(Optional<ArgoCdException> cause) {
            ends.add(cause);
        }
    }
}
