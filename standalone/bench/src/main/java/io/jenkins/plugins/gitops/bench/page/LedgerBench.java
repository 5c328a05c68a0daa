package io.jenkins.plugins.gitops.bench.page;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a look at the ledger takes in the background and keeps in memory, by the number of deployments, beside {@code git
 * log} that prints the same messages from a clone: {@code LedgerBench <rounds> <deployments …>}.
 */
public final class LedgerBench {

    private static final int APPLICATIONS = 50;
    private static final CommitRequest.Identity AUTHOR = new CommitRequest.Identity("Bench", "bench@example.com");

    private final DeployedRepository shape;
    private final int rounds;
    private final Path bare;
    private final String url;
    private final Path caches;
    private final Declaration declaration;
    private int bumps;

    private LedgerBench(DeployedRepository shape, int rounds, GitHttpServer server, Path caches) throws IOException {
        this.shape = shape;
        this.rounds = rounds;
        this.caches = caches;
        String name = "ledger-" + shape.deployments() + ".git";
        bare = server.create(name);
        url = server.url(name);
        shape.generate(bare);
        declaration =
                DeclarationReader.read(Declaration.FILE, shape.declaration().getBytes(StandardCharsets.UTF_8));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[0]);
        Path scratch = Files.createTempDirectory("gitops-bench");
        System.out.printf(
                "%nThe ledger of %d applications in %d environments, medians of %d rounds%n%n"
                        + "| deployments | first look ms | one came: ms | nothing came: ms | git log ms | kept MiB |%n"
                        + "|--:|--:|--:|--:|--:|--:|%n",
                APPLICATIONS, DeployedRepository.ENVIRONMENTS.size(), rounds);
        try (GitHttpServer server = new GitHttpServer(Files.createDirectories(scratch.resolve("server")))) {
            for (int i = 1; i < arguments.length; i++) {
                DeployedRepository shape = new DeployedRepository(APPLICATIONS, Integer.parseInt(arguments[i]));
                new LedgerBench(shape, rounds, server, scratch.resolve("caches-" + i)).run();
            }
        } finally {
            delete(scratch);
        }
    }

    private void run() throws IOException, InterruptedException {
        Latencies first = of(rounds, () -> {
            Ledgers ledgers = new Ledgers();
            ConfigRepository repository = open("first-" + ++bumps);
            return time(() -> look(ledgers, repository));
        });
        Ledgers ledgers = new Ledgers();
        ConfigRepository repository = open("warm");
        look(ledgers, repository);
        Latencies moved = of(rounds, () -> {
            bump(repository);
            return time(() -> look(ledgers, repository));
        });
        Latencies still = of(rounds, () -> time(() -> look(ledgers, repository)));
        Latencies git = of(
                rounds,
                () -> time(() -> TestGit.output(
                        bare, "log", "--max-count=" + Ledgers.DEPTH, "--format=%H%n%an%n%ae%n%ct%n%B", "main")));
        System.out.printf(
                "| %,d | %.0f | %.1f | %.1f | %.1f | %.1f |%n",
                shape.deployments(),
                first.medianMillis(),
                moved.medianMillis(),
                still.medianMillis(),
                git.medianMillis(),
                kept(repository) / 1024.0 / 1024.0);
    }

    private ConfigRepository open(String cache) {
        return new GitConfigRepositories(caches.resolve(cache)).open(new Remote(url));
    }

    private Ledger look(Ledgers ledgers, ConfigRepository repository) {
        return ledgers.of(repository, "main", declaration, Progress.SILENT);
    }

    private void bump(ConfigRepository repository) {
        String tag = "bench-" + ++bumps;
        String application = DeployedRepository.application(bumps % APPLICATIONS);
        repository.commit(
                new CommitRequest(
                        "main",
                        tag,
                        application + "/dev: api to " + tag,
                        "",
                        List.of(
                                new CommitRequest.Trailer("GitOps-Application", application),
                                new CommitRequest.Trailer("GitOps-Environment", "dev"),
                                new CommitRequest.Trailer(
                                        "GitOps-Image", "api=ghcr.io/acme/" + application + "-api:" + tag)),
                        AUTHOR,
                        tip -> Map.of("bump.txt", tag.getBytes(StandardCharsets.UTF_8))),
                Progress.SILENT);
    }

    /** Of the heap, what is there more once the ledger is remembered. */
    private long kept(ConfigRepository repository) throws InterruptedException {
        long before = heap();
        List<Ledgers> many = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Ledgers ledgers = new Ledgers();
            look(ledgers, repository);
            many.add(ledgers);
        }
        return (heap() - before) / many.size();
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static Latencies of(int rounds, @NonNull Supplier<Long> nanos) {
        long[] all = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            all[i] = nanos.get();
        }
        return new Latencies(all);
    }

    private static long time(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return System.nanoTime() - begun;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
