package io.jenkins.plugins.gitops.engine.gate;

import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.util.List;
import java.util.Optional;

/** What a gate asks besides people. Safe for any thread; what it throws counts as not answered, and is asked again. */
@FunctionalInterface
public interface GateQuestions {

    /**
     * The automatic checks, in the order in which the page shows them.
     *
     * @param readings what the gate asks for: as it was declared when it opened, and as it is now where that is different
     */
    List<GateCheck> checks(List<GateDefinition> readings);

    /**
     * What the gate is declared to ask for now, where that is not what it was declared to ask for when it was looked at
     * last. May block.
     */
    default Optional<Declared> declared(Gate gate) {
        return Optional.empty();
    }

    /**
     * A declaration that has changed.
     *
     * @param commit that changed it
     * @param change a clause for people
     */
    record Declared(GateDefinition definition, String commit, String change) {}

    /** Whether no other controller promotes into the target; asked where no gate of this one comes first. May block. */
    default CheckResult turn(Gate gate) {
        return CheckResult.passed(Gate.TURN, "no other promotion is under way");
    }

    /** Those that do not depend on the declaration, of what no other controller knows. */
    static GateQuestions of(List<GateCheck> checks) {
        return readings -> checks;
    }
}
