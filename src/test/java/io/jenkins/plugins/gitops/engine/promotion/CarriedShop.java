package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An application whose values and files move with its image, from dev to prod. */
final class CarriedShop {

    static final String DECLARATION = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/api }
            carries:
              values: [features, api]
              files: [dashboards/**, config/shop.properties]
            keeps: [api.host]
            environments:
              dev:
                values: { file: envs/dev/values.yaml, images: { api: api.image } }
                verify: { checks: { smoke: { http: 'https://dev.example/health' } } }
                argocd: { application: shop-dev }
              prod:
                after: dev
                values: { file: envs/prod/values.yaml, images: { api: api.image } }
        """;

    static final String VALUES = """
        # %1$s
        api:
          host: %1$s.example
          image: { repository: ghcr.io/acme/api, tag: "1.0" }
          cpu: 1
        features:
          search: false
        replicas: 3
        """;

    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    final MemoryRepository repository = new MemoryRepository(() -> now);
    final Stops stops = new Stops(() -> now);
    final Ledgers ledgers = new Ledgers();
    private int ids;

    CarriedShop() {
        repository.push(
                "main",
                "Begin",
                Map.of(
                        "gitops.yaml",
                        DECLARATION,
                        "envs/dev/values.yaml",
                        VALUES.formatted("dev"),
                        "envs/prod/values.yaml",
                        VALUES.formatted("prod"),
                        "envs/prod/dashboards/old.json",
                        "{}\n"));
    }

    Map<String, String> files(String folder) {
        Map<String, String> files = new TreeMap<>();
        repository.modes("main").keySet().stream()
                .filter(path -> path.startsWith(folder))
                .forEach(path -> files.put(path, text(path)));
        return files;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void verified(String commit) {
        new DeploymentNotes(repository, Shop.JENKINS)
                .outcome("shop", "dev", commit, Outcome.VERIFIED, now, Progress.SILENT);
    }

    Ledger ledger() {
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

    String commit(GateSubject.Promotion plan) {
        return promotion(plan.sourceCommit())
                .commit(plan, Optional.empty(), Provenance.UNKNOWN, Shop.JENKINS, Optional.empty(), Progress.SILENT)
                .commit();
    }

    GateSubject.Promotion plan(String live) {
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

    /** Takes prod back to its last healthy release. */
    void rollBack() {
        Rollback rollback = new Rollback(repository, new ManifestFiles(), ledgers, stops);
        Rollback.Request request = new Rollback.Request(
                "back",
                "main",
                "shop",
                "prod",
                RollbackTo.previousHealthy(),
                Optional.empty(),
                "bad",
                now,
                Provenance.UNKNOWN,
                Shop.JENKINS);
        rollback.commit(rollback.plan(request, Progress.SILENT), Progress.SILENT);
    }

    String bump(String environment, String version) {
        return new Bump(repository, new ManifestFiles(), ReleaseVerification.NONE, stops)
                .run(
                        new BumpRequest(
                                "bump-" + ids++,
                                "main",
                                new BumpRequest.Place.Declared("shop", List.of(environment)),
                                Map.of("api", version),
                                Provenance.UNKNOWN,
                                Shop.JENKINS,
                                Optional.empty()),
                        Progress.SILENT)
                .commit();
    }

    String text(String path) {
        return repository.text("main", path);
    }

    CommitInfo last() {
        List<CommitInfo> commits = repository.log("main");
        return commits.get(commits.size() - 1);
    }
}
