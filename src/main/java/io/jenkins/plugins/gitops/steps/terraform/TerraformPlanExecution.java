package io.jenkins.plugins.gitops.steps.terraform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Finished;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GatedStepExecution;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.StepResults;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Reads a plan, prints it, has it approved at the gate of an environment where one is named, and returns what it would do.
 * What was approved is bound to the digests of the plan's files: if they are others when the gate lets it pass, it does not.
 */
class TerraformPlanExecution extends GatedStepExecution {

    private static final long serialVersionUID = 2L;

    private final TerraformPlanStep step;
    private final String file;

    /** What people are asked about; null before the plan was read. */
    @CheckForNull
    private volatile ReviewedPlan reviewed;

    TerraformPlanExecution(StepContext context, TerraformPlanStep step, String file, OnRejected onRejected) {
        super(context, onRejected);
        this.step = step;
        this.file = file;
    }

    @Override
    protected void proceed() throws Exception {
        Optional<Gate> kept = kept();
        ReviewedPlan before = reviewed;
        if (kept.isPresent() && before != null) {
            resumeAt(kept.get(), questions(before));
            return;
        }
        PlanFiles.Read read = files().read();
        progress().say("Plan " + file + ": " + read.plan().summary() + ".");
        for (String line : read.plan().lines()) {
            progress().say("  " + line);
        }
        Optional<Finished> found = files().findings();
        ReviewedPlan plan = ReviewedPlan.of(read, found);
        for (String line : plan.findingLines()) {
            progress().say(line);
        }
        reviewed = plan;
        if (read.plan().isEmpty() || step.getEnvironment() == null) {
            succeed(plan.result());
        } else {
            review(read, plan, found);
        }
    }

    /** Where there is no gate, only a freeze or a lock keeps the plan from passing. */
    private void review(PlanFiles.Read read, ReviewedPlan plan, Optional<Finished> found) throws Exception {
        OpenedRepository opened = step.open(run());
        Declaration declaration =
                Declarations.read(opened.repository().tip(opened.branch(), progress()), opened.branch());
        Target target = declaration.target(step.application(), String.valueOf(step.getEnvironment()));
        Declarations.requireJob(target.application(), provenance());
        worksOn(step.choice(), step.application());
        Optional<GateDefinition> gate = target.environment().gate();
        if (gate.isEmpty()) {
            services()
                    .rolloutQuestions(
                            opened,
                            step.application(),
                            List.of(target.environment().name()))
                    .requireOpen(declaration, progress());
            succeed(plan.result());
            return;
        }
        plan.limit(found, gate.get().findings());
        remember();
        waitAt(
                new GateSubject.Question(
                        gateId(), "Apply to " + target + ": " + read.plan().summary() + "?", provenance()),
                gate.get().forPlan(read.plan().destroyedTypes()),
                questions(plan));
    }

    private GateQuestions questions(ReviewedPlan plan) throws Exception {
        return services()
                .planQuestions(
                        step.open(run()),
                        step.application(),
                        String.valueOf(step.getEnvironment()),
                        plan.clause(),
                        plan.lines(),
                        plan.findings());
    }

    /** A freeze or a lock may have begun meanwhile. */
    @Override
    protected void grantedBefore(LiveGate granted) {
        granted.reopen("Jenkins restarted before the plan was passed on; its requirements are checked again");
    }

    @Override
    public void granted(LiveGate granted) throws Exception {
        ReviewedPlan plan = reviewed;
        if (plan == null || !files().are(plan.jsonDigest(), plan.binaryDigest())) {
            String reason = "the files of the plan have changed since it was approved";
            granted.close(reason);
            throw new RefusedException(
                    "The plan in " + file + " may not be applied: " + reason + "; plan again, and have that approved.");
        }
        granted.answered();
        LinkedHashMap<String, Object> result = plan.result();
        result.put("gate", StepResults.gate(granted.gate(), gateUrl()));
        succeed(result);
    }

    @Override
    protected Serializable refused(Gate ended) throws Exception {
        ReviewedPlan plan = reviewed;
        LinkedHashMap<String, Object> result = plan == null ? new LinkedHashMap<>() : plan.result();
        result.put("gate", StepResults.gate(ended, gateUrl()));
        return result;
    }

    private PlanFiles files() throws Exception {
        FilePath directory = getContext().get(FilePath.class);
        if (directory == null) {
            throw new RefusedException("The workspace of the plan in " + file + " is gone; plan again.");
        }
        List<String> reports = step.getFindings();
        return new PlanFiles(directory, file, step.getPlan(), reports == null ? List.of() : reports);
    }

    @Override
    public String getStatus() {
        return isAtGate() ? super.getStatus() : Messages.TerraformPlanExecution_status(file);
    }
}
