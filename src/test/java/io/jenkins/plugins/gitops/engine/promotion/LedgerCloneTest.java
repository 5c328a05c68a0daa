package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.promotion.ledger.DeliveryMetrics;
import io.jenkins.plugins.gitops.engine.promotion.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.promotion.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.promotion.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.promotion.ledger.Hold;
import io.jenkins.plugins.gitops.engine.promotion.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.promotion.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.promotion.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import io.jenkins.plugins.gitops.engine.repository.ConfigRepository;
import io.jenkins.plugins.gitops.engine.repository.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.repository.GitHttpServer;
import io.jenkins.plugins.gitops.engine.repository.Remote;
import io.jenkins.plugins.gitops.engine.repository.Remote.Login;
import io.jenkins.plugins.gitops.engine.repository.TestGit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Git is the database: what a controller knows of the history, another one learns from a clone. */
class LedgerCloneTest {

    private static final Progress SILENT = Progress.SILENT;

    @TempDir
    private Path folder;

    private ConfigRepository repository;
    private DeploymentNotes notes;
    private final Ledgers ledgers = new Ledgers();
    private int ids;

    @Test
    void aFreshCloneOfTheRepositoryGivesTheSameLedger() throws IOException {
        try (GitHttpServer server = new GitHttpServer(Files.createDirectories(folder.resolve("server")));
                GitConfigRepositories controller = new GitConfigRepositories(folder.resolve("cache"))) {
            begin(server);
            repository = controller.open(new Remote(server.url("config.git"), new Login.Anonymous()));
            notes = new DeploymentNotes(repository, Shop.JENKINS);
            live();
            Ledger before = ledger(repository);
            requireRich(before);

            TestGit.run(server.create("clone.git"), "fetch", "-q", server.url("config.git"), "+refs/*:refs/*");

            try (GitConfigRepositories another = new GitConfigRepositories(folder.resolve("another cache"))) {
                Ledger after = ledger(another.open(new Remote(server.url("clone.git"), new Login.Anonymous())));
                assertThat(after).isEqualTo(before);
                for (String environment : List.of("dev", "staging", "prod")) {
                    assertThat(after.holds("shop", environment))
                            .containsExactlyElementsOf(
                                    before.holds("shop", environment).toList());
                    assertThat(metrics(after, environment)).isEqualTo(metrics(before, environment));
                }
            }
        }
    }

    /** A life with everything in it that a ledger can hold. */
    private void live() {
        String dev = noted("dev", bump("dev", "1.1.0"), Outcome.HEALTHY);
        String first = noted("staging", promote("dev", "staging", dev, Optional.empty()), Outcome.HEALTHY);
        noted("prod", promote("staging", "prod", first, Optional.of(approved())), Outcome.HEALTHY);
        noted("dev", bump("dev", "1.2.0"), Outcome.FAILED);
        String third = noted("dev", bump("dev", "1.3.0"), Outcome.HEALTHY);
        String second = promote("dev", "staging", third, Optional.empty());
        noted("prod", promote("staging", "prod", second, Optional.of(overridden())), Outcome.TIMED_OUT);
        noted("prod", rollBack("prod"), Outcome.HEALTHY);
        noted("staging", rollBack("staging"), Outcome.HEALTHY);
        Hold hold = ledger(repository).holds("shop", "staging").findFirst().orElseThrow();
        notes.lift(hold, "zoe", "fixed by a flag", SILENT);
    }

    /** The comparison is worth something only where there is something to compare. */
    private static void requireRich(Ledger ledger) {
        assertThat(ledger.deployments()).hasSize(9);
        assertThat(ledger.deployments().stream().map(Deployment::outcome))
                .contains(Outcome.HEALTHY, Outcome.FAILED, Outcome.TIMED_OUT);
        assertThat(ledger.deployments().stream().map(Deployment::kind)).contains(Deployment.Kind.values());
        assertThat(ledger.deployments().stream().flatMap(deployment -> deployment.who().stream()))
                .contains("carla (release-managers)", "anna");
        assertThat(ledger.deployments().stream()
                        .flatMap(deployment -> deployment.trailers().value(Trailers.OVERRIDE).stream()))
                .containsExactly("omar: prod is down [skipped approvals]");
        assertThat(ledger.deployments().stream().filter(deployment -> deployment.rolledBackBy() != null))
                .hasSize(2);
        assertThat(ledger.lifted()).hasSize(1);
        assertThat(ledger.holds("shop", "prod")).hasSize(1);
        assertThat(ledger.current("shop", "prod").flatMap(Deployment::recovery)).isPresent();
        assertThat(metrics(ledger, "prod").leadTime()).isPresent();
        assertThat(metrics(ledger, "prod").timeToRestore()).isPresent();
        assertThat(metrics(ledger, "prod").changeFailureRate()).contains(0.5);
    }

