package io.jenkins.plugins.gitops.steps.terraform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.FilePath;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsTerraformPlan}: what a plan of Terraform or OpenTofu would do. */
public class TerraformPlanStep extends GitOpsStep {

    private static final long serialVersionUID = 1L;

    private static final String FUNCTION = "gitopsTerraformPlan";

    private final String file;
    private String plan;

    /** @param file the plan as {@code terraform show -json} writes it */
    @DataBoundConstructor
    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    public TerraformPlanStep(@CheckForNull String file) {
        super(FUNCTION);
        this.file = given("file", file);
    }

    @CheckForNull
    public String getFile() {
        return file;
    }

    /** The plan itself, as {@code terraform plan -out} writes it; null where its digest is not asked for. */
    @CheckForNull
    public String getPlan() {
        return plan;
    }

    @DataBoundSetter
    public void setPlan(@CheckForNull String plan) {
        this.plan = given("plan", plan);
    }

    @Override
    protected StepExecution execution(StepContext context) throws Exception {
        if (file == null) {
            throw refusal("requires 'file': what 'terraform show -json' wrote of the plan.");
        }
        if (context.get(FilePath.class) == null) {
            throw refusal("requires the workspace that has the plan: call it in a stage or node with an agent.");
        }
        return new TerraformPlanExecution(context, this, file);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<TerraformPlanStep> {

        public DescriptorImpl() {
            super(FUNCTION, Messages::TerraformPlanStep_displayName, Map.of(), "file");
        }

        @POST
        public FormValidation doCheckFile(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return required(item, value);
        }
    }
}
