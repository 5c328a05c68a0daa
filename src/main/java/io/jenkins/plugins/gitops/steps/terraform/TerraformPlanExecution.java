package io.jenkins.plugins.gitops.steps.terraform;

import hudson.FilePath;
import io.jenkins.plugins.gitops.engine.terraform.Plan;
import io.jenkins.plugins.gitops.engine.terraform.PlanAction;
import io.jenkins.plugins.gitops.engine.terraform.ResourceChange;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepExecution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Reads a plan, prints it, and returns what it would do. */
class TerraformPlanExecution extends GitOpsStepExecution {

    private static final long serialVersionUID = 1L;

    private final TerraformPlanStep step;
    private final String file;

    TerraformPlanExecution(StepContext context, TerraformPlanStep step, String file) {
        super(context);
        this.step = step;
        this.file = file;
    }

    @Override
    protected void proceed() throws Exception {
        PlanFiles.Read read = new PlanFiles(getContext().get(FilePath.class), file, step.getPlan()).read();
        print(read);
        succeed(result(read));
    }

    private void print(PlanFiles.Read read) throws Exception {
        progress().say("Plan " + file + ": " + read.plan().summary() + ".");
        for (String line : read.plan().lines()) {
            progress().say("  " + line);
        }
    }

    private static LinkedHashMap<String, Object> result(PlanFiles.Read read) {
        Plan plan = read.plan();
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("changed", !plan.isEmpty());
        map.put("summary", plan.summary());
        map.put("added", resources(plan, PlanAction.CREATE));
        map.put("updated", resources(plan, PlanAction.UPDATE));
        map.put("replaced", resources(plan, PlanAction.REPLACE));
        map.put("destroyed", resources(plan, PlanAction.DESTROY));
        map.put("moved", resources(plan, PlanAction.MOVE));
        map.put("imported", resources(plan, PlanAction.IMPORT));
        map.put("drifted", plan.drifted());
        map.put("jsonSha256", read.jsonDigest());
        if (read.binaryDigest() != null) {
            map.put("sha256", read.binaryDigest());
        }
        return map;
    }

    private static ArrayList<String> resources(Plan plan, PlanAction action) {
        List<String> addresses = plan.changes().stream()
                .filter(change -> change.action() == action)
                .map(ResourceChange::address)
                .toList();
        return new ArrayList<>(addresses);
    }

    @Override
    public String getStatus() {
        return Messages.TerraformPlanExecution_status(file);
    }
}
