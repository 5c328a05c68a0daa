package io.jenkins.plugins.gitops.engine.gate;

import static io.jenkins.plugins.gitops.engine.gate.Gates.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What freezes and locks outside of a gate do to it. */
class GateStopsTest {

    @Test
    void aFreezeOutsideOfTheGateHoldsItBesidesItsOwn() {
        Window christmas = new Window.Once(
                LocalDateTime.parse("2026-03-02T00:00"), LocalDateTime.parse("2026-03-03T00:00"), "Christmas");
        FreezeCalendar calendar = new FreezeCalendar(ZoneId.of("UTC"), List.of(), List.of(christmas));
        GateDefinition frozen = Gates.with(Gates.definition(List.of()), SeparationOfDuties.NONE, calendar, null, null);
        Gate both = Gates.open(frozen, Gate.FREEZE);
        Instant later = Instant.parse("2026-03-04T00:00:00Z");
        Map<String, CheckResult> outside =
                Map.of(Gate.FREEZE, CheckResult.pending(Gate.FREEZE, "frozen by 'inventory'", later));
        Map<String, CheckResult> none = Map.of(Gate.FREEZE, CheckResult.passed(Gate.FREEZE, "allowed"));

        assertThat(GateMessages.explain(both, outside, NOON))
                .isEqualTo("The gate for shop/prod waits for freeze (frozen: Christmas; frozen by 'inventory', until"
                        + " 2026-03-04T00:00:00Z).");
        assertThat(GateMessages.explain(both, none, NOON))
                .isEqualTo("The gate for shop/prod waits for freeze (frozen: Christmas, until 2026-03-03T00:00:00Z).");
        Gate open = Gates.open(Gates.definition(List.of()), Gate.FREEZE);
        assertThat(GateMessages.explain(open, outside, NOON)).contains("waits for freeze (frozen by 'inventory'");
        assertThat(GateMessages.explain(open, Map.of(), NOON)).contains("waits for freeze (not checked yet)");
        assertThat(GateDecisions.settle(open, none, NOON)).hasAtLeastOneElementOfType(GateEvent.Granted.class);
    }

    @Test
    void aLockIsLiftedByUnlockingAndNotSkipped() {
        Gate gate = Gates.open(Gates.definition(List.of()), Gate.FREEZE, Gate.LOCK, "hold");

        assertThat(GateDecisions.waivable(gate)).containsExactly("freeze", "hold");
    }
}
