package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An image, a chart, a Git ref and a value that move together, each environment with a registry of its own. */
class VersionsPromotionTest {

    private static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/api }
            versions:
              redis: { chart: oci://ghcr.io/acme/charts/redis }
              platform: { git: https://github.com/acme/platform }
              users: { value: number }
            environments:
        """;

    private static final String ENVIRONMENT = """
              %1$s:
                %2$s
                repositories: { api: %1$s.example }
                kustomization: %1$s/kustomization.yaml
                fields:
                  - { file: %1$s/kustomization.yaml, path: 'resources[~acme/platform]', is: { ref: platform } }
                  - { file: %1$s/Chart.yaml, path: 'dependencies[name=redis].version', is: { chart: redis } }
                  - { file: %1$s/app.env, key: USERS, is: { value: users } }
        """;

    private static final String KUSTOMIZATION = """
        resources:
        - https://github.com/acme/platform?ref=v1.0.0
        images:
        - name: ghcr.io/acme/api
          newName: %s.example/acme/api
          newTag: "1.0"
        """;

    private static final String CHART = "dependencies:\n- { name: redis, version: 17.0.0 }\n";

    private final Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private final Stops stops = new Stops(() -> now);
    private final Ledgers ledgers = new Ledgers();
    private int ids;

    @BeforeEach
    void shop() {
        String declaration = DECLARATION;
        for (String environment : List.of("dev", "prod")) {
            declaration += ENVIRONMENT.formatted(environment, environment.equals("prod") ? "after: dev" : "# first");
            repository.push(
                    "main",
                    "Begin",
                    Map.of(
                            "gitops.yaml",
                            declaration,
                            environment + "/kustomization.yaml",
                            KUSTOMIZATION.formatted(environment),
                            environment + "/Chart.yaml",
                            CHART,
                            environment + "/app.env",
                            "USERS=10\n"));
        }
    }

    @Test
    void oneReleaseIsPromotedWithAllThatMoves() {
        String bumped = bump("dev", Map.of("api", "2.0", "redis", "19.1.0+7", "platform", "v1.4.0", "users", "30"));

        GateSubject.Promotion plan = plan(bumped);
        String commit = promotion(bumped)
                .commit(plan, Optional.empty(), Provenance.UNKNOWN, Shop.JENKINS, Optional.empty(), Progress.SILENT)
                .commit();

        assertThat(plan.changes().stream().map(ImageChange::versions))
                .containsExactly(
                        "api 1.0 → 2.0", "platform v1.0.0 → v1.4.0", "redis 17.0.0 → 19.1.0+7", "users 10 → 30");
        assertThat(text("prod/kustomization.yaml"))
                .isEqualTo(KUSTOMIZATION
                        .formatted("prod")
                        .replace("1.0\"", "2.0\"")
                        .replace("v1.0.0", "v1.4.0"));
        assertThat(text("prod/Chart.yaml")).isEqualTo(CHART.replace("17.0.0", "19.1.0+7"));
        assertThat(text("prod/app.env")).isEqualTo("USERS=30\n");
        assertThat(last().message())
                .isEqualTo("shop: promote api to 2.0, platform to v1.4.0, redis to 19.1.0+7, users to 30 from dev to"
                        + " prod");
        assertThat(new Trailers(last().trailers()).values(Trailers.VERSION))
                .containsExactly("platform=v1.4.0", "redis=19.1.0+7", "users=30");
        Deployment current = ledger().current("shop", "prod").orElseThrow();
        assertThat(current.commit()).isEqualTo(commit);
        assertThat(current.images())
                .isEqualTo(Map.of(
                        "api", ImageReference.parse("ghcr.io/acme/api:2.0"),
                        "redis", new NamedVersion("19.1.0+7"),
                        "platform", new NamedVersion("v1.4.0"),
                        "users", new NamedVersion("30")));
    }

    @Test
    void aReleaseIsChosenByTheVersionOfItsChart() {
        String wanted = bump("dev", Map.of("redis", "18.0.0"));
        new DeploymentNotes(repository, Shop.JENKINS)
                .outcome("shop", "dev", wanted, Outcome.HEALTHY, now, Progress.SILENT);
        String newer = bump("dev", Map.of("redis", "19.0.0"));

        GateSubject.Promotion plan = promotion(newer)
                .plan(
                        new Promotion.Request(
                                "chosen",
                                "https://git.example.org/c",
                                "main",
                                "shop",
                                "prod",
                                null,
                                new ReleaseChoice.Versions(Map.of("redis", "18.0.0")),
                                null,
                                Provenance.UNKNOWN,
                                Shop.JENKINS),
                        Progress.SILENT)
                .subject();

        assertThat(plan.sourceCommit()).isEqualTo(wanted);
        assertThat(plan.release().get("redis")).hasToString("18.0.0");
    }

    @Test
    void aRollbackReturnsEveryVersion() {
        String good = bump("prod", Map.of("api", "2.0", "redis", "18.0.0", "platform", "v1.1.0", "users", "20"));
        new DeploymentNotes(repository, Shop.JENKINS)
                .outcome("shop", "prod", good, Outcome.HEALTHY, now, Progress.SILENT);
        bump("prod", Map.of("redis", "19.0.0", "platform", "v2.0.0"));

        Rollback rollback = new Rollback(repository, new ManifestFiles(), ledgers, stops);
        rollback.commit(
                rollback.plan(
                        new Rollback.Request(
                                "back",
                                "main",
                                "shop",
                                "prod",
                                RollbackTo.previousHealthy(),
                                Optional.empty(),
                                "bad",
                                now,
                                Provenance.UNKNOWN,
                                Shop.JENKINS),
                        Progress.SILENT),
                Progress.SILENT);

        assertThat(text("prod/Chart.yaml")).contains("version: 18.0.0");
        assertThat(text("prod/kustomization.yaml")).contains("?ref=v1.1.0", "newName: prod.example/acme/api");
        assertThat(last().message())
                .isEqualTo("shop: roll back prod to api 2.0, platform v1.1.0, redis 18.0.0, users 20");
        assertThat(ledger().hold(
                                "shop",
                                "prod",
                                Map.of(
                                        "api", ImageReference.parse("ghcr.io/acme/api:2.0"),
                                        "redis", new NamedVersion("19.0.0"),
                                        "platform", new NamedVersion("v2.0.0"),
                                        "users", new NamedVersion("20"))))
                .isPresent();
    }

    private Ledger ledger() {
        return ledgers.of(
                repository,
                "main",
                Declarations.read(repository.tip("main", Progress.SILENT), "main"),
                Progress.SILENT);
    }

    private Promotion promotion(String live) {
        return new Promotion(
                repository,
                new ManifestFiles(),
                target -> new Liveness.State.Healthy(live, now),
                ReleaseVerification.NONE,
                ledgers,
                stops);
    }

    private GateSubject.Promotion plan(String live) {
        return promotion(live)
                .plan(
                        new Promotion.Request(
                                "promotion-" + ids++,
                                "https://git.example.org/c",
                                "main",
                                "shop",
                                "prod",
                                null,
                                Provenance.UNKNOWN,
                                Shop.JENKINS),
                        Progress.SILENT)
                .subject();
    }

    private String bump(String environment, Map<String, String> versions) {
        return new Bump(repository, new ManifestFiles(), ReleaseVerification.NONE, stops)
                .run(
                        new BumpRequest(
                                "bump-" + ids++,
                                "main",
                                new BumpRequest.Place.Declared("shop", List.of(environment)),
                                versions,
                                Provenance.UNKNOWN,
                                Shop.JENKINS,
                                Optional.empty()),
                        Progress.SILENT)
                .commit();
    }

    private String text(String path) {
        return repository.text("main", path);
    }

    private CommitInfo last() {
        List<CommitInfo> commits = repository.log("main");
        return commits.get(commits.size() - 1);
    }
}
