package io.jenkins.plugins.gitops.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveGatesTest {

    private static final List<Approvals> TWO = List.of(new Approvals(2, List.of("release-managers")));

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService workers = Executors.newFixedThreadPool(8);
    private final AtomicReference<Instant> now = new AtomicReference<>(Gates.NOON);
    private final LiveGates gates = new LiveGates(scheduler, workers, now::get, Duration.ofMillis(20));
    private final List<GateEvent> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
        workers.shutdownNow();
    }

    @Test
    void eightApprovalsAtTheSameTimeAreOneQuorumAndOneGrant() throws Exception {
        for (int round = 0; round < 200; round++) {
            events.clear();
            LiveGate gate = open("gate-" + round, definition(TWO, null, NewerRelease.SUPERSEDES), List.of());
            CyclicBarrier together = new CyclicBarrier(8);
            List<Future<?>> clicks = new ArrayList<>();
            for (String id : List.of("bob", "cleo", "bob", "dan", "eve", "cleo", "fay", "gus")) {
                int click = clicks.size();
                clicks.add(workers.submit(() -> {
                    together.await();
                    try {
                        gate.decide(
                                "click-" + click,
                                Gates.approver(id, "release-managers"),
                                (state, decision) -> GateDecisions.approve(state, decision, ""));
                    } catch (GateRefusedException second) {
                        assertThat(second.kind()).isEqualTo(GateRefusedException.Kind.CONFLICT);
                    }
                    return null;
                }));
            }
            for (Future<?> click : clicks) {
                click.get();
            }
            await().until(() -> gate.gate().status() == GateStatus.APPROVED);
            gate.promoted("c".repeat(40));

            assertThat(events).filteredOn(GateEvent.Granted.class::isInstance).hasSize(1);
            assertThat(gates.all()).isEmpty();
        }
    }

    @Test
    void aNewerReleaseSupersedesAnUndecidedGate() {
        LiveGate older = open("older", definition(TWO, null, NewerRelease.SUPERSEDES), List.of());
        LiveGate newer = open("newer", definition(TWO, null, NewerRelease.SUPERSEDES), List.of());

        await().until(() -> older.gate().status() == GateStatus.SUPERSEDED);
        await().until(() -> gates.all().equals(List.of(newer)));
        assertThatThrownBy(() -> older.decide(
                        "late",
                        Gates.approver("bob", "release-managers"),
                        (state, decision) -> GateDecisions.approve(state, decision, "")))
                .hasMessageStartingWith("The gate for shop/prod is no longer open: it was superseded by api 1.1.0");
    }

    @Test
    void aNewerReleaseQueuesWhereTheDefinitionSaysSo() {
        LiveGate older = open("older", definition(TWO, null, NewerRelease.QUEUES), List.of());
        LiveGate newer = open("newer", definition(List.of(), null, NewerRelease.QUEUES), List.of());
        await().until(() -> newer.explain().contains("another promotion of shop/prod came first"));
        assertThat(newer.gate().status()).isEqualTo(GateStatus.OPEN);

        older.close("the run was aborted");

        await().until(() -> newer.gate().status() == GateStatus.APPROVED);
    }

    @Test
    void aPromotionThatIsBeingCommittedKeepsTheNextOneWaiting() {
        LiveGate first = open("first", definition(List.of(), null, NewerRelease.SUPERSEDES), List.of());
        await().until(() -> first.gate().status() == GateStatus.APPROVED);
        LiveGate second = open("second", definition(List.of(), null, NewerRelease.SUPERSEDES), List.of());
        await().until(() -> second.explain().contains("came first"));

        first.promoted("c".repeat(40));

        await().until(() -> second.gate().status() == GateStatus.APPROVED);
    }

    @Test
    void aGateExpiresByItself() {
        LiveGate gate = open("gate", definition(TWO, Duration.ofHours(1), NewerRelease.SUPERSEDES), List.of());

        now.set(Gates.NOON.plus(Duration.ofHours(1)));

        await().until(() -> gate.gate().status() == GateStatus.EXPIRED);
        await().until(() -> gates.all().isEmpty());
    }

    @Test
    void aCheckIsAskedAgainUntilItPasses() {
        AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.failed("ticket", "no ticket"));
        LiveGate gate =
                open("gate", definition(List.of(), null, NewerRelease.SUPERSEDES), List.of(check("ticket", answer)));
        await().until(() -> gate.explain().contains("ticket (no ticket)"));

        answer.set(CheckResult.passed("ticket", "approved"));

        await().until(() -> gate.gate().status() == GateStatus.APPROVED);
    }

    @Test
    void aGateLooksAgainAtOnceWhereItIsTold() {
        LiveGates slow = new LiveGates(scheduler, workers, now::get, Duration.ofHours(1));
        AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.failed("hold", "held"));
        LiveGate gate = slow.open(
                Gates.named("gate"),
                definition(List.of(), null, NewerRelease.SUPERSEDES),
                List.of(check("hold", answer)),
                events::add);
        await().until(() -> gate.explain().contains("hold (held)"));
        answer.set(CheckResult.passed("hold", "lifted"));

        slow.lookAgain("shop");

        await().until(() -> gate.gate().status() == GateStatus.APPROVED);
    }

    @Test
    void aCheckThatThrowsHoldsTheGateAndSaysWhy() {
        GateCheck broken = GateCheck.of("registry", (gate, at) -> {
            throw new RefusedException("The registry is down.");
        });
        LiveGate gate = open("gate", definition(List.of(), null, NewerRelease.SUPERSEDES), List.of(broken));

        await().until(() -> gate.explain().contains("could not be checked: The registry is down."));
        assertThat(gate.gate().status()).isEqualTo(GateStatus.OPEN);
    }

    @Test
    void anErrorInACheckDoesNotSilenceItsGate() {
        AtomicInteger asked = new AtomicInteger();
        GateCheck deep = GateCheck.of("deep", (gate, at) -> {
            if (asked.incrementAndGet() < 3) {
                throw new StackOverflowError("a: &a [*a]");
            }
            return CheckResult.passed("deep", "fine");
        });
        LiveGate gate = open("gate", definition(List.of(), null, NewerRelease.SUPERSEDES), List.of(deep));

        await().until(() -> gate.gate().status() == GateStatus.APPROVED);
        assertThat(events)
                .contains(new GateEvent.Checked(
                        Gates.NOON,
                        CheckResult.pending(
                                "deep", "could not be checked: java.lang.StackOverflowError: a: &a [*a]", null)));
    }

    @Test
    void anErrorWhenAnEventIsKeptDoesNotSilenceTheGate() {
        AtomicInteger tried = new AtomicInteger();
        LiveGate gate = gates.open(
                Gates.named("gate"), definition(List.of(), null, NewerRelease.SUPERSEDES), List.of(), event -> {
                    if (event instanceof GateEvent.Checked && tried.incrementAndGet() < 3) {
                        throw new OutOfMemoryError("for this test");
                    }
                    events.add(event);
                });

        await().until(() -> gate.gate().status() == GateStatus.APPROVED);
    }

    @Test
    void aGateThatNobodyWaitsForClosesAndMakesWay() {
        AtomicBoolean building = new AtomicBoolean(true);
        LiveGate killed = gates.open(
                Gates.named("killed"), definition(TWO, null, NewerRelease.QUEUES), List.of(), new GateOwner() {
                    @Override
                    public void append(GateEvent event) {
                        events.add(event);
                    }

                    @Override
                    public boolean waits() {
                        return building.get();
                    }
                });
        LiveGate next = open("next", definition(List.of(), null, NewerRelease.QUEUES), List.of());
        await().until(() -> next.explain().contains("came first"));

        building.set(false);

        await().until(() -> killed.gate().status() == GateStatus.CLOSED);
        await().until(() -> next.gate().status() == GateStatus.APPROVED);
    }

    @Test
    void aGateWhoseRunWasDeletedMakesWayAlthoughItsEndCannotBeKept() {
        LiveGate deleted =
                gates.open(Gates.named("deleted"), definition(TWO, null, NewerRelease.QUEUES), List.of(), event -> {
                    if (event instanceof GateEvent.Closed) {
                        throw new IllegalStateException("no such run");
                    }
                });

        assertThatThrownBy(() -> deleted.close("the run was deleted")).hasMessage("no such run");

        assertThat(gates.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"approvals", "separation", "turn"})
    void aCheckWithTheNameOfABuiltInRequirementOpensNoGate(String name) {
        AtomicReference<CheckResult> yes = new AtomicReference<>(CheckResult.passed(name, "fine"));

        assertThatThrownBy(
                        () -> open("gate", definition(TWO, null, NewerRelease.SUPERSEDES), List.of(check(name, yes))))
                .isInstanceOf(GateRefusedException.class)
                .hasMessage("The gate for shop/prod has more than one requirement named '" + name
                        + "': rename the check in gitops.yaml.");
        assertThat(gates.all()).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void aFreezeThatBeganBeforeTheCommitHoldsAGrantedGateAfterARestartAndApprovalsStay() {
        Window night = new Window.Once(
                LocalDateTime.parse("2026-03-02T18:00"), LocalDateTime.parse("2026-03-03T06:00"), "night");
        GateDefinition definition = Gates.with(
                Gates.definition(List.of(new Approvals(1, List.of("release-managers")))),
                SeparationOfDuties.NONE,
                new FreezeCalendar(ZoneId.of("UTC"), List.of(), List.of(night)),
                Duration.ofHours(12),
                null);
        LiveGate before = open("gate", definition, List.of());
        before.decide(
                "click",
                Gates.approver("bob", "release-managers"),
                (state, decision) -> GateDecisions.approve(state, decision, ""));
        await().until(() -> before.gate().status() == GateStatus.APPROVED);
        now.set(Instant.parse("2026-03-02T20:00:00Z"));

        LiveGate resumed = new LiveGates(scheduler, workers, now::get, Duration.ofMillis(20))
                .resume(before.gate(), List.of(), events::add);
        resumed.reopen("Jenkins restarted");
        await().until(() -> resumed.explain().contains("freeze (frozen: night, until 2026-03-03T06:00:00Z)"));
        assertThat(resumed.gate().status()).isEqualTo(GateStatus.OPEN);
        assertThat(resumed.gate().approvals()).hasSize(1);
        assertThat(resumed.gate().granted()).isEmpty();
        GateView shown = resumed.view();
        // A round of checks may end between two looks, but not between all.
        await().until(() -> resumed.view() == resumed.view());
        now.set(Instant.parse("2026-03-02T20:00:01Z"));
        assertThat(resumed.view()).isNotSameAs(shown).isEqualTo(shown);

        now.set(Instant.parse("2026-03-03T06:00:00Z"));

        await().until(() -> resumed.gate().status() == GateStatus.APPROVED);
        assertThat(resumed.gate().granted().orElseThrow().approvals()).containsExactly("bob (release-managers)");
        assertThat(resumed.view().status()).isEqualTo(GateStatus.APPROVED);
    }

    @Test
    void whatHoldsAfterARestartIsGrantedAgainByItself() {
        LiveGate before = open("gate", definition(List.of(), null, NewerRelease.SUPERSEDES), List.of());
        await().until(() -> before.gate().status() == GateStatus.APPROVED);

        LiveGate resumed = new LiveGates(scheduler, workers, now::get, Duration.ofMillis(20))
                .resume(before.gate(), List.of(), events::add);
        resumed.reopen("Jenkins restarted");

        await().until(() -> resumed.gate().status() == GateStatus.APPROVED);
        resumed.promoted("c".repeat(40));
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsSubsequence("Granted", "Reopened", "Granted", "Promoted");
    }

    @Test
    void aGateWhoseSourceWasRolledBackCloses() {
        AtomicReference<CheckResult> answer = new AtomicReference<>(
                CheckResult.obsolete("source", "shop/staging was rolled back with commit abc1234"));
        LiveGate gate = open("gate", definition(TWO, null, NewerRelease.SUPERSEDES), List.of(check("source", answer)));

        await().until(() -> gate.gate().status() == GateStatus.CLOSED);
        assertThat(gate.explain())
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
                        (state, decision) -> GateDecisions.approve(state, decision, "fine"));
        List<GateEvent> stored =
                events.stream().map(GateJson::write).map(GateJson::read).toList();
        LiveGates afterRestart = new LiveGates(scheduler, workers, now::get, Duration.ofMillis(20));

        LiveGate resumed = afterRestart.resume(Gate.of(stored), List.of(), event -> {});
        resumed.decide(
                "click-2",
                Gates.approver("cleo", "release-managers"),
                (state, decision) -> GateDecisions.approve(state, decision, ""));

        await().until(() -> resumed.gate().status() == GateStatus.APPROVED);
        assertThat(resumed.gate().granted().orElseThrow().approvals())
                .containsExactly("bob (release-managers)", "cleo (release-managers)");
    }

    @Test
    void anEventThatCannotBeStoredDidNotHappen() {
        LiveGate gate = gates.open(
                Gates.named("full"), definition(TWO, null, NewerRelease.SUPERSEDES), List.of(), new GateOwner() {
                    @Override
                    public void append(GateEvent event) {
                        if (event instanceof GateEvent.Approved) {
                            throw new IllegalStateException("disk full");
                        }
                    }

                    @Override
                    public void happened(GateEvent event) {
                        events.add(event);
                    }
                });

        assertThatThrownBy(() -> gate.decide(
                        "click",
                        Gates.approver("bob", "release-managers"),
                        (state, decision) -> GateDecisions.approve(state, decision, "")))
                .hasMessage("disk full");
        assertThat(gate.gate().approvals()).isEmpty();
        assertThat(events).noneMatch(GateEvent.Approved.class::isInstance);
    }

    private LiveGate open(String id, GateDefinition definition, List<GateCheck> checks) {
        return gates.open(Gates.named(id), definition, checks, events::add);
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
        return GateCheck.of(id, (gate, at) -> answer.get());
    }
}
