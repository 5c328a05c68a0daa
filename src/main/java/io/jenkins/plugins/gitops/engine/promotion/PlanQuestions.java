package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.util.ArrayList;
import java.util.List;

/**
 * What the gate of a plan of Terraform asks besides people: that scanners found no more than it allows, and that the
 * environment is neither frozen nor locked. Its first
 * requirement shows the plan itself.
 *
 * @param branch of the declaration
 * @param summary of the plan, as a clause
 * @param lines of the plan
 * @param findings of scanners, as a requirement of its own; null for none
 */
public record PlanQuestions(
        ConfigRepository repository,
        String branch,
        String application,
        String environment,
        String summary,
        List<String> lines,
        @Nullable CheckResult findings,
        GateReads reads,
        Stops stops)
        implements GateQuestions {

    /** What the plan would do; always met. */
    public static final String PLAN = "plan";

    public PlanQuestions {
        lines = List.copyOf(lines);
    }

    @Override
    public List<GateCheck> checks(List<GateDefinition> readings) {
        List<GateCheck> checks = new ArrayList<>();
        checks.add(GateCheck.of(
                PLAN, (gate, now) -> new CheckResult(PLAN, CheckResult.State.PASSED, summary, null, lines)));
        if (findings != null) {
            checks.add(GateCheck.of(findings.check(), (gate, now) -> findings));
        }
        checks.add(new GateCheck(
                Gate.FREEZE,
                (gate, now) -> stops.freeze(
                        reads.since(gate.openedAt()).declaration(repository, branch),
                        application,
                        environment,
                        gate.definition().freeze(),
                        now)));
        checks.add(GateCheck.of(
                Gate.LOCK,
                (gate, now) -> stops.lock(reads.since(gate.openedAt()).locks(repository), application, environment)));
        return checks;
    }
}
