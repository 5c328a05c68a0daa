package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.LiveGates;
import io.jenkins.plugins.gitops.engine.git.ForwardProxy;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.net.Backoff;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.net.SignedRequest;
import io.jenkins.plugins.gitops.notify.Webhook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The webhook and the HTTP check, against a real server on loopback. */
class EndpointsTest {

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;

    private record Answer(int status, String body) {}

    private record Request(Map<String, List<String>> headers, String body) {
        String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? null : values.get(0);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        scheduler.shutdownNow();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(Map.copyOf(exchange.getRequestHeaders()), body));
            Answer answer = answers.isEmpty() ? new Answer(204, "") : answers.remove();
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anEventIsPostedOnceAndSigned() {
        webhook("s3cret").post(event());

        await().until(() -> requests.size() == 1);
        Request request = requests.get(0);
        assertThat(request.body())
                .isEqualTo("{\"event\":\"promoted\",\"at\":\"2026-03-02T12:00:00Z\",\"application\":\"shop\","
                        + "\"environment\":\"prod\",\"images\":{\"api\":\"ghcr.io/acme/shop-api:1.1.0\"},"
                        + "\"summary\":\"shop/prod: Promoted with commit ccccccc\",\"commit\":\"" + "c".repeat(40)
                        + "\",\"run\":\"https://ci.example.org/job/shop/7/\",\"id\":\""
                        + event().id() + "\"}");
        assertThat(request.header("X-gitops-signature-256"))
                .isEqualTo("sha256="
                        + SignedRequest.sign("s3cret", request.header("X-gitops-timestamp") + "." + request.body()));
    }

