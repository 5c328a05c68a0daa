package io.jenkins.plugins.gitops.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From the opening of a gate until somebody decides. */
class UndecidedGateTest {

    private static final GateDefinition TWO = Gates.definition(List.of(new Approvals(2, List.of("release-managers"))));

    private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(2);
    private final AtomicReference<Instant> now = new AtomicReference<>(Gates.NOON);
    private final LiveGates gates = new LiveGates(pool, pool, now::get, Duration.ofMillis(20));
    private final List<GateEvent> events = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @Test
    void anUndecidedGateRemindsAsOftenAsItsDefinitionAsks() {
        Duration remind = Duration.ofHours(4);
        GateDefinition undecided = Gates.with(TWO, SeparationOfDuties.NONE, FreezeCalendar.ALWAYS_OPEN, null, remind);
        LiveGate gate = gates.open(Gates.named("undecided"), undecided, List.of(), events::add);

        for (int reminders = 1; reminders <= 3; reminders++) {
            now.updateAndGet(before -> before.plus(remind));
            gate.ask();
            int expected = reminders;
            await().untilAsserted(() -> assertThat(events)
                    .filteredOn(GateEvent.Reminded.class::isInstance)
                    .hasSize(expected));
        }
    }

    @Test
    void aGateThatCanBeSeenTakesDecisions() {
        AtomicBoolean found = new AtomicBoolean();
        LiveGate gate = gates.open(
                Gates.named("seen"),
                TWO,
                List.of(),
                event -> found.compareAndSet(false, gates.find("seen").isPresent()));

        assertThat(found).as("found while its first event is kept").isTrue();
        assertThat(gate.gate().status()).isEqualTo(GateStatus.OPEN);
    }

    @Test
    void aGateThatCannotBeKeptStandsInNobodysWay() {
        assertThatThrownBy(() -> gates.open(Gates.named("lost"), TWO, List.of(), event -> {
                    throw new IllegalStateException("no space left on device");
                }))
                .hasMessage("no space left on device");

        assertThat(gates.all()).isEmpty();
    }

    /** The step closes its gate a little later than it is stopped, and its run may have ended by then. */
    @Test
    void aGateWhoseStepWasStoppedTakesNoDecisionAndSaysWhy() {
        AtomicBoolean stopped = new AtomicBoolean();
        ExecutorService nobody = Executors.newSingleThreadExecutor();
        nobody.shutdown();
        LiveGates unwatched = new LiveGates(pool, nobody, now::get, Duration.ofDays(1));
        LiveGate gate = unwatched.open(Gates.named("stopped"), TWO, List.of(), new GateOwner() {
            @Override
            public void append(GateEvent event) {
                events.add(event);
            }

            @Override
            public boolean waits() {
                return !stopped.get();
            }

            @Override
            public Optional<String> stopped() {
                return stopped.get() ? Optional.of("the step was stopped: aborted by mary") : Optional.empty();
            }
        });
        stopped.set(true);

        assertThatThrownBy(() -> gate.decide(
                        "late",
                        Gates.approver("bob", "release-managers"),
                        (state, decision) -> GateDecisions.approve(state, decision, "")))
                .isInstanceOf(GateRefusedException.class)
                .hasMessageContaining("(the step was stopped: aborted by mary)");
        gate.close("its run has ended");

        assertThat(events).noneMatch(GateEvent.Approved.class::isInstance);
        assertThat(events)
                .filteredOn(GateEvent.Closed.class::isInstance)
                .extracting(event -> ((GateEvent.Closed) event).reason())
                .containsExactly("the step was stopped: aborted by mary");
    }
}
