package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.ledger.DeliveryMetrics;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Deployment.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Git is the database: what a controller knows of the history, another one learns from a clone. */
class LedgerCloneTest {

    @TempDir
    private Path folder;

    private ShopTeam team;

    @Test
    void aFreshCloneOfTheRepositoryGivesTheSameLedger() throws IOException {
        try (GitHttpServer server = new GitHttpServer(Files.createDirectories(folder.resolve("server")));
                GitConfigRepositories controller = new GitConfigRepositories(folder.resolve("cache"))) {
            begin(server);
            team = team(controller, server.url("config.git"));
            live();
            Ledger before = team.ledger();
            requireRich(before);

            TestGit.run(server.create("clone.git"), "fetch", "-q", server.url("config.git"), "+refs/*:refs/*");

            try (GitConfigRepositories another = new GitConfigRepositories(folder.resolve("another cache"))) {
                Ledger after = team(another, server.url("clone.git")).ledger();
                assertThat(after).isEqualTo(before);
                requireWordsInMemoryOnce(after);
                for (String environment : List.of("dev", "staging", "prod")) {
                    assertThat(after.holds("shop", environment))
                            .containsExactlyElementsOf(
                                    before.holds("shop", environment).toList());
                    assertThat(metrics(after, environment)).isEqualTo(metrics(before, environment));
                }
            }
        }
    }

    private static ShopTeam team(GitConfigRepositories controller, String url) {
        return new ShopTeam(controller.open(new Remote(url)), InstantSource.system());
    }

    /** A life with everything in it that a ledger can hold. */
    private void live() {
        String dev = team.healthy("dev", bump("1.1.0"));
        String first = team.healthy("staging", team.promote("staging", dev, Optional.empty()));
        team.healthy("prod", team.promote("prod", first, Optional.of(approved())));
        team.noted("dev", bump("1.2.0"), Outcome.FAILED);
        String third = team.healthy("dev", bump("1.3.0"));
        String second = team.promote("staging", third, Optional.empty());
        team.noted("prod", team.promote("prod", second, Optional.of(overridden())), Outcome.TIMED_OUT);
        team.healthy("prod", team.rollBack("prod", RollbackTo.previousHealthy()));
        team.healthy("staging", team.rollBack("staging", RollbackTo.commit(first)));
        Hold hold = team.ledger().holds("shop", "staging").findFirst().orElseThrow();
        team.notes().lift(hold, "zoe", "fixed by a flag", Progress.SILENT);
    }

    private String bump(String api) {
        return team.bump(
                "dev",
                api,
                new Provenance("https://ci.example.org/job/shop/" + api, "anna", "5ource", List.of("dora")));
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

    /** Thousands of commits repeat the same few names; read from a repository, each would be a text of its own. */
    private static void requireWordsInMemoryOnce(Ledger ledger) {
        Map<String, String> first = new HashMap<>();
        for (Deployment deployment : ledger.deployments()) {
            for (Trailer trailer : deployment.trailers().list()) {
                assertThat(trailer.key()).isSameAs(first.computeIfAbsent(trailer.key(), same -> trailer.key()));
                assertThat(trailer.value()).isSameAs(first.computeIfAbsent(trailer.value(), same -> trailer.value()));
            }
        }
    }

    private static DeliveryMetrics metrics(Ledger ledger, String environment) {
        Instant from = Instant.EPOCH;
        return DeliveryMetrics.of(ledger, "shop", environment, from, from.plus(Duration.ofDays(365 * 200)));
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

    private static Gate approved() {
        Gate gate = Gates.open(Gates.definition(List.of(new Approvals(1, List.of("release-managers")))));
        Person carla = Gates.approver("carla", "release-managers");
        return settled(decided(gate, GateDecisions.approve(gate, decision(carla), "")));
    }

    private static Gate overridden() {
        Gate gate = Gates.open(Gates.definition(List.of(new Approvals(1, List.of("release-managers")))));
        return settled(decided(
                gate,
                GateDecisions.override(gate, decision(Gates.boss("omar")), "prod is down", Set.of(Gate.APPROVALS))));
    }

    private static GateDecisions.Decision decision(Person by) {
        return new GateDecisions.Decision("click", by, Gates.NOON);
    }

    private static Gate decided(Gate gate, GateEvent event) {
        return gate.with(event);
    }

    private static Gate settled(Gate gate) {
        Gate after = gate;
        for (GateEvent event : GateDecisions.settle(gate, Map.of(), Gates.NOON)) {
            after = after.with(event);
        }
        return after;
    }
}
