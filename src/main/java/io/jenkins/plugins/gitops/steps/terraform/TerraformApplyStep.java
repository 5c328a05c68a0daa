package io.jenkins.plugins.gitops.steps.terraform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import io.jenkins.plugins.gitops.steps.Messages;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * {@code gitopsTerraformApply}: the same as {@link TerraformPlanStep}, and then the steps of its block, which apply the plan; what
 * becomes of it is recorded. A step of its own, because Pipelines have no block that may be left out.
 */
public class TerraformApplyStep extends TerraformStep {

    private static final long serialVersionUID = 1L;

    private static final String FUNCTION = "gitopsTerraformApply";

    /** @param file the plan as {@code terraform show -json} writes it */
    @DataBoundConstructor
    public TerraformApplyStep(@CheckForNull String file) {
        super(FUNCTION, file);
    }

    @Override
    protected StepExecution execution(StepContext context) throws Exception {
        if (!context.hasBody()) {
            throw refusal("requires a block with the steps that apply the plan: gitopsTerraformApply(…) { … }.");
        }
        return super.execution(context);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends TerraformStepDescriptor<TerraformApplyStep> {

        public DescriptorImpl() {
            super(FUNCTION, Messages::TerraformApplyStep_displayName);
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }
    }
}
