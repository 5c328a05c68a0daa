package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions.Declared;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What {@code gitops.yaml} says now of a gate that opened before.
 *
 * @param target as it is declared now
 * @param subject what the gate decides about
 */
record DeclaredGate(Target target, GateSubject.Promotion subject) {

    /** A clause that says why there is nothing to wait for any more; empty when there is. */
    Optional<String> refusal() {
        return part().isPresent()
                ? Optional.empty()
                : Optional.of(
                        "gitops.yaml has changed the gate of " + target + " since it opened, and asks for an ordinary"
                                + " promotion instead of a hotfix: ask for the promotion again");
    }

    /** The part of the gate that the promotion goes through; empty where a hotfix passes no longer. */
    private Optional<GateDefinition> part() {
        Optional<GateDefinition> whole = target.environment().gate();
        return isHotfix() && whole.isPresent()
                ? whole.flatMap(gate -> gate.hotfix().map(gate::forHotfix))
                : Optional.of(whole.orElse(GateDefinition.NONE));
    }

    /** A clause that says what it asks for now, and the gate does not; empty when the gate asks for all of it. */
    Optional<String> unasked(Gate gate) {
        Optional<GateDefinition> now = part();
        if (now.isEmpty()) {
            return refusal();
        }
        boolean isAsked = gate.readings().stream()
                .anyMatch(reading -> more(reading, now.get()).isEmpty());
        return isAsked
                ? Optional.empty()
                : more(gate.definition(), now.get())
                        .map(more -> "gitops.yaml has changed the gate of " + target + " since it opened, and asks for "
                                + more);
    }

    /**
     * What passed no gate, or one that asked for less, does not pass this one.
     *
     * @throws StoppedException if the gate that let it pass has to look again
     * @throws RefusedException if there was none, and there is one now
     */
    void requirePassed(Optional<Gate> grant) {
        if (grant.isPresent()) {
            unasked(grant.get()).ifPresent(clause -> {
                throw new StoppedException(clause + "; the gate checks again.");
            });
        } else if (target.environment().gate().isPresent()) {
            throw new RefusedException("A gate was declared for " + target
                    + " after the promotion was requested: promote again, and wait at the gate.");
        }
    }

    private boolean isHotfix() {
        return subject.procedure() == GateSubject.Procedure.HOTFIX;
    }

    /** A clause that says what is asked for now, and was not by that reading. */
    private Optional<String> more(GateDefinition reading, GateDefinition now) {
        return reading.misses(now)
                .or(() -> isHotfix() && !skips(now).containsAll(skips(reading))
                        ? Optional.of("what a hotfix skipped before")
                        : Optional.empty());
    }

    private static Set<String> skips(GateDefinition definition) {
        return definition.hotfix().map(GateDefinition.Hotfix::skips).orElse(Set.of());
    }

    private boolean isSame(GateDefinition one, GateDefinition other) {
        return one.asksTheSame(other) && (!isHotfix() || one.hotfix().equals(other.hotfix()));
    }

    /**
     * How the declaration has changed since the gate looked at it last.
     *
     * @param commit finds the commit that changed it
     */
    Optional<Declared> changeOf(Gate gate, Supplier<String> commit) {
        return part().filter(now -> !isSame(now, gate.declared())).map(now -> {
            String by = commit.get();
            return new Declared(
                    now,
                    by,
                    "gitops.yaml has changed the gate of " + target + " with commit " + CommitInfo.abbreviate(by)
                            + ", and asks for "
                            + more(gate.definition(), now)
                                    .map(more -> more + " as well")
                                    .orElse("less; what it asked for when the gate opened stays"));
        });
    }
}
