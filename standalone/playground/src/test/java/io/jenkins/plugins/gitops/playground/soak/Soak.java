package io.jenkins.plugins.gitops.playground.soak;

import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.playground.PlaygroundFixture;
import io.jenkins.plugins.gitops.playground.jenkinsfile.Jenkinsfile;
import io.jenkins.plugins.gitops.playground.run.Examples;
import io.jenkins.plugins.gitops.playground.run.PlaygroundRun;
import io.jenkins.plugins.gitops.playground.run.Runs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * {@code make soak}: runs bumps, waits, gates and rollbacks against hostile peers, aborts many of them at any moment, and
 * looks at threads, files, locks and heap meanwhile. Exits with 1 when something grew after the first two minutes.
 */
public final class Soak {

    private static final Duration WARM_UP = Duration.ofMinutes(2);
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration LONGEST_RUN = Duration.ofMinutes(2);
    private static final int WORKERS = 6;

    /** What runs; {@code TAG} is another one each time. */
    private enum Kind {
        BUMP("gitopsBumpImage application: 'shop', environment: 'dev', images: [api: 'TAG']", 3),
        AWAIT(
                "gitopsBumpImage application: 'shop', environment: 'dev', images: [worker: 'TAG']\n"
                        + "gitopsAwaitSync application: 'shop', environment: 'dev', timeout: '30s', onTimeout: 'continue'",
                2),
        STAGING("gitopsPromote application: 'shop', environment: 'staging'", 2),
        GATE("gitopsPromote application: 'billing', environment: 'staging'", 6),
        ANOTHER_GATE("gitopsPromote application: 'billing', environment: 'prod'", 6),
        HOSTILE_GIT(
                "gitopsBumpImage repository: 'PEER', file: 'a.yaml', kustomization: 'a.yaml', images:"
                        + " ['ghcr.io/acme/x': 'TAG']",
                1);

        private final String steps;
        private final int longestSeconds;

        Kind(String steps, int longestSeconds) {
            this.steps = steps;
            this.longestSeconds = longestSeconds;
        }
    }

    private final PlaygroundFixture fixture;
    private final HostilePeers peers;
    private final AtomicLong tags = new AtomicLong();
    private final Map<String, LongAdder> ends = new ConcurrentSkipListMap<>();
    private volatile Optional<String> stuck = Optional.empty();

    private Soak(PlaygroundFixture fixture, HostilePeers peers) {
        this.fixture = fixture;
        this.peers = peers;
    }

    /** @param arguments how many minutes; 20 if there are none */
    public static void main(String[] arguments) throws Exception {
        Duration length = Duration.ofMinutes(arguments.length == 0 ? 20 : Long.parseLong(arguments[0]));
        Path folder = Files.createTempDirectory("soak");
        int status;
        try (HostilePeers peers = new HostilePeers();
                PlaygroundFixture fixture = new PlaygroundFixture(folder)) {
            status = new Soak(fixture, peers).run(folder, length);
        }
        System.exit(status);
    }

    private int run(Path folder, Duration length) throws Exception {
        GitOpsConfiguration.get().setAllowedCheckHosts(List.of("127.0.0.1"));
        fixture.declare(text -> text.replace(
                        "approvals: { required: 1, from: [qa] }",
                        "approvals: { required: 1, from: [qa] }\n          checks:\n            - { name: Slow, url: '"
                                + peers.url("drip") + "' }\n            - { name: Long, url: '" + peers.url("endless")
                                + "' }")
                .replace(
                        "approvals: { required: 1, from: [product-owners] }",
                        "approvals: { required: 1, from: [product-owners] }\n"
                                + "          checks:\n"
                                + "            - { name: Mute, url: '"
                                + peers.url("silent") + "' }\n            - { name: Cut, url: '" + peers.url("reset")
                                + "' }"));
        long end = System.nanoTime() + length.toNanos();
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS, work -> new Thread(work, "soak-worker"));
        for (int worker = 0; worker < WORKERS; worker++) {
            Random random = new Random(worker);
            workers.execute(() -> {
                try {
                    while (System.nanoTime() < end && stuck.isEmpty()) {
                        one(Kind.values()[random.nextInt(Kind.values().length)], random);
                    }
                } catch (RuntimeException problem) {
                    stuck = Optional.of("a worker ended: " + problem);
                }
            });
        }
        workers.shutdown();
        Growth growth = observe(folder, end);
        workers.awaitTermination(LONGEST_RUN.toSeconds() * 2, TimeUnit.SECONDS);
        System.out.println("runs " + ends);
        Optional<String> problem = stuck.or(growth::verdict);
        System.out.println(problem.orElse("nothing grew"));
        return problem.isPresent() ? 1 : 0;
    }

    private Growth observe(Path folder, long end) throws Exception {
        Growth growth = new Growth();
        long start = System.nanoTime();
        while (System.nanoTime() < end && stuck.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
            Growth.Sample sample = Growth.Sample.now(folder.resolve("jenkins"));
            System.out.printf("%5d s %s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start), sample);
            if (System.nanoTime() - start > WARM_UP.toNanos()) {
                growth.add(sample);
            }
        }
        return growth;
    }

    /** Runs one, aborts it after a while unless it ended, and waits for its end, which must come soon. */
    private void one(Kind kind, Random random) {
        String text = kind.steps
                .replace("TAG", "v1.0." + tags.incrementAndGet())
                .replace(
                        "PEER",
                        peers.url(List.of("refs", "drip", "silent", "garbage").get(random.nextInt(4))) + ".git");
        Jenkinsfile file =
                new Jenkinsfile("pipeline {\nagent any\nstages { stage('Soak') { steps {\n" + text + "\n} } }\n}\n");
        Runs runs = fixture.playground().runs();
        PlaygroundRun run = start(
                runs,
                new Runs.Request(
                        new Examples.Example(
                                "soak-" + kind.name().toLowerCase(java.util.Locale.ROOT), "", List.of("main"), file),
                        "main",
                        "ada",
                        Map.of()));
        try {
            String end;
            try {
                end = run.ended()
                        .get(1 + random.nextInt(kind.longestSeconds * 1000), TimeUnit.MILLISECONDS)
                        .name();
            } catch (TimeoutException still) {
                run.abort();
                end = run.ended().get(LONGEST_RUN.toSeconds(), TimeUnit.SECONDS).name();
            }
            ends.computeIfAbsent(kind + " " + end, any -> new LongAdder()).increment();
        } catch (TimeoutException never) {
            stuck = Optional.of(kind + " did not end within " + LONGEST_RUN.toSeconds() + " s after it was aborted:\n"
                    + run.log().text());
        } catch (Exception problem) {
            stuck = Optional.of(kind + ": " + problem);
        } finally {
            runs.forget(run);
        }
    }

    /** One at a time: they share the clone that they are checked out from. */
    private synchronized PlaygroundRun start(Runs runs, Runs.Request request) {
        return runs.start(request);
    }
}
