package io.jenkins.plugins.gitops.steps.terraform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import io.jenkins.plugins.gitops.steps.Messages;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code gitopsTerraformPlan}: what a plan of Terraform or OpenTofu would do, past the gate of an environment. */
public class TerraformPlanStep extends TerraformStep {

    private static final long serialVersionUID = 1L;

    private static final String FUNCTION = "gitopsTerraformPlan";

    private boolean drift;

    /** @param file the plan as {@code terraform show -json} writes it */
    @DataBoundConstructor
    public TerraformPlanStep(@CheckForNull String file) {
        super(FUNCTION, file);
    }

    /** Whether the plan is only looked at, for what differs from the configuration. */
    public boolean isDrift() {
        return drift;
    }

    @DataBoundSetter
    public void setDrift(boolean drift) {
        this.drift = drift;
    }

    @Override
    boolean looksForDrift() {
        return drift;
    }

    @Override
    protected StepExecution execution(StepContext context) throws Exception {
        if (drift && getEnvironment() == null) {
            throw refusal("requires 'application' and 'environment' with 'drift': those that the plan is of.");
        }
        return super.execution(context);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends TerraformStepDescriptor<TerraformPlanStep> {

        public DescriptorImpl() {
            super(FUNCTION, Messages::TerraformPlanStep_displayName);
        }
    }
}
