package io.jenkins.plugins.gitops.bench.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedArgoCd;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.playground.world.Cluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How long the answers behind the pages take, and how long the same bytes take that the same server has ready: {@code
 * PageBench <deployments> <open gates> <requests>}. Endpoints, cache, ledger, gates and engine are the plugin's own, the
 * Git server is git's; the playground's web server and its stand-in for Jenkins answer instead of Stapler, and people
 * and server share the machine.
 */
public final class PageBench {

    private static final int APPLICATIONS = 50;
    private static final int PEOPLE = 8;
    private static final double MOST_MILLIS = 100;
    private static final double MOST_AFTER_GIT = 2_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BenchController controller;
    private final GitHttpServer git;
    private final int requests;
    private final Map<String, String> pages = new LinkedHashMap<>();
    private double worst;

    private PageBench(BenchController controller, GitHttpServer git, int requests) {
        this.controller = controller;
        this.git = git;
        this.requests = requests;
    }

    public static void main(String[] arguments) throws Exception {
        int deployments = Integer.parseInt(arguments[0]);
        int gates = Integer.parseInt(arguments[1]);
        int requests = Integer.parseInt(arguments[2]);
        DeployedRepository repository = new DeployedRepository(APPLICATIONS, deployments);
        Path scratch = Files.createTempDirectory("gitops-bench");
        try (GitHttpServer git = new GitHttpServer(Files.createDirectories(scratch.resolve("server")))) {
            Path bare = git.create("config.git");
            repository.generate(bare);
            Declaration declaration = DeclarationReader.read(
                    Declaration.FILE, repository.declaration().getBytes(StandardCharsets.UTF_8));
            String url = git.url("config.git");
            try (Cluster cluster = new Cluster(bare, url, declaration, SimulatedArgoCd.Pace.FAST);
                    BenchController controller = new BenchController(url, cluster, scratch.resolve("home"))) {
                controller.fill(repository, gates);
                settle(cluster, declaration);
                System.out.printf(
                        "Pages with %,d deployments of %d applications in %d environments, %d gates in one run and"
                                + " %d runs with one; %d requests, %d processors%n%n",
                        deployments,
                        APPLICATIONS,
                        DeployedRepository.ENVIRONMENTS.size(),
                        gates,
                        gates,
                        requests,
                        Runtime.getRuntime().availableProcessors());
                new PageBench(controller, git, requests).run();
            }
        } finally {
            delete(scratch);
        }
        // The stand-in for Jenkins keeps a timer.
        System.exit(0);
    }

