package io.jenkins.plugins.gitops.bench.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.bench.repository.EngineWay.Cache;
import io.jenkins.plugins.gitops.bench.repository.GitWay.Sparse;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One bump over HTTP on loopback, by each way in turn, with the medians of one run: {@code RepositoryBench
 * <quick|full|files x commits> <rounds> <pattern of titles>}. The server is git's own http-backend for all of them.
 */
public final class RepositoryBench {

    private static final List<Shape> QUICK =
            List.of(new Shape("1,000 files", 1_000, 10), new Shape("2,000 commits", 500, 2_000));
    private static final List<Shape> FULL = List.of(
            new Shape("5,000 files", 5_000, 10),
            new Shape("100,000 files", 100_000, 10),
            new Shape("10,000 commits", 1_000, 10_000),
            new Shape("200,000 commits", 1_000, 200_000));

    private static final String BLOBLESS = "git, depth 1, blobless, sparse";
    private static final String DEPTH_1 = "git, depth 1";
    private static final String READY = "git push of a ready commit";
    private static final String COLD = "engine, first contact";
    private static final String WARM = "engine, warm";

    private final int rounds;
    private final String titles;
    private final Path scratch;
    private int tags;

    private RepositoryBench(int rounds, String titles, Path scratch) {
        this.rounds = rounds;
        this.titles = titles;
        this.scratch = scratch;
    }

    /** What one way took. */
    private record Sample(long nanos, long requests, long bytes) {}

    public static void main(String[] arguments) throws IOException {
        List<Shape> shapes = shapes(arguments.length > 0 ? arguments[0] : "full");
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 15;
        Path scratch = Files.createTempDirectory("gitops-bench");
        System.out.printf(
                "One bump over HTTP on loopback, medians of %d rounds, %d processors, kustomize %s%n%n",
                rounds, Runtime.getRuntime().availableProcessors(), Kustomize.isInstalled() ? "used" : "not installed");
        try (GitHttpServer server = new GitHttpServer(Files.createDirectories(scratch.resolve("server")))) {
            RepositoryBench bench = new RepositoryBench(rounds, arguments.length > 2 ? arguments[2] : ".*", scratch);
            bench.warmUp(server);
            for (Shape shape : shapes) {
                bench.measure(server, shape);
            }
        } finally {
            delete(scratch);
        }
    }

    private static List<Shape> shapes(String size) {
        return switch (size) {
            case "quick" -> QUICK;
            case "full" -> FULL;
            default -> Arrays.stream(size.split(",")).map(Shape::parse).toList();
        };
    }

    private static List<Way> ways() {
        return List.of(
                new GitWay(DEPTH_1, Sparse.NO, "--depth=1"),
                new GitWay(BLOBLESS, Sparse.YES, "--depth=1", "--filter=blob:none", "--sparse"),
                new JGitWay(Cache.COLD),
                new EngineWay(Cache.COLD),
                GitWay.readyPush(),
                new JGitWay(Cache.WARM),
                new EngineWay(Cache.WARM));
    }

    /** A controller has been up for long: the classes are loaded and compiled. */
    private void warmUp(GitHttpServer server) throws IOException {
        Shape small = new Shape("warm-up", 200, 5);
        small.generate(server.create("warm-up.git"));
        for (int i = 0; i < 20; i++) {
            for (Way way : List.of(new JGitWay(Cache.WARM), new EngineWay(Cache.WARM))) {
                sample(server, "warm-up.git", way);
            }
        }
    }

    private void measure(GitHttpServer server, Shape shape) throws IOException {
        String name = shape.name().replaceAll("[^0-9a-z]+", "-") + ".git";
        shape.generate(server.create(name));
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Way way :
                    ways().stream().filter(w -> w.title().matches(titles)).toList()) {
                samples.computeIfAbsent(way.title(), title -> new ArrayList<>()).add(sample(server, name, way));
            }
        }
        report(shape, samples);
    }

    private Sample sample(GitHttpServer server, String name, Way way) throws IOException {
        Path directory = Files.createDirectories(scratch.resolve("round"));
        String tag = "v" + ++tags;
        way.prepare(directory, server.url(name), tag);
        server.forgetRequests();
        long begun = System.nanoTime();
        way.bump(directory, server.url(name), tag);
        long nanos = System.nanoTime() - begun;
        List<GitHttpServer.Request> requests = server.requests();
        long bytes = requests.stream().mapToLong(r -> r.received() + r.sent()).sum();
        delete(directory);
        return new Sample(nanos, requests.size(), bytes);
    }

    private static void report(Shape shape, Map<String, List<Sample>> samples) {
        System.out.printf("| %s | ms | requests | KiB |%n|---|--:|--:|--:|%n", shape.name());
        samples.forEach((title, list) -> System.out.printf(
                "| %s | %.0f | %d | %.1f |%n",
                title,
                millis(list),
                median(list.stream().mapToLong(Sample::requests).toArray()),
                median(list.stream().mapToLong(Sample::bytes).toArray()) / 1024.0));
        verdict("first contact / git's best", samples, COLD, List.of(BLOBLESS, DEPTH_1), 0.7);
        verdict("warm / ready push", samples, WARM, List.of(READY), 1.5);
        verdict("warm / depth 1", samples, WARM, List.of(DEPTH_1), shape.files() >= 50_000 ? 0.05 : 1);
        System.out.println();
    }

    private static void verdict(
            @NonNull String title, Map<String, List<Sample>> samples, String ours, List<String> others, double most) {
        List<String> measured = others.stream().filter(samples::containsKey).toList();
        if (!samples.containsKey(ours) || measured.isEmpty()) {
            return;
        }
        double best = measured.stream()
                .mapToDouble(other -> millis(samples.get(other)))
                .min()
                .orElseThrow();
        double ratio = millis(samples.get(ours)) / best;
        String missing = measured.size() == others.size() ? "" : " (of those measured)";
        System.out.printf(
                "%s%s: %.3f, at most %.2f: %s%n",
                title, missing, ratio, most, ratio <= most ? "holds" : "DOES NOT HOLD");
    }

    private static double millis(List<Sample> samples) {
        return median(samples.stream().mapToLong(Sample::nanos).toArray()) / 1e6;
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
