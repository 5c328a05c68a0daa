package io.jenkins.plugins.gitops.bench;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.NoData;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Prometheus;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.verification.CheckProbe;
import io.jenkins.plugins.gitops.engine.verification.PrometheusApi;
import io.jenkins.plugins.gitops.engine.verification.PrometheusProbe;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.engine.verification.Verifications;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;

/**
 * Many deployments under observation, each with a query that a server over HTTP answers: threads, queries for
 * each sample that is due, and the time of a processor.
 *
 * <p>Usage: {@code VerificationsBenchmark [deployments …]}, default 200 and 1000.
 */
public final class VerificationsBenchmark {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration LASTS = Duration.ofSeconds(30);
    /** At each end of an interval; one more completes the time where those came late. */
    private static final long SAMPLES = LASTS.dividedBy(INTERVAL) + 1;

    private static final byte[] ANSWER = """
        {"status": "success", "data": {"resultType": "scalar", "result": [1, "0.004"]}}
        """.getBytes(StandardCharsets.UTF_8);

    private VerificationsBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        List<Integer> counts = arguments.length == 0
                ? List.of(200, 1_000)
                : List.of(arguments).stream().map(Integer::valueOf).toList();
        System.out.printf(
                "%11s %8s %9s %15s %16s%n", "deployments", "threads", "queries", "queries/sample", "cpu ms/deployment");
        observe(20);
        for (int count : counts) {
            observe(count);
        }
        System.exit(0);
    }

    private static void observe(int count) throws Exception {
        LongAdder queries = new LongAdder();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService answering = Executors.newFixedThreadPool(2);
        server.setExecutor(answering);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
        });
        server.start();
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
        ExecutorService workers = Executors.newFixedThreadPool(2);
        HttpClient client = HttpClients.DEFAULT.build("bench");
        PrometheusApi api = new PrometheusApi(
                "bench",
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                HttpClients.DEFAULT,
                client,
                Map::of);
        try {
            Verifications all = new Verifications(timer, workers, InstantSource.system(), System::nanoTime);
            CompletableFuture<?> warm = begin(all, api, 0, queries);
            int threads = Thread.activeCount();
            long cpu = cpu();
            List<CompletableFuture<?>> ends = new ArrayList<>(List.of(warm));
            for (int number = 1; number < count; number++) {
                ends.add(begin(all, api, number, queries));
            }
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
            System.out.printf(
                    "%11d %8d %9d %15.2f %16.1f%n",
                    count,
                    Math.max(0, Thread.activeCount() - threads),
                    queries.sum(),
                    queries.sum() / (double) (SAMPLES * count),
                    (cpu() - cpu) / 1e6 / count);
        } finally {
            timer.shutdownNow();
            workers.shutdownNow();
            server.stop(0);
            answering.shutdownNow();
        }
    }

    private static CompletableFuture<?> begin(Verifications all, PrometheusApi api, int number, LongAdder queries) {
        Prometheus check =
                new Prometheus("errors", "bench", "errors" + number, null, 0.01, NoData.WAIT, LASTS, INTERVAL);
        Verification begun = Verification.begin(
                new Verification.Deployed(
                        "https://git.example/config.git", "shop-" + number, "prod", "main", "c0ffee", Map.of()),
                new VerificationDefinition(Duration.ofMinutes(10), List.of(check)),
                1,
                Instant.now());
        PrometheusProbe probe = new PrometheusProbe(check, api);
        Map<String, CheckProbe> probes = Map.of("errors", () -> {
            queries.increment();
            return probe.look();
        });
        return all.begin(begun, probes, new Verifications.Owner() {
                    @Override
                    public void changed(Verification now) {
                        // Nothing is kept.
                    }

                    @Override
                    public Verification ended(Verification last) {
                        return last;
                    }
                })
                .ended();
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