    /** What the simulated cluster does when it begins is no part of any page. */
    private static void settle(Cluster cluster, Declaration declaration) throws InterruptedException {
        for (Application application : declaration.applications().values()) {
            for (Environment environment : application.environments().values()) {
                Target target = new Target(application, environment);
                while (cluster.observe(target)
                        .filter(seen -> seen.health().state() == HealthState.HEALTHY)
                        .isEmpty()) {
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            }
        }
    }

    private void run() throws IOException, InterruptedException {
        String root = "/gitops-deployments/v1/deployments";
        FirstLook look = firstLook(root);
        String job = "/job/" + DeployedRepository.application(7);
        pages.put("deployments of all jobs", root);
        pages.put("overview of all jobs", "/gitops-deployments/v1/overview");
        pages.put("deployments of a job", job + "/gitops/v1/deployments");
        pages.put(
                "history of an environment",
                job + "/gitops/v1/history?environment=dev&application=" + id(job + "/gitops/v1/deployments"));
        pages.put("gates of the run with all", "/job/" + BenchController.MANY + "/1/promotion-gate/v1/gates");
        pages.put("gates of a run with one", "/job/" + BenchController.WAITING + "/1/promotion-gate/v1/gates");
        pages.put("job page's entry and badges", "/panel/" + BenchController.WAITING);
        System.out.printf(
                "| asked for | KiB | first ms | plugin's CPU | 1 reader: p50 | p99 | %1$d readers: p50 | p99 | same"
                        + " bytes ready: p50 | p99 | JSON library |%n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|%n",
                PEOPLE);
        for (Map.Entry<String, String> page : pages.entrySet()) {
            measure(page.getKey(), controller.url(page.getValue()));
        }
        System.out.printf(
                "%nFirst look after a start: what Git has is shown after %.0f ms, %.0f ms after Git's last answer, at"
                    + " most %.0f: %s; with what Argo CD says after %.0f ms%nSlowest of 100 with %d readers: %.1f ms,"
                    + " at most %.0f: %s%n",
                look.untilContent(),
                look.afterGit(),
                MOST_AFTER_GIT,
                look.afterGit() <= MOST_AFTER_GIT ? "holds" : "DOES NOT HOLD",
                look.untilEverything(),
                PEOPLE,
                worst,
                MOST_MILLIS,
                worst <= MOST_MILLIS ? "holds" : "DOES NOT HOLD");
    }

    /**
     * Milliseconds.
     *
     * @param untilContent from the first request of the page until all applications are shown with what Git has
     * @param afterGit from Git's last answer until then
     * @param untilEverything from the first request until Argo CD's answers are shown as well
     */
    private record FirstLook(double untilContent, double afterGit, double untilEverything) {}

    /** What is not read yet is not waited for: the page asks again until all is there. */
    private FirstLook firstLook(String root) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        byte[] first = Readers.ask(controller.url(root));
        System.out.printf(
                "First look after a start: answered in %.0f ms with %s%n%n",
                (System.nanoTime() - begun) / 1e6,
                JSON.readTree(first).path("ready").asBoolean() ? "everything" : "nothing yet");
        long patience = begun + PATIENCE.toNanos();
        double content = 0;
        double afterGit = 0;
        while (System.nanoTime() < patience) {
            JsonNode seen = JSON.readTree(Readers.ask(controller.url(root)));
            long now = System.nanoTime();
            if (content == 0 && seen.path("applications").size() == APPLICATIONS) {
                content = (now - begun) / 1e6;
                afterGit = (now - git.lastAnswer()) / 1e6;
            }
            if (seen.path("ready").asBoolean() && content > 0) {
                return new FirstLook(content, afterGit, (now - begun) / 1e6);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new IOException("The deployments were not there after " + PATIENCE);
    }

    private String id(String path) throws IOException {
        return JSON.readTree(Readers.ask(controller.url(path)))
                .path("applications")
                .path(0)
                .path("id")
                .asText();
    }

    private void measure(@NonNull String title, @NonNull String url) throws IOException {
        long begun = System.nanoTime();
        byte[] body = Readers.ask(url);
        double first = (System.nanoTime() - begun) / 1e6;
        String ready = controller.fix(String.valueOf(title.hashCode()), body);
        for (String each : List.of(url, ready)) {
            Readers.look(each, PEOPLE, requests / 2);
        }
        controller.cpu();
        Latencies alone = Readers.look(url, 1, requests);
        Latencies cpu = controller.cpu();
        Latencies together = Readers.look(url, PEOPLE, requests / 2);
        Latencies peer = Readers.look(ready, 1, requests);
        Latencies peers = Readers.look(ready, PEOPLE, requests / 2);
        worst = Math.max(worst, together.p99Millis());
        System.out.printf(
                "| %s | %.1f | %.1f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                title,
                body.length / 1024.0,
                first,
                cpu.medianMillis(),
                alone.medianMillis(),
                alone.p99Millis(),
                together.medianMillis(),
                together.p99Millis(),
                peer.medianMillis(),
                peers.p99Millis(),
                library(body).medianMillis());
    }

    /** The same JSON, read and written. */
    private Latencies library(byte[] body) throws IOException {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < 2 * requests; i++) {
            long begun = System.nanoTime();
            JSON.writeValueAsBytes(JSON.readTree(body));
            nanos.add(System.nanoTime() - begun);
        }
        return new Latencies(
                nanos.stream().skip(requests).mapToLong(Long::longValue).toArray());
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
