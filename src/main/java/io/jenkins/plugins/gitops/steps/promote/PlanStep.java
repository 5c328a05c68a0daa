package io.jenkins.plugins.gitops.steps.promote;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.gitops.steps.Messages;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code gitopsPlan}: what a promotion would change, and what its gate would wait for. Commits nothing, opens no gate. */
public class PlanStep extends PromotionStep {

    private static final long serialVersionUID = 1L;

    private static final String FUNCTION = "gitopsPlan";

    /**
     * @param application as {@code gitops.yaml} names it
     * @param environment where the release would go
     */
    @DataBoundConstructor
    public PlanStep(@NonNull String application, @NonNull String environment) {
        super(FUNCTION, application, environment);
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        requireComplete();
        return new PlanExecution(context, this);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends PromotionDescriptor<PlanStep> {

        public DescriptorImpl() {
            super(FUNCTION, Messages::PlanStep_displayName);
        }
    }
}
