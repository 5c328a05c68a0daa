package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.util.List;

/**
 * What the gate of a plan of Terraform asks besides people: that the environment is neither frozen nor locked. Its first
 * requirement shows the plan itself.
 *
 * @param branch of the declaration
 * @param summary of the plan, as a clause
 * @param lines of the plan
 */
public record PlanQuestions(
        ConfigRepository repository,
        String branch,
        String application,
        String environment,
        String summary,
        List<String> lines,
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
        return List.of(
                GateCheck.of(
                        PLAN, (gate, now) -> new CheckResult(PLAN, CheckResult.State.PASSED, summary, null, lines)),
                new GateCheck(
                        Gate.FREEZE,
                        (gate, now) -> stops.freeze(
                                reads.since(gate.openedAt()).declaration(repository, branch),
                                application,
                                environment,
                                gate.definition().freeze(),
                                now)),
                GateCheck.of(
                        Gate.LOCK,
                        (gate, now) ->
                                stops.lock(reads.since(gate.openedAt()).locks(repository), application, environment)));
    }
}
