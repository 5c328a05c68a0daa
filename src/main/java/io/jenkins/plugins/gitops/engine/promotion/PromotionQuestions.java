package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the gate of one promotion asks besides people: the checks of its declaration, as it was when the gate opened and as
 * it is now.
 *
 * @param checks of one declaration
 */
record PromotionQuestions(
        GateRequirements checks,
        GateSubject.Promotion subject,
        ConfigRepository repository,
        CheckEndpoints endpoints,
        GateReads reads,
        Stops stops)
        implements GateQuestions {

    @Override
    public List<GateCheck> checks(List<GateDefinition> readings) {
        if (readings.size() == 1) {
            return checks.of(readings.get(0), subject);
        }
        Map<String, GateCheck> all = new LinkedHashMap<>();
        readings.stream()
                .distinct()
                .flatMap(reading -> checks.of(reading, subject).stream())
                .forEach(check -> all.putIfAbsent(check.id(), check));
        severalOfOneName(readings).forEach((name, asked) -> all.replace(name, every(name, asked)));
        return List.copyOf(all.values());
    }

    /** The endpoints of each name, where a changed declaration asks more than one of them. */
    private static Map<String, List<GateDefinition.HttpCheck>> severalOfOneName(List<GateDefinition> readings) {
        Map<String, List<GateDefinition.HttpCheck>> byName = readings.stream()
                .flatMap(reading -> reading.checks().stream())
                .distinct()
                .collect(Collectors.groupingBy(GateDefinition.HttpCheck::name));
        byName.values().removeIf(asked -> asked.size() == 1);
        return byName;
    }

    /** Passes when every one of them lets the promotion pass. */
    private GateCheck every(String name, List<GateDefinition.HttpCheck> asked) {
        return new GateCheck(
                name,
                (gate, now) -> asked.stream()
                        .map(endpoint -> endpoints.ask(endpoint, gate))
                        .reduce((one, other) -> one.thenCombine(other, PromotionQuestions::worse))
                        .orElseThrow());
    }

    private static CheckResult worse(CheckResult one, CheckResult other) {
        return one.state() == CheckResult.State.PASSED ? other : one;
    }

    @Override
    public Optional<Declared> declared(Gate gate) {
        GateReads now = reads.since(gate.openedAt());
        Target target = now.declaration(repository, subject.defaultBranch())
                .target(subject.application(), subject.environment());
        return new DeclaredGate(target, subject)
                .changeOf(gate, () -> now.gateChange(repository, subject.defaultBranch(), target));
    }

    @Override
    public CheckResult turn(Gate gate) {
        return stops.turn(reads.since(gate.openedAt()).turns(repository), subject);
    }
}
