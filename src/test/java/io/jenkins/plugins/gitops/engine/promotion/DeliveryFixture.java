package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.gitops.engine.forge.ForgeServer;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.UserPassword;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An environment that takes pull requests alone, on a Git server with a server of pull requests before it. */
abstract class DeliveryFixture {

    static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              prod:
                kustomization: prod/kustomization.yaml
                deliver: { by: pull-request, provider: github, labels: [gitops], reviewers: [alice], merge: %s }
        """;
    static final String FILE = """
        images:
          - name: ghcr.io/acme/shop-api
            newTag: %s
        """;

    @TempDir
    private Path folder;

    final List<String> log = new ArrayList<>();
    private final Map<String, Optional<String>> merges = new HashMap<>();
    private GitHttpServer git;
    ForgeServer forge;
    private Path bare;
    Path work;
    GitConfigRepositories repositories;
    private int restarts;

    @BeforeEach
    void start() throws Exception {
        git = new GitHttpServer(Files.createDirectories(folder.resolve("server")));
        bare = git.create("acme/config.git");
        work = Files.createDirectories(folder.resolve("work"));
        TestGit.run(work, "init", "-q", "-b", "main");
        TestGit.run(work, "remote", "add", "origin", bare.toString());
        push(Map.of(
                "gitops.yaml", DECLARATION.formatted("squash"), "prod/kustomization.yaml", FILE.formatted("1.0.0")));
        forge = ForgeServer.gitHub(git.url("acme/config.git"));
        forge.tips = this::tip;
        forge.looking = pull -> {
            pull.sha = tip(pull.head);
            pull.conflicts = merged(pull).isEmpty();
        };
        forge.merging = this::merge;
        restart();
    }

    @AfterEach
    void stop() throws Exception {
        repositories.close();
        forge.close();
        git.close();
    }

    /** A controller that knows nothing of what was before. */
    void restart() throws Exception {
        if (repositories != null) {
            repositories.close();
        }
        repositories = new GitConfigRepositories(folder.resolve("cache" + restarts++));
    }

    void push(Map<String, String> files) throws Exception {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = work.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        TestGit.run(work, "add", ".");
        TestGit.run(work, "commit", "-q", "--allow-empty", "-m", "By a person");
        TestGit.run(work, "push", "-q", "origin", "HEAD:main");
    }

    String tip(String branch) {
        try {
            return Files.readString(bare.resolve("refs/heads/" + branch)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String output(String... arguments) {
        try {
            return TestGit.output(bare, arguments).strip();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The tree of the merge; empty when it conflicts. */
    Optional<String> merged(Pull pull) {
        return merges.computeIfAbsent(tip(pull.base) + " " + tip(pull.head), tips -> {
            try {
                return Optional.of(TestGit.output(bare, "merge-tree", "--write-tree", pull.base, pull.head)
                        .strip());
            } catch (Exception | AssertionError conflict) {
                return Optional.empty();
            }
        });
    }

    String merge(Pull pull) {
        String tree = merged(pull).orElseThrow();
        List<String> command = new ArrayList<>(List.of("commit-tree", tree, "-p", pull.base));
        switch (pull.mergeMethod) {
            case "merge" -> command.addAll(List.of("-p", pull.head, "-m", pull.mergeMessage));
            case "rebase" -> command.addAll(List.of("-m", output("log", "-1", "--format=%B", pull.head)));
            default -> command.addAll(List.of("-m", pull.mergeMessage));
        }
        String commit = output(command.toArray(String[]::new));
        output("update-ref", "refs/heads/" + pull.base, commit);
        return commit;
    }

    BumpResult bump(String id, String version) {
        ConfigRepository repository =
                repositories.open(new Remote(forge.url("/acme/config.git"), new UserPassword("bot", "t0ken")));
        return new Bump(repository, new ManifestFiles(), ReleaseVerification.NONE, new Stops(InstantSource.system()))
                .run(request(id, version, new BumpRequest.Place.Declared("shop", List.of("prod"))), log::add);
    }

    static BumpRequest request(String id, String version, BumpRequest.Place place) {
        return new BumpRequest(
                id,
                "main",
                place,
                Map.of("api", version),
                new Provenance("https://ci.example.org/job/shop/1/", "dora", null, List.of()),
                new Identity("Jenkins", "jenkins@example.org"),
                Optional.empty());
    }

    PendingDelivery pending(String id, String version) {
        return catchThrowableOfType(PendingDelivery.class, () -> bump(id, version));
    }

    long commits(String id) {
        return output("log", "--first-parent", "--format=%(trailers:key=GitOps-Bump-Id,valueonly)", "main")
                .lines()
                .filter(id::equals)
                .count();
    }

    /** Holds up the next pull request until the test lets its check pass. */
    void addCheck() {
        forge.looking = pull -> {
            pull.sha = tip(pull.head);
            pull.conflicts = merged(pull).isEmpty();
            pull.checks.putIfAbsent("build", "pending");
        };
    }

    String version() {
        return output("show", "main:prod/kustomization.yaml");
    }
}
