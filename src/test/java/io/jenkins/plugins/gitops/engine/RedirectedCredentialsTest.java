package io.jenkins.plugins.gitops.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.client.ArgoCdHttp;
import io.jenkins.plugins.gitops.engine.argocd.client.ArgoCdServer;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesAccess;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesArgoCd;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that send a client to another origin, which would like to have its credentials. */
class RedirectedCredentialsTest {

    private static final String SECRET = "s3cret";
    private static final List<Integer> STATUSES = List.of(301, 302, 303, 307, 308);

    /** Another port of the same host, and another host, however they are written. */
    private static final List<String> ORIGINS =
            List.of("http://127.0.0.1:%d", "http://localhost:%d", "//localhost:%d", "http://jenkins@127.0.0.1:%d");

    /** Who asks, with a password or token. */
    enum Client {
        GIT {
            @Override
            void ask(String url, Path directory) throws IOException {
                try (GitConfigRepositories repositories = new GitConfigRepositories(directory)) {
                    repositories
                            .open(new Remote(url + "/config.git", new Remote.Login.UserPassword("jenkins", SECRET)))
                            .tip("main", Progress.SILENT);
                }
            }
        },
        KUBERNETES {
            @Override
            void ask(String url, Path directory) throws Exception {
                KubernetesAccess access = new KubernetesAccess.Token(url, Optional.empty(), () -> SECRET);
                try (ArgoCd argoCd =
                        new KubernetesArgoCd(access.client(HttpClients.DEFAULT), "argocd", Optional.empty())) {
                    argoCd.list("argocd");
                }
            }
        },
        ARGO_CD_SERVER {
            @Override
            void ask(String url, Path directory) throws Exception {
                try (ArgoCd argoCd = new ArgoCdServer(
                        new ArgoCdHttp(URI.create(url), HttpClients.DEFAULT, () -> SECRET), "argocd")) {
                    argoCd.list("argocd");
                }
            }
        };

        abstract void ask(String url, Path directory) throws Exception;
    }

    @TempDir
    private Path directory;

    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger();
    private volatile String target = "";
    private HttpServer origin;
    private HttpServer elsewhere;

    @BeforeEach
    void start() throws IOException {
        elsewhere = start(exchange -> {
            arrived.add(exchange.getRequestHeaders().entrySet().toString());
            answer(exchange, 404);
        });
        origin = start(exchange -> {
            exchange.getResponseHeaders().add("Location", target + exchange.getRequestURI());
            answer(exchange, status.get());
        });
    }

    @AfterEach
    void stop() {
        origin.stop(0);
        elsewhere.stop(0);
    }

    @ParameterizedTest
    @EnumSource
    void noCredentialArrivesElsewhere(Client client) {
        for (String other : ORIGINS) {
            target = other.formatted(elsewhere.getAddress().getPort());
            for (int each : STATUSES) {
                status.set(each);

                assertThatThrownBy(() -> client.ask(
                                "http://127.0.0.1:" + origin.getAddress().getPort(), directory))
                        .as(each + " to " + target)
                        .isInstanceOf(GitOpsException.class)
                        .hasMessageNotContaining(SECRET);
            }
        }

        assertThat(arrived).noneMatch(headers -> headers.contains("Authorization") || headers.contains(SECRET));
    }

    private static HttpServer start(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", handler);
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, -1);
        }
    }
}
