package io.jenkins.plugins.gitops.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import io.jenkins.plugins.gitops.engine.promotion.PromotionRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateDeskTest {

    private static final List<Approvals> TWO = List.of(new Approvals(2, List.of("release-managers")));

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final AtomicReference<Instant> now = new AtomicReference<>(Gates.NOON);
    private final GateDesk desk = new GateDesk(scheduler, workers, now::get, Duration.ofMillis(20));
    private final List<GateEvent> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void twoApprovalsAtTheSameTimeAreOneQuorumAndOneGrant() throws Exception {
        for (int round = 0; round < 200; round++) {
            events.clear();
            OpenGate gate = open("gate-" + round, definition(TWO, null, NewerRelease.SUPERSEDES), List.of());
            CyclicBarrier together = new CyclicBarrier(3);
            List<Future<?>> clicks = new ArrayList<>();
            for (String id : List.of("bob", "cleo", "bob")) {
                int click = clicks.size();
                clicks.add(workers.submit(() -> {
                    together.await();
                    try {
                        gate.decide(
                                "click-" + click,
                                Gates.approver(id, "release-managers"),
                                (state, decision) -> GateRules.approve(state, decision, ""));
                    } catch (GateRefusedException second) {
                        assertThat(second.kind()).isEqualTo(GateRefusedException.Kind.CONFLICT);
                    }
                    return null;
                }));
            }
            for (Future<?> click : clicks) {
                click.get();
            }
            await().until(() -> gate.keeper().gate().status() == GateStatus.APPROVED);
            gate.promoted("c".repeat(40));

            assertThat(events).filteredOn(GateEvent.Granted.class::isInstance).hasSize(1);
            assertThat(desk.open()).isEmpty();
        }
    }

    @Test
    void aNewerReleaseSupersedesAnUndecidedGate() {
        OpenGate older = open("older", definition(TWO, null, NewerRelease.SUPERSEDES), List.of());
        OpenGate newer = open("newer", definition(TWO, null, NewerRelease.SUPERSEDES), List.of());

        await().until(() -> older.keeper().gate().status() == GateStatus.SUPERSEDED);
        await().until(() -> desk.open().equals(List.of(newer)));
        assertThatThrownBy(() -> older.decide(
                        "late",
                        Gates.approver("bob", "release-managers"),
                        (state, decision) -> GateRules.approve(state, decision, "")))
                .hasMessageStartingWith("The gate for shop/prod is no longer open: it was superseded by api 1.1.0");
    }

    @Test
    void aNewerReleaseQueuesWhereTheDefinitionSaysSo() {
        OpenGate older = open("older", definition(TWO, null, NewerRelease.QUEUES), List.of());
        OpenGate newer = open("newer", definition(List.of(), null, NewerRelease.QUEUES), List.of());
        await().until(() -> newer.keeper().explain().contains("another promotion of shop/prod came before"));
        assertThat(newer.keeper().gate().status()).isEqualTo(GateStatus.OPEN);

        older.close("the run was aborted");

        await().until(() -> newer.keeper().gate().status() == GateStatus.APPROVED);
    }

    @Test
    void aPromotionThatIsBeingCommittedKeepsTheNextOneWaiting() {
        OpenGate first = open("first", definition(List.of(), null, NewerRelease.SUPERSEDES), List.of());
        await().until(() -> first.keeper().gate().status() == GateStatus.APPROVED);
        OpenGate second = open("second", definition(List.of(), null, NewerRelease.SUPERSEDES), List.of());
        await().until(() -> second.keeper().explain().contains("came before"));

        first.promoted("c".repeat(40));

        await().until(() -> second.keeper().gate().status() == GateStatus.APPROVED);
    }

    @Test
    void aGateExpiresByItself() {
        OpenGate gate = open("gate", definition(TWO, Duration.ofHours(1), NewerRelease.SUPERSEDES), List.of());

        now.set(Gates.NOON.plus(Duration.ofHours(1)));

        await().until(() -> gate.keeper().gate().status() == GateStatus.EXPIRED);
        await().until(() -> desk.open().isEmpty());
    }

    @Test
    void aCheckIsAskedAgainUntilItPasses() {
        AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.failed("ticket", "no ticket"));
        OpenGate gate =
                open("gate", definition(List.of(), null, NewerRelease.SUPERSEDES), List.of(check("ticket", answer)));
        await().until(() -> gate.keeper().explain().contains("ticket (no ticket)"));

        answer.set(CheckResult.passed("ticket", "approved"));

        await().until(() -> gate.keeper().gate().status() == GateStatus.APPROVED);
    }

    @Test
    void aGateLooksAgainAtOnceWhereItIsTold() {
        GateDesk slow = new GateDesk(scheduler, workers, now::get, Duration.ofHours(1));
        AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.failed("hold", "held"));
        OpenGate gate = slow.open(
                List.of(),
                new GateDesk.Opening(Gates.named("gate"), definition(List.of(), null, NewerRelease.SUPERSEDES)),
                List.of(check("hold", answer)),
                event -> {},
                events::add);
        await().until(() -> gate.keeper().explain().contains("hold (held)"));
        answer.set(CheckResult.passed("hold", "lifted"));

        slow.lookAgain("shop");

        await().until(() -> gate.keeper().gate().status() == GateStatus.APPROVED);
    }

    @Test
    void aCheckThatThrowsHoldsTheGateAndSaysWhy() {
        GateCheck broken = new GateCheck() {
            @Override
            public String id() {
                return "registry";
            }

            @Override
            public CheckResult answer(Gate gate, Instant at) {
                throw new PromotionRefusedException("The registry is down.");
            }
        };
        OpenGate gate = open("gate", definition(List.of(), null, NewerRelease.SUPERSEDES), List.of(broken));

        await().until(() -> gate.keeper().explain().contains("could not be asked: The registry is down."));
        assertThat(gate.keeper().gate().status()).isEqualTo(GateStatus.OPEN);
    }

    @Test
    void aGateWhoseSourceWasRolledBackCloses() {
        AtomicReference<CheckResult> answer = new AtomicReference<>(
                CheckResult.obsolete("source", "shop/staging was rolled back with commit abc1234"));
        OpenGate gate = open("gate", definition(TWO, null, NewerRelease.SUPERSEDES), List.of(check("source", answer)));

        await().until(() -> gate.keeper().gate().status() == GateStatus.CLOSED);
        assertThat(gate.keeper().explain())
                .isEqualTo(
                        "The gate for shop/prod was closed at 2026-03-02T12:00:00Z (shop/staging was rolled back with"
                                + " commit abc1234).");
    }

    @Test
    void aGateIsTakenUpAgainWhereItStood() {
        open("gate", definition(TWO, null, NewerRelease.SUPERSEDES), List.of())
                .decide(
                        "click",
                        Gates.approver("bob", "release-managers"),
                        (state, decision) -> GateRules.approve(state, decision, "fine"));
        List<GateEvent> stored =
                GateJson.read(events.stream().map(GateJson::write).toList());
        GateDesk afterRestart = new GateDesk(scheduler, workers, now::get, Duration.ofMillis(20));

        OpenGate resumed = afterRestart.open(
                stored,
                new GateDesk.Opening(
                        ((GateEvent.Opened) stored.get(0)).subject(), ((GateEvent.Opened) stored.get(0)).definition()),
                List.of(),
                event -> {},
                event -> {});
        resumed.decide(
                "click-2",
                Gates.approver("cleo", "release-managers"),
                (state, decision) -> GateRules.approve(state, decision, ""));

        await().until(() -> resumed.keeper().gate().status() == GateStatus.APPROVED);
        assertThat(resumed.keeper().gate().granted().orElseThrow().approvals())
                .containsExactly("bob (release-managers)", "cleo (release-managers)");
    }

    @Test
    void anEventThatCannotBeStoredDidNotHappen() {
        OpenGate gate = desk.open(
                List.of(),
                new GateDesk.Opening(Gates.named("full"), definition(TWO, null, NewerRelease.SUPERSEDES)),
                List.of(),
                event -> {
                    if (event instanceof GateEvent.Approved) {
                        throw new IllegalStateException("disk full");
                    }
                },
                events::add);

        assertThatThrownBy(() -> gate.decide(
                        "click",
                        Gates.approver("bob", "release-managers"),
                        (state, decision) -> GateRules.approve(state, decision, "")))
                .hasMessage("disk full");
        assertThat(gate.keeper().gate().approvals()).isEmpty();
        assertThat(events).noneMatch(GateEvent.Approved.class::isInstance);
    }

    private OpenGate open(String id, GateDefinition definition, List<GateCheck> checks) {
        return desk.open(
                List.of(), new GateDesk.Opening(Gates.named(id), definition), checks, event -> {}, events::add);
    }

    private static GateDefinition definition(List<Approvals> approvals, Duration expires, NewerRelease newer) {
        return new GateDefinition(
                approvals,
                List.of(),
                SeparationOfDuties.NONE,
                Duration.ZERO,
                FreezeCalendar.ALWAYS_OPEN,
                expires,
                null,
                newer,
                List.of());
    }

    private static GateCheck check(String id, AtomicReference<CheckResult> answer) {
        return new GateCheck() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public CheckResult answer(Gate gate, Instant at) {
                return answer.get();
            }
        };
    }
}
