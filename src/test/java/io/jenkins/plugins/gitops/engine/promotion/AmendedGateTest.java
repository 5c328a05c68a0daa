package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gate whose declaration changes while it is open asks for what it asked for, and for what is declared now. */
@Timeout(60)
class AmendedGateTest {

    private final MemoryRepository repository = new MemoryRepository(InstantSource.system());
    private final ShopTeam team = new ShopTeam(repository, InstantSource.system());
    private final GatedController controller = new GatedController(repository);
    private String live;

    @BeforeEach
    void begin() {
        repository.push("main", "Begin", Shop.files());
        declare("approvals: { required: 2, from: [ops] }");
        live = team.bump("staging", "1.1.0");
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void whatIsDeclaredBesidesIsAskedForInPlaceAndWhoHasApprovedCounts() throws Exception {
        GatedController.Waiting gate = controller.open(live);
        gate.approve(Gates.approver("olga", "ops"));

        String commit = declare("approvals: [{ required: 3, from: [ops] }, { required: 1, from: [qa] }]");
        amended(gate);
        gate.approve(Gates.approver("otto", "ops"));

        assertThat(gate.gate().explain())
                .contains("approvals (2 of 2 from ops (olga, otto); 2 of 3 from ops (olga, otto); 0 of 1 from qa)")
                .endsWith(" gitops.yaml has changed the gate of shop/prod with commit " + CommitInfo.abbreviate(commit)
                        + ", and asks for 3 approvals from ops as well.");
        assertThat(gate.gate().view().history())
                .anyMatch(
                        line -> line.text().startsWith("Gate changed: gitops.yaml has changed the gate of shop/prod"));
        gate.approve(Gates.approver("oscar", "ops"));
        gate.approve(Gates.approver("quinn", "qa"));
        assertThat(gate.end()).isEqualTo("promoted");
        assertThat(repository.log("main"))
                .last()
                .extracting(last -> last.trailers().stream()
                        .filter(trailer -> trailer.key().equals("GitOps-Approved-By"))
                        .map(trailer -> trailer.value())
                        .toList())
                .isEqualTo(List.of("olga (ops)", "otto (ops)", "oscar (ops)", "quinn (qa)"));
    }

    @Test
    void whatIsNoLongerDeclaredIsStillAskedFor() throws Exception {
        GatedController.Waiting gate = controller.open(live);

        declare("approvals: { required: 1, from: [ops] }");
        amended(gate);
        gate.approve(Gates.approver("olga", "ops"));

        assertThat(gate.gate().gate().status()).isEqualTo(GateStatus.OPEN);
        assertThat(gate.gate().explain())
                .endsWith(", and asks for less; what it asked for when the gate opened stays.");
        gate.approve(Gates.approver("otto", "ops"));
        assertThat(gate.end()).isEqualTo("promoted");
    }

    @Test
    void aChangeThatIsTakenBackAsksForWhatTheGateOpenedWith() throws Exception {
        GatedController.Waiting gate = controller.open(live);
        declare("approvals: { required: 7, from: [ops] }");
        amended(gate);

        declare("approvals: { required: 2, from: [ops] }");
        await().until(() -> gate.gate().gate().readings().size() == 1);
        gate.approve(Gates.approver("olga", "ops"));
        gate.approve(Gates.approver("otto", "ops"));

        assertThat(gate.end()).isEqualTo("promoted");
    }

    @Test
    void whoCountedForAWiderGroupCountsForANarrowerOneOnlyAsItsMember() throws Exception {
        declare("approvals: { required: 1, from: [ops, qa] }, checklist: [Ready]");
        GatedController.Waiting gate = controller.open(live);
        gate.approve(Gates.approver("quinn", "qa"));
        gate.approve(Gates.approver("olga", "ops"));

        declare("approvals: { required: 1, from: [qa] }, checklist: [Ready]");
        amended(gate);
        assertThat(gate.gate().explain()).doesNotContain("approvals (");

        declare("approvals: { required: 2, from: [qa] }, checklist: [Ready]");
        await().until(() -> gate.gate().explain().contains("1 of 2 from qa (quinn)"));
    }

    @Test
    void whoMayStandForANewGroupApprovesAgain() throws Exception {
        GatedController.Waiting gate = controller.open(live);
        gate.approve(Gates.approver("olga", "ops", "qa"));
        gate.approve(Gates.approver("otto", "ops"));
        assertThat(gate.end()).isEqualTo("promoted");

        live = team.bump("staging", "1.2.0");
        GatedController.Waiting next = controller.open(live);
        next.approve(Gates.approver("olga", "ops", "qa"));
        declare("approvals: [{ required: 1, from: [ops] }, { required: 1, from: [qa] }]");
        amended(next);
        assertThatThrownBy(() -> next.approve(Gates.approver("oona", "sales")))
                .hasMessage("oona is not among those who may approve shop/prod: ask one of ops, qa.");
        next.approve(Gates.approver("olga", "ops", "qa"));
        assertThatThrownBy(() -> next.approve(Gates.approver("olga", "ops", "qa")))
                .hasMessage("olga has approved already: nothing changed.");

        next.approve(Gates.approver("otto", "ops"));
        assertThat(next.end()).isEqualTo("promoted");
    }

    @Test
    void anAuthorsApprovalStopsCountingWhereDutiesAreSeparatedNow() throws Exception {
        GatedController.Waiting gate = controller.open(live, new Provenance(null, null, null, List.of("dora")));
        gate.approve(Gates.approver("dora", "ops"));

        declare("approvals: { required: 2, from: [ops] }, separationOfDuties: true");
        amended(gate);
        gate.approve(Gates.approver("olga", "ops"));

        assertThat(gate.gate().gate().status()).isEqualTo(GateStatus.OPEN);
        gate.approve(Gates.approver("otto", "ops"));
        assertThat(gate.end()).isEqualTo("promoted");
    }

    @Test
    void aNewChecklistSoakAndFreezeApply() {
        GatedController.Waiting gate = controller.open(live);

        declare("approvals: { required: 2, from: [ops] }, checklist: [Ready], soak: 1h,"
                + " freeze: { timeZone: UTC, deny: { days: mon-sun, hours: '00:00-24:00' } }");
        amended(gate);
        gate.approve(Gates.approver("olga", "ops"));
        gate.approve(Gates.approver("otto", "ops"));

        await().until(() -> gate.gate().results().containsKey("soak"));
        assertThat(gate.gate().gate().status()).isEqualTo(GateStatus.OPEN);
        assertThat(gate.gate().explain()).contains("checklist (", "soak (healthy in", "freeze (frozen");
        assertThat(gate.gate().gate().checks()).contains("soak");
    }

    @Test
    void aRestartKeepsWhatIsAskedForNow() throws Exception {
        GatedController.Waiting gate = controller.open(live);
        gate.approve(Gates.approver("olga", "ops"));
        declare("approvals: [{ required: 2, from: [ops] }, { required: 1, from: [qa] }]");
        amended(gate);

        try (GatedController started = new GatedController(repository)) {
            GatedController.Waiting resumed = started.resume(gate, live);
            resumed.approve(Gates.approver("otto", "ops"));
            assertThat(resumed.gate().gate().status()).isEqualTo(GateStatus.OPEN);
            resumed.approve(Gates.approver("quinn", "qa"));

            assertThat(resumed.end()).isEqualTo("promoted");
            assertThat(resumed.events())
                    .filteredOn(GateEvent.Amended.class::isInstance)
                    .hasSize(1);
        }
    }

    @Test
    void whatIsDeclaredAfterTheGrantSendsThePromotionBackToItsGate() {
        Promotion.Plan plan = team.promotion("prod", target -> new Liveness.State.Healthy(live, null));
        GateDefinition opened = plan.gate().orElseThrow();
        Gate granted = Gate.of(List.of(
                new GateEvent.Opened(Gates.NOON, plan.subject(), opened, List.of()),
                new GateEvent.Granted(Gates.NOON, List.of())));

        declare("approvals: { required: 3, from: [ops] }");

        assertThatThrownBy(() -> team.promotion(target -> new Liveness.State.Unwatched())
                        .commit(
                                plan.subject(),
                                Optional.of(granted),
                                Provenance.UNKNOWN,
                                Shop.JENKINS,
                                Optional.empty(),
                                Progress.SILENT))
                .isInstanceOf(StoppedException.class)
                .hasMessage(
                        "gitops.yaml has changed the gate of shop/prod since it opened, and asks for 3 approvals from"
                                + " ops; the gate checks again.");
    }

    @Test
    void aGateThatTakesNoHotfixAnyMoreCloses() {
        declare("hotfix: { approvals: { required: 1 } }");
        Promotion.Request hotfix = new Promotion.Request(
                "hotfix",
                "https://git.example.org/c",
                "main",
                "shop",
                "prod",
                null,
                new ReleaseChoice.Live(),
                "the shop is down",
                Provenance.UNKNOWN,
                Shop.JENKINS);
        Promotion.Plan plan =
                team.promotion(target -> new Liveness.State.Healthy(live, null)).plan(hotfix, Progress.SILENT);
        Gate gate = Gate.of(List.of(
                new GateEvent.Opened(Gates.NOON, plan.subject(), plan.gate().orElseThrow(), List.of())));

        declare("approvals: { required: 2, from: [qa] }");

        GateReads reads = new GateReads(team.ledgers(), () -> Gates.NOON, Duration.ZERO, () -> Gates.NOON);
        GateRequirements checks = new GateRequirements(
                repository,
                new LineEditor(),
                target -> new Liveness.State.Unwatched(),
                ReleaseVerification.NONE,
                new CheckEndpoints(HttpClients.DEFAULT, List::of, () -> "", InstantSource.system()),
                reads,
                new Stops(InstantSource.system()));
        assertThat(checks.of(plan.subject()).checks(gate.readings()).stream()
                        .filter(check -> check.id().equals("target"))
                        .map(check -> check.ask(gate, Gates.NOON)
                                .toCompletableFuture()
                                .join()))
                .containsExactly(CheckResult.obsolete(
                        "target",
                        "gitops.yaml has changed the gate of shop/prod since it opened, and asks for an ordinary"
                                + " promotion instead of a hotfix: ask for the promotion again"));
    }

    private String declare(String gate) {
        return repository.push(
                "main", "Guard prod", Map.of("gitops.yaml", Shop.DECLARATION + "        gate: { " + gate + " }\n"));
    }

    private static void amended(GatedController.Waiting gate) {
        await().until(() -> gate.gate().gate().amended().isPresent());
    }
}
