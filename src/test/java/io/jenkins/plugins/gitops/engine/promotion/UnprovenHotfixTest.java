package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hotfix of shop/prod whose version was healthy nowhere before: its gate skips {@code source}, and nothing else. */
class UnprovenHotfixTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private final MemoryRepository repository = new MemoryRepository(() -> NOON);
    private final ShopTeam team = new ShopTeam(repository, () -> NOON);

    @BeforeEach
    void shop() {
        repository.push("main", "Begin", Shop.files());
        repository.push("main", "Guard prod", Map.of("gitops.yaml", Shop.DECLARATION + """
                    gate:
                      soak: 30m
                      hotfix: { approvals: { required: 1 }, skips: [source] }
            """));
    }

    @Test
    void itHasNotSoaked() {
        Promotion.Plan plan = plan("6.6.6");
        List<GateCheck> checks = checks(plan);

        assertThat(checks).extracting(GateCheck::id).contains("soak").doesNotContain("source");
        assertThat(answer(plan, "soak")).isEqualTo(CheckResult.failed("soak", "was not healthy in staging for 30 min"));
    }

    @Test
    void whoeverBroughtItWhereItIsDeployedIsAnAuthor() {
        team.bump("staging", "1.2.0", new Provenance(null, null, null, List.of("erin")));
        team.bump("staging", "1.3.0", new Provenance(null, null, null, List.of("dora")));

        assertThat(plan("1.3.0").subject().changeAuthors()).containsExactly("dora", "erin");
        assertThat(plan("1.2.0").subject().changeAuthors()).containsExactly("erin");
        assertThat(plan("1.2.0").subject().authorsUnknown())
                .isEqualTo("no environment before the target is known to have been healthy with this version");
        assertThat(plan("6.6.6").subject().changeAuthors()).isEmpty();
    }

    @Test
    void whoeverPutItThereByHandIsAnAuthorToo() {
        repository.push(
                "main",
                "By hand",
                Map.of(Shop.file("staging"), Shop.IMAGES.replace("shop-api:1.0.0", "shop-api:1.4.0")));

        assertThat(plan("1.4.0").subject().changeAuthors()).containsExactly("A person <person@example.org>");
    }

    private Promotion.Plan plan(String api) {
        Promotion.Request request = new Promotion.Request(
                "p",
                "https://git.example.org/c",
                "main",
                "shop",
                "prod",
                null,
                new ReleaseChoice.Versions(Map.of("api", api, "worker", "1.0.0")),
                "the shop is down",
                Provenance.UNKNOWN,
                Shop.JENKINS);
        return team.promotion(target -> new Liveness.State.NotHealthy("pods crash"))
                .plan(request, Progress.SILENT);
    }

    private List<GateCheck> checks(Promotion.Plan plan) {
        return new GateRequirements(
                        repository,
                        new LineEditor(),
                        target -> new Liveness.State.NotHealthy("pods crash"),
                        ReleaseVerification.NONE,
                        new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", () -> NOON),
                        new GateReads(team.ledgers(), () -> NOON, Duration.ZERO, () -> NOON),
                        new Stops(() -> NOON))
                .of(plan.gate().orElseThrow(), plan.subject());
    }

    private CheckResult answer(Promotion.Plan plan, String id) {
        Gate gate = Gate.of(
                List.of(new GateEvent.Opened(NOON, plan.subject(), plan.gate().orElseThrow(), List.of(id))));
        return checks(plan).stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow()
                .ask(gate, NOON)
                .toCompletableFuture()
                .join();
    }
}
