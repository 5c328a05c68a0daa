package io.jenkins.plugins.gitops.engine.argocd.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which window of an AppProject keeps a sync back, and what is said where the AppProject may not be read. */
class SyncWindowsTest {

    private static final ApplicationName SHOP = new ApplicationName("argocd", "shop-prod");
    /** A Saturday, 16:30 in Berlin. */
    private static final Instant NOW = Instant.parse("2026-08-01T14:30:00Z");

    private static final String APPLICATION = """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
         "metadata": {"namespace": "argocd", "name": "shop-prod", "resourceVersion": "7"},
         "spec": {"project": "shop",
                  "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"}}}
        """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private HttpServer server;
    private volatile int status = 200;
    private volatile String windows = "[]";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop-prod",
                exchange -> answer(exchange, 200, APPLICATION));
        server.createContext(
                "/apis/argoproj.io/v1alpha1/namespaces/argocd/appprojects/shop",
                exchange -> answer(
                        exchange,
                        status,
                        "{\"apiVersion\": \"argoproj.io/v1alpha1\", \"kind\": \"AppProject\", \"metadata\": {\"name\":"
                                + " \"shop\"}, \"spec\": {\"syncWindows\": " + windows + "}}"));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        deny   | 0 14 * * *   | 1h    |               | 'applications': ['*']                       | by deny '0 14 * * *' for 1h
        deny   | 0 14 * * *   | 30m   |               | 'applications': ['*']                       |
        deny   | 0 14 * * *   | 30.5m |               | 'applications': ['*']                       | by deny '0 14 * * *' for 30.5m
        deny   | 0 13 * * *   | 1h45m |               | 'applications': ['*']                       | by deny '0 13 * * *' for 1h45m
        deny   | 0 22 * * FRI | 48h   |               | 'applications': ['*']                       | by deny '0 22 * * FRI' for 48h
        deny   | 0 16 * * SAT | 1h    | Europe/Berlin | 'applications': ['*']                       | by deny '0 16 * * SAT' for 1h
        deny   | 0 16 * * SAT | 1h    |               | 'applications': ['*']                       |
        deny   | 0 14 * * SAT | 1h    | Mars/Olympus  | 'applications': ['*']                       | by deny '0 14 * * SAT' for 1h
        allow  | 0 14 * * *   | 1h    |               | 'applications': ['*']                       |
        allow  | 0 8 * * *    | 4h    |               | 'applications': ['*']                       | syncs are allowed '0 8 * * *' for 4h
        deny   | 0 14 * * *   | 1h    |               | 'applications': ['shop-*']                  | by deny '0 14 * * *' for 1h
        deny   | 0 14 * * *   | 1h    |               | 'applications': ['shop-{dev,prod}']         | by deny '0 14 * * *' for 1h
        deny   | 0 14 * * *   | 1h    |               | 'applications': ['shop-?rod', 'x']          | by deny '0 14 * * *' for 1h
        deny   | 0 14 * * *   | 1h    |               | 'applications': ['shop-[!d]*']              | by deny '0 14 * * *' for 1h
        deny   | 0 14 * * *   | 1h    |               | 'applications': ['shop', 'shop-dev']        |
        deny   | 0 14 * * *   | 1h    |               | 'applications': ['shop-pro(d']              |
        deny   | 0 14 * * *   | 1h    |               | 'namespaces': ['shop']                      | by deny '0 14 * * *' for 1h
        deny   | 0 14 * * *   | 1h    |               | 'clusters': ['https://*.svc']               | by deny '0 14 * * *' for 1h
        deny   | 0 14 * * *   | 1h    |               | 'clusters': ['prod'], 'namespaces': ['shop'] | by deny '0 14 * * *' for 1h
        deny   | 0 14 * * *   | 1h    |               | 'clusters': ['prod'], 'namespaces': ['shop'], 'andOperator': true |
        deny   | 0 14 * * *   | 1h    |               | 'applications': ['shop*'], 'namespaces': ['shop'], 'andOperator': true | by deny '0 14 * * *' for 1h
        deny   | 0 14 * * *   | 1h    |               | 'andOperator': true                         |
        """)
    void aWindowClosesForWhomItNamesAndAtItsTime(
            String kind, String schedule, String duration, String zone, String scope, String expected)
            throws IOException {
        windows = "[{'kind': '" + kind + "', 'schedule': '" + schedule + "', 'duration': '" + duration + "', "
                + (zone == null ? "" : "'timeZone': '" + zone + "', ") + scope + "}]";
        windows = windows.replace('\'', '"');

        assertThat(heldBack())
                .isEqualTo(Optional.ofNullable(expected).map(text -> "the sync window is closed, " + text));
    }

    @Test
    void aWindowThatCannotBeReadIsNamed() {
        windows = "[{\"kind\": \"deny\", \"schedule\": \"0 14 * *\", \"duration\": \"1h\", \"applications\": [\"*\"]}]";

        assertThat(heldBack())
                .contains("the sync window '0 14 * *' for 1h of the project cannot be read: correct it in the"
                        + " AppProject");
    }

    @Test
    void withoutThePermissionTheSentenceNamesIt() {
        status = 403;

        assertThat(heldBack())
                .contains("to see whether one is, allow the account of the connection's credentials to get"
                        + " appprojects.argoproj.io in namespace argocd, with a Role and a RoleBinding there");
    }

    @Test
    void aServerInTroubleHidesNothingButTheWindow() {
        status = 503;

        assertThat(heldBack()).isEmpty();
    }

    @Test
    void aDurationThatIsNoneIsRefused() {
        windows = "[{\"kind\": \"deny\", \"schedule\": \"0 14 * * *\", \"duration\": \"soon\", \"applications\":"
                + " [\"*\"]}]";

        assertThat(heldBack())
                .hasValueSatisfying(held -> assertThat(held).contains("for soon of the project cannot be read"));
    }

    private Optional<String> heldBack() {
        KubernetesAccess access = new KubernetesAccess.Token(
                "http://127.0.0.1:" + server.getAddress().getPort(), Optional.empty(), () -> "token");
        try (ArgoCd argoCd = new KubernetesArgoCd(
                access.client(HttpClients.DEFAULT),
                "argocd",
                Optional.empty(),
                Duration.ofMinutes(5),
                InstantSource.fixed(NOW))) {
            return argoCd.heldBack(SHOP);
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] content = (status == 200
                        ? body
                        : "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":" + status + ",\"message\":\"no\"}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }
}
