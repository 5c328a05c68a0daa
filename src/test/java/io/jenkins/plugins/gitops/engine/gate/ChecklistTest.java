package io.jenkins.plugins.gitops.engine.gate;

import static io.jenkins.plugins.gitops.engine.gate.Gates.NOON;
import static io.jenkins.plugins.gitops.engine.gate.Gates.approver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The items of a gate's checklist, ticked by people and by checks. */
class ChecklistTest {

    private int clicks;

    @Test
    void everyItemOfTheChecklistMustBeTicked() {
        Gate gate = Gates.open(Gates.definition(
                List.of(new Approvals(1, List.of("qa"))), "Rollback plan documented", "On call informed"));
        gate = gate.with(GateDecisions.approve(gate, click(approver("eve", "qa")), ""));
        gate = gate.with(GateDecisions.tick(gate, click(approver("eve")), "On call informed"));
        assertThat(GateMessages.explain(gate, Map.of(), NOON))
                .isEqualTo(
                        "The gate for shop/prod waits for checklist (1 of 2 ticked; open: Rollback plan documented).");
        assertThat(GateDecisions.settle(gate, Map.of(), NOON)).isEmpty();

        gate = gate.with(GateDecisions.tick(gate, click(approver("eve")), "Rollback plan documented"));

        assertThat(GateDecisions.settle(gate, Map.of(), NOON)).hasOnlyElementsOfType(GateEvent.Granted.class);
        Gate ticked = gate;
        assertThatThrownBy(() -> GateDecisions.tick(ticked, click(approver("eve")), "On call informed"))
                .hasMessage("'On call informed' was ticked already by eve: nothing changed.");
        assertThatThrownBy(() -> GateDecisions.tick(ticked, click(approver("eve")), "Coffee"))
                .hasMessage("There is no item 'Coffee' on the checklist of shop/prod: reload the page.");
    }

    @Test
    void whatAPersonTicksAndWhatAChecksResultTicksMustAllBeTicked() {
        Gate gate = Gates.open(Gates.definition(List.of(), "On call informed"), Gate.CHECKLIST);
        CheckResult missing = CheckResult.pending(Gate.CHECKLIST, "not shown by checks: Tested (check 'smoke')", null);
        CheckResult shown = CheckResult.passed(Gate.CHECKLIST, "1 of 1 shown by checks");
        Gate ticked = gate.with(GateDecisions.tick(gate, click(approver("eve")), "On call informed"));

        assertThat(GateMessages.explain(ticked, Map.of(Gate.CHECKLIST, missing), NOON))
                .isEqualTo("The gate for shop/prod waits for checklist (all 1 ticked; not shown by checks: Tested"
                        + " (check 'smoke')).");
        assertThat(GateDecisions.settle(ticked, Map.of(Gate.CHECKLIST, missing), NOON))
                .noneMatch(GateEvent.Granted.class::isInstance);
        assertThat(GateDecisions.settle(gate, Map.of(Gate.CHECKLIST, shown), NOON))
                .as("the person's item is open")
                .noneMatch(GateEvent.Granted.class::isInstance);
        assertThat(GateDecisions.settle(ticked, Map.of(Gate.CHECKLIST, shown), NOON))
                .anyMatch(GateEvent.Granted.class::isInstance);
        assertThat(GateDecisions.waivable(gate)).contains(Gate.CHECKLIST);
    }

    private GateDecisions.Decision click(Person person) {
        return new GateDecisions.Decision("click-" + clicks++, person, NOON);
    }
}
