package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How much of the engine one bump takes, from the request to the pushed commit: what one has to read to follow it. */
@Timeout(120)
class OneBumpTest {

    /** What it takes today; the goal is 100, and the number only goes down. */
    private static final int MOST_TYPES = 112;

    private static final Pattern LOADED =
            Pattern.compile("\\] (io\\.jenkins\\.plugins\\.gitops\\.engine\\.[\\w.$]+) source: \\S*");

    private static final Map<String, String> FILES = Map.of("gitops.yaml", """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              dev: { kustomization: dev/kustomization.yaml }
        """, "dev/kustomization.yaml", """
        images:
          - name: ghcr.io/acme/shop-api
            newTag: 1.0.0
        """);

    @TempDir
    private Path folder;

    @Test
    void loadsFewTypes() throws Exception {
        try (GitHttpServer server = new GitHttpServer(Files.createDirectories(folder.resolve("server")))) {
            Path bare = server.create("config.git");
            push(bare);
            Path log = folder.resolve("classes.log");

            assertThat(bump(server.url("config.git"), log)).isZero();

            assertThat(TestGit.output(bare, "show", "main:dev/kustomization.yaml"))
                    .contains("newTag: 1.1.0");
            TreeSet<String> types = types(log);
            System.out.println("One bump loads " + types.size() + " engine types: "
                    + types.stream()
                            .collect(Collectors.groupingBy(
                                    type -> type.substring(0, type.lastIndexOf('.')), Collectors.counting())));
            assertThat(types).hasSizeLessThanOrEqualTo(MOST_TYPES);
        }
    }

    private void push(Path bare) throws Exception {
        Path work = Files.createDirectories(folder.resolve("work"));
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            Path path = work.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        TestGit.run(work, "init", "-q", "-b", "main");
        TestGit.run(work, "add", ".");
        TestGit.run(work, "commit", "-q", "-m", "Begin");
        TestGit.run(work, "push", "-q", bare.toString(), "main");
    }

    /** In a process of its own: what other tests have loaded does not count. */
    private int bump(String url, Path log) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        OneBumpTest.class.getName(),
                        url,
                        folder.resolve("cache").toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    private static TreeSet<String> types(Path log) throws Exception {
        return Files.readAllLines(log).stream()
                .map(LOADED::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .filter(type -> !type.contains("$$Lambda") && !type.contains("OneBumpTest"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    public static void main(String[] arguments) throws Exception {
        try (GitConfigRepositories repositories = new GitConfigRepositories(Path.of(arguments[1]))) {
            new Bump(
                            repositories.open(new Remote(arguments[0])),
                            new ManifestFiles(),
                            ReleaseVerification.NONE,
                            new Stops(InstantSource.system()))
                    .run(
                            new BumpRequest(
                                    "one",
                                    "main",
                                    new BumpRequest.Place.Declared("shop", List.of("dev")),
                                    Map.of("api", "1.1.0"),
                                    new Provenance("https://ci.example.org/job/shop/1/", "dora", null, List.of()),
                                    new Identity("Jenkins", "jenkins@example.org"),
                                    Optional.empty()),
                            Progress.SILENT);
        }
    }
}
