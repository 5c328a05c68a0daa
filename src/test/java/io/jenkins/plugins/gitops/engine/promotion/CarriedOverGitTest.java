package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Carried files of every kind through a Git server: what it has afterwards is what Git itself would have made. */
@Timeout(120)
class CarriedOverGitTest {

    private static final Map<String, String> FILES = Map.of(
            "gitops.yaml",
            """
            version: 1
            applications:
              shop:
                images: { api: ghcr.io/acme/api }
                carries: { values: [features], files: ['**'] }
                environments:
                  dev: { values: { file: envs/dev/values.yaml, images: { api: image } } }
                  prod: { after: dev, values: { file: envs/prod/values.yaml, images: { api: image } } }
            """,
            "envs/dev/values.yaml",
            "image: ghcr.io/acme/api:2\nfeatures: {a: 1}\n",
            "envs/prod/values.yaml",
            "image: ghcr.io/acme/api:1\nhost: prod\n",
            "envs/dev/hooks/run.sh",
            "#!/bin/sh\n",
            "envs/dev/a/b/c.json",
            "{}\n",
            "envs/dev/same.txt",
            "same\n",
            "envs/prod/same.txt",
            "same\n",
            "envs/prod/old/x/y.txt",
            "gone\n",
            "envs/prod/hooks/run.sh",
            "#!/bin/sh\n");

    private static final int MANY = 60;

    @TempDir
    private Path folder;

    @Test
    void theTreeIsTheOneGitWouldMake() throws Exception {
        try (GitHttpServer server = new GitHttpServer(Files.createDirectories(folder.resolve("server")));
                GitConfigRepositories repositories = new GitConfigRepositories(folder.resolve("cache"))) {
            Path bare = server.create("config.git");
            Path work = push(bare);
            ConfigRepository repository = repositories.open(new Remote(server.url("config.git")));
            String live = TestGit.output(bare, "rev-parse", "main");
            Promotion promotion = new Promotion(
                    repository,
                    new ManifestFiles(),
                    target -> new Liveness.State.Healthy(live, Instant.EPOCH),
                    ReleaseVerification.NONE,
                    new Ledgers(),
                    new Stops(Instant::now));

            server.forgetRequests();
            promote(promotion, "one");

            assertThat(server.requests()).as("requests, however many files").hasSizeLessThan(MANY / 2);
            assertThat(TestGit.output(bare, "ls-tree", "-r", "main:envs/prod")).isEqualTo(expected(work));
            assertThat(TestGit.output(bare, "fsck", "--strict")).doesNotContain("error");
            assertThat(TestGit.output(bare, "show", "main:envs/prod/values.yaml"))
                    .isEqualTo("image: ghcr.io/acme/api:2\nfeatures: {a: 1}\nhost: prod");
            assertThat(TestGit.output(bare, "log", "--format=%s", "-1", "main"))
                    .startsWith("shop: promote api to 2, carried to sha256:");
            String tip = TestGit.output(bare, "rev-parse", "main");
            promote(promotion, "two");
            assertThat(TestGit.output(bare, "rev-parse", "main")).isEqualTo(tip);
        }
    }

    private static void promote(Promotion promotion, String id) {
        GateSubject.Promotion subject = promotion
                .plan(
                        new Promotion.Request(
                                id,
                                "https://git.example.org/c",
                                "main",
                                "shop",
                                "prod",
                                null,
                                Provenance.UNKNOWN,
                                Shop.JENKINS),
                        Progress.SILENT)
                .subject();
        promotion.commit(
                subject, Optional.empty(), Provenance.UNKNOWN, Shop.JENKINS, Optional.empty(), Progress.SILENT);
    }

    private Path push(Path bare) throws Exception {
        Path work = Files.createDirectories(folder.resolve("work"));
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            Path path = work.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Files.createDirectory(work.resolve("envs/dev/many"));
        for (int i = 0; i < MANY; i++) {
            Files.writeString(work.resolve("envs/dev/many/" + i), "file " + i);
        }
        Files.write(work.resolve("envs/dev/a/logo.png"), new byte[] {0, (byte) 0xFF, 1});
        TestGit.run(work, "init", "-q", "-b", "main");
        TestGit.run(work, "add", ".");
        TestGit.run(work, "update-index", "--chmod=+x", "envs/dev/hooks/run.sh");
        TestGit.run(work, "commit", "-q", "-m", "Begin");
        TestGit.run(work, "push", "-q", bare.toString(), "main");
        return work;
    }

    /** By Git alone: the files of dev in the place of those of prod. */
    private static String expected(Path work) throws Exception {
        TestGit.run(work, "rm", "-q", "-r", "--cached", "envs/prod");
        TestGit.run(work, "read-tree", "--prefix=envs/prod/", "HEAD:envs/dev");
        Files.writeString(
                work.resolve("envs/prod/values.yaml"), "image: ghcr.io/acme/api:2\nfeatures: {a: 1}\nhost: prod\n");
        TestGit.run(work, "add", "envs/prod/values.yaml");
        return TestGit.output(work, "ls-tree", "-r", TestGit.output(work, "write-tree") + ":envs/prod");
    }
}