    private static DeliveryMetrics metrics(Ledger ledger, String environment) {
        Instant from = Instant.EPOCH;
        return DeliveryMetrics.of(ledger, "shop", environment, from, from.plus(Duration.ofDays(365 * 200)));
    }

    private Ledger ledger(ConfigRepository from) {
        Declaration declaration = Declarations.read(from.tip("main", SILENT));
        return ledgers.of(from, "main", declaration, SILENT);
    }

    private void begin(GitHttpServer server) throws IOException {
        server.create("config.git");
        Path work = Files.createDirectories(folder.resolve("work"));
        TestGit.run(work, "init", "-q", "-b", "main");
        for (Map.Entry<String, String> file : Shop.files().entrySet()) {
            Files.createDirectories(work.resolve(file.getKey()).getParent());
            Files.writeString(work.resolve(file.getKey()), file.getValue());
        }
        TestGit.run(work, "add", ".");
        TestGit.run(work, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "Begin");
        TestGit.run(work, "push", "-q", server.url("config.git"), "main");
    }

    private String bump(String environment, String api) {
        return new Bump(repository, new LineEditor())
                .run(
                        new BumpRequest(
                                "bump-" + ids++,
                                "main",
                                new BumpRequest.Place.Declared("shop", List.of(environment)),
                                Map.of("api", api, "worker", "1.0.0"),
                                new Provenance(
                                        "https://ci.example.org/job/shop/" + ids, "anna", "5ource", List.of("dora")),
                                Shop.JENKINS),
                        SILENT)
                .commit();
    }

    private String promote(String from, String to, String live, Optional<Gate> grant) {
        Promotion promotion = new Promotion(
                repository,
                new LineEditor(),
                target -> new Liveness.State.Healthy(live, null),
                ReleaseVerification.NONE,
                ledgers);
        PromotionRequest request = new PromotionRequest(
                "promotion-" + ids++,
                "https://git.example.org/c",
                "main",
                "shop",
                to,
                from,
                Provenance.UNKNOWN,
                Shop.JENKINS);
        return promotion
                .commit(
                        promotion.plan(request, SILENT).subject(),
                        grant,
                        Provenance.UNKNOWN,
                        Shop.JENKINS,
                        Optional.empty(),
                        SILENT)
                .commit();
    }

    private String rollBack(String environment) {
        Rollback rollback = new Rollback(repository, new LineEditor(), ledgers);
        RollbackRequest request = new RollbackRequest(
                "rollback-" + ids++,
                "main",
                "shop",
                environment,
                environment.equals("prod")
                        ? new RollbackTo.PreviousHealthy()
                        : new RollbackTo.Commit(ledger(repository)
                                .of("shop", environment)
                                .get(1)
                                .commit()),
                Optional.empty(),
                "errors",
                Instant.now(),
                Provenance.UNKNOWN,
                Shop.JENKINS);
        return rollback.commit(rollback.plan(request, SILENT), SILENT).commit();
    }

    private String noted(String environment, String commit, Outcome outcome) {
        notes.outcome("shop", environment, commit, outcome, Instant.now(), SILENT);
        return commit;
    }

    private static Gate approved() {
        Gate gate = Gates.open(Gates.definition(List.of(new Approvals(1, List.of("release-managers")))));
        Person carla = Gates.approver("carla", "release-managers");
        return settled(decided(gate, GateRules.approve(gate, decision(carla), "")));
    }

    private static Gate overridden() {
        Gate gate = Gates.open(Gates.definition(List.of(new Approvals(1, List.of("release-managers")))));
        return settled(decided(
                gate, GateRules.override(gate, decision(Gates.boss("omar")), "prod is down", Set.of(Gate.APPROVALS))));
    }

    private static GateRules.Decision decision(Person by) {
        return new GateRules.Decision("click", by, Gates.NOON);
    }

    private static Gate decided(Gate gate, GateEvent event) {
        return gate.with(event);
    }

    private static Gate settled(Gate gate) {
        Gate after = gate;
        for (GateEvent event : GateRules.settle(gate, Map.of(), Gates.NOON)) {
            after = after.with(event);
        }
        return after;
    }
}