    /** Test case 2 of RFC 4231. */
    @Test
    void theSignatureIsHmacSha256() {
        assertThat(SignedRequest.sign("Jefe", "what do ya want for nothing?"))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void anOverloadedReceiverIsTriedAgainWithTheSameDelivery() {
        answers.addAll(List.of(new Answer(503, ""), new Answer(429, "")));

        webhook("").post(event());

        await().until(() -> requests.size() == 3);
        assertThat(requests)
                .extracting(request -> request.header("X-gitops-delivery"))
                .containsOnly(event().id());
        assertThat(requests.get(0).header("X-gitops-signature-256")).isNull();
    }

    @Test
    void aReceiverThatRefusesIsNotTriedAgain() {
        answers.add(new Answer(400, ""));
        webhook("").post(event());
        await().until(() -> requests.size() == 1);

        webhook("").post(event("d".repeat(40)));

        await().until(() -> requests.size() == 2);
        assertThat(requests)
                .extracting(request -> request.header("X-gitops-delivery"))
                .containsExactly(event().id(), event("d".repeat(40)).id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200 | {\"allowed\": true} | PASSED | allowed",
                "200 | {\"allowed\": true, \"reason\": \"CHG-12\"} | PASSED | CHG-12",
                "200 | {\"allowed\": false, \"reason\": \"no change ticket\"} | FAILED | no change ticket",
                "200 | {\"allowed\": \"yes\"} | PENDING | its response has no \"allowed\": true or false",
                "200 | <html>login</html> | PENDING | its response is not JSON",
                "302 | {\"allowed\": true} | PENDING | it returned status 302",
                "500 | {\"allowed\": true} | PENDING | it returned status 500"
            })
    void anEndpointAnswersWhetherAPromotionMayPass(int status, String body, CheckResult.State state, String reason) {
        answers.add(new Answer(status, body));

        CheckResult result = ask();

        assertThat(result.state()).isEqualTo(state);
        assertThat(result.reason()).endsWith(reason);
        assertThat(requests.get(0).body()).contains("\"application\":\"shop\",\"environment\":\"prod\"");
    }

    @Test
    void anEndpointThatIsDownHoldsTheGate() {
        server.stop(0);

        CheckResult result = ask();

        assertThat(result.state()).isEqualTo(CheckResult.State.PENDING);
        assertThat(result.reason()).startsWith("no answer from 127.0.0.1: ");
    }

    @Test
    void aCheckIsSignedAsTheWebhookIs() {
        answers.add(new Answer(200, "{\"allowed\": true}"));

        ask();

        Request request = requests.get(0);
        assertThat(request.header("X-gitops-signature-256"))
                .isEqualTo("sha256="
                        + SignedRequest.sign("s3cret", request.header("X-gitops-timestamp") + "." + request.body()));
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() {
        answers.add(new Answer(200, "x".repeat(1_000_000)));

        assertThat(ask().reason()).isEqualTo("no answer from 127.0.0.1: more than 65536 bytes");
    }

    @Test
    void aRedirectToAnInternalAddressIsNotFollowed() {
        List<String> reached = new CopyOnWriteArrayList<>();
        server.createContext("/internal", exchange -> {
            reached.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(204, -1);
        });
        server.createContext("/redirecting", exchange -> {
            exchange.getResponseHeaders().add("Location", address().replace("/hook", "/internal"));
            exchange.sendResponseHeaders(307, -1);
        });

        CheckResult result = askAt(address().replace("/hook", "/redirecting"), HttpClients.DEFAULT, "127.0.0.1");

        assertThat(result.state()).isEqualTo(CheckResult.State.PENDING);
        assertThat(result.reason()).endsWith("it returned status 307");
        assertThat(reached).isEmpty();
    }

    @Test
    void checksAndWebhookGoThroughAProxyWithItsPassword() throws IOException {
        try (ForwardProxy proxy = new ForwardProxy()) {
            proxy.require("Basic cm9ib3Q6czNjcmV0");
            HttpClients clients = HttpClients.DEFAULT.through(
                    ProxySelector.of(proxy.address()), () -> Optional.of("Basic cm9ib3Q6czNjcmV0"));
            String behind = address().replace("127.0.0.1", "tickets.example.invalid");
            answers.add(new Answer(200, "{\"allowed\": true}"));

            assertThat(askAt(behind, clients, "tickets.example.invalid").state())
                    .isEqualTo(CheckResult.State.PASSED);
            new Webhook(
                            URI.create(behind),
                            "",
                            clients,
                            clients.build("test"),
                            scheduler,
                            () -> Gates.NOON,
                            RandomGenerator.getDefault(),
                            new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)))
                    .post(event());

            await().until(() -> requests.size() == 2);
            assertThat(proxy.heads()).hasSizeGreaterThanOrEqualTo(1);
        }
    }

    private static CheckResult askAt(String address, HttpClients clients, String allowed) {
        return new CheckEndpoints(clients, () -> List.of(allowed), () -> "", () -> Gates.NOON)
                .ask(new GateDefinition.HttpCheck("ticket", address), Gates.open(Gates.definition(List.of())))
                .toCompletableFuture()
                .join();
    }

    @Test
    void twoHundredGatesAtSilentEndpointsKeepNoWorker() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try (ServerSocket silent = new ServerSocket(0, 500, InetAddress.getLoopbackAddress())) {
            LiveGates gates = new LiveGates(scheduler, workers, InstantSource.system(), Duration.ofMinutes(5));
            String address = "http://127.0.0.1:" + silent.getLocalPort() + "/";

            List<LiveGate> open = open200(gates, address);

            assertThat(workers.submit(() -> "a bump").get(8, TimeUnit.SECONDS)).isEqualTo("a bump");
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> open.stream()
                            .allMatch(
                                    gate -> gate.explain().contains("ticket (no answer from 127.0.0.1: no complete")));
            open.forEach(gate -> gate.close("the run was aborted"));
            assertThat(gates.all()).isEmpty();
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void twoHundredGatesAreAnsweredThroughTwoWorkers() {
        server.createContext("/allow", exchange -> {
            byte[] yes = "{\"allowed\": true}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, yes.length);
            exchange.getResponseBody().write(yes);
            exchange.close();
        });
        ExecutorService workers = Executors.newFixedThreadPool(2);
        try {
            LiveGates gates = new LiveGates(scheduler, workers, InstantSource.system(), Duration.ofSeconds(2));

            List<LiveGate> open = open200(gates, address().replace("/hook", "/allow"));

            await().atMost(Duration.ofSeconds(90))
                    .until(() -> open.stream().allMatch(gate -> gate.gate().status() == GateStatus.APPROVED));
        } finally {
            workers.shutdownNow();
        }
    }

    /** Of different targets, so that none waits for another. */
    private List<LiveGate> open200(LiveGates gates, String address) {
        CheckEndpoints loopback =
                new CheckEndpoints(HttpClients.DEFAULT, () -> List.of("127.0.0.1"), () -> "", () -> Gates.NOON);
        return IntStream.range(0, 200)
                .mapToObj(i -> gates.open(
                        new GateSubject.Question("gate-" + i, "Go on?", Provenance.UNKNOWN),
                        Gates.definition(List.of()),
                        List.of(new GateCheck(
                                "ticket",
                                (gate, now) -> loopback.ask(new GateDefinition.HttpCheck("ticket", address), gate))),
                        event -> {}))
                .toList();
    }

    private CheckResult ask() {
        return new CheckEndpoints(HttpClients.DEFAULT, () -> List.of("127.0.0.1"), () -> "s3cret", () -> Gates.NOON)
                .ask(new GateDefinition.HttpCheck("ticket", address()), Gates.open(Gates.definition(List.of())))
                .toCompletableFuture()
                .join();
    }

    private Webhook webhook(String secret) {
        return new Webhook(
                URI.create(address()),
                secret,
                HttpClients.DEFAULT,
                client,
                scheduler,
                () -> Gates.NOON,
                RandomGenerator.getDefault(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)));
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    private static PromotionEvent event() {
        return event("c".repeat(40));
    }

    private static PromotionEvent event(String commit) {
        return PromotionEvent.of(new GateEvent.Promoted(Gates.NOON, commit), Gates.subject("anna"))
                .orElseThrow();
    }
}
