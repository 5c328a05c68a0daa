package io.jenkins.plugins.gitops.engine.argocd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link KubernetesArgoCd} makes of a real server's refusals. */
@Timeout(240)
class KubernetesFaultsTest {

    private static final String EMPTY =
            "{\"apiVersion\":\"argoproj.io/v1alpha1\",\"kind\":\"ApplicationList\",\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[]}";

    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private volatile String goodToken = "";
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            authorizations.add(String.valueOf(authorization));
            boolean known = goodToken.isEmpty() || ("Bearer " + goodToken).equals(authorization);
            int code = known ? status : 401;
            byte[] body = (code == 200
                            ? EMPTY
                            : "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":" + code + ",\"message\":\"no "
                                    + code + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, body.length);
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
        "410,GONE",
        "429,UNAVAILABLE",
        "500,UNAVAILABLE",
        "503,UNAVAILABLE"
    })
    void aRefusalIsSortedByWhatOneCanDo(int code, Reason reason) {
        status = code;

        try (ArgoCd argoCd = connect(new AtomicInteger())) {
            assertThatThrownBy(() -> argoCd.list("argocd"))
                    .isInstanceOfSatisfying(
                            ArgoCdException.class,
                            cause -> assertThat(cause.reason()).isEqualTo(reason))
                    .hasMessageStartingWith("Cannot list Applications in namespace argocd at the Kubernetes API at ")
                    .hasMessageContaining("no " + code);
        }
    }

    @Test
    void aTokenThatExpiredIsAskedForAgain() {
        goodToken = "token-2";

        try (ArgoCd argoCd = connect(new AtomicInteger())) {
            assertThat(argoCd.list("argocd").resourceVersion()).contains("5");
        }

        assertThat(authorizations).containsExactly("Bearer token-1", "Bearer token-2");
    }

    @Test
    void aKubeconfigsTokenIsSent() {
        String kubeconfig = KubeconfigTest.KUBECONFIG
                .formatted("token: s3cret")
                .replace("https://kubernetes.example.com:6443", url());

        try (ArgoCd argoCd = new KubernetesArgoCd(
                new KubernetesAccess.Kubeconfig(kubeconfig).client(HttpClients.DEFAULT), "argocd", Optional.empty())) {
            argoCd.list("argocd");
        }

        assertThat(authorizations).containsExactly("Bearer s3cret");
    }

    /** Packed it is a hundredth of that. */
    @Test
    void anEndlessAnswerIsBrokenOff() throws IOException {
        try (EndlessServer endless = new EndlessServer(EndlessServer.Flow.PACKED);
                ArgoCd argoCd = endless.connect(new BodyLimits(1 << 20, Duration.ofMinutes(1)))) {
            assertThatThrownBy(() -> argoCd.list("argocd"))
                    .isInstanceOfSatisfying(
                            ArgoCdException.class,
                            cause -> assertThat(cause.reason()).isEqualTo(Reason.UNAVAILABLE))
                    .hasMessageContaining("more than 1048576 bytes")
                    .hasMessageEndingWith(
                            "the response is larger than the plugin accepts; spread the Applications over several"
                                    + " namespaces");
            endless.awaitBrokenOff();
        }
    }

    @Test
    void anAnswerThatTricklesIsBrokenOff() throws IOException {
        try (EndlessServer endless = new EndlessServer(EndlessServer.Flow.TRICKLING);
                ArgoCd argoCd = endless.connect(new BodyLimits(1 << 20, Duration.ofMillis(500)))) {
            assertThatThrownBy(() -> argoCd.list("argocd"))
                    .isInstanceOfSatisfying(
                            ArgoCdException.class,
                            cause -> assertThat(cause.reason()).isEqualTo(Reason.UNAVAILABLE))
                    .hasMessageContaining("nothing received for 500 ms");
            endless.awaitBrokenOff();
        }
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private ArgoCd connect(AtomicInteger tokens) {
        KubernetesAccess access =
                new KubernetesAccess.Token(url(), Optional.empty(), () -> "token-" + tokens.incrementAndGet());
        return new KubernetesArgoCd(access.client(HttpClients.DEFAULT), "argocd", Optional.empty());
    }
}
