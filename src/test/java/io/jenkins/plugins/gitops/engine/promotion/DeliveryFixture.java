package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.gitops.engine.forge.ForgeServer;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer.Pull;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.MemoryGit;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.UserPassword;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
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
    final MemoryGit git = new MemoryGit();
    ForgeServer forge;
    GitConfigRepositories repositories;
    private int restarts;

    @BeforeEach
    void start() throws Exception {
        push(Map.of(
                "gitops.yaml", DECLARATION.formatted("squash"), "prod/kustomization.yaml", FILE.formatted("1.0.0")));
        forge = ForgeServer.gitHub(git);
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
    }

    /** A controller that knows nothing of what was before. */
    void restart() throws Exception {
        if (repositories != null) {
            repositories.close();
        }
        repositories = new GitConfigRepositories(folder.resolve("cache" + restarts++));
    }

    void push(Map<String, String> files) {
        git.commit("main", "By a person", files);
    }

    String tip(String branch) {
        return git.tip(branch).orElseThrow();
    }

    /** The tree of the merge; empty when it conflicts. */
    Optional<String> merged(Pull pull) {
        return merges.computeIfAbsent(
                tip(pull.base) + " " + tip(pull.head), tips -> git.merged(tip(pull.base), tip(pull.head)));
    }

    String merge(Pull pull) {
        String tree = merged(pull).orElseThrow();
        String base = tip(pull.base);
        String head = tip(pull.head);
        String commit =
                switch (pull.mergeMethod) {
                    case "merge" -> git.commitTree(tree, pull.mergeMessage, List.of(base, head));
                    case "rebase" -> git.commitTree(tree, git.messages(head).get(0), List.of(base));
                    default -> git.commitTree(tree, pull.mergeMessage, List.of(base));
                };
        git.set(pull.base, commit);
        return commit;
    }

    ConfigRepository repository() {
        return repositories.open(new Remote(forge.url("/acme/config.git"), new UserPassword("bot", "t0ken")));
    }

    BumpResult bump(String id, String version) {
        return new Bump(repository(), new ManifestFiles(), ReleaseVerification.NONE, new Stops(InstantSource.system()))
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

    /** How many commits of the branch say that they are the bump's. */
    long commits(String id) {
        return git.messages(tip("main")).stream()
                .filter(message -> message.lines().anyMatch(("GitOps-Bump-Id: " + id)::equals))
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
        return git.files(tip("main")).get("prod/kustomization.yaml");
    }
}
