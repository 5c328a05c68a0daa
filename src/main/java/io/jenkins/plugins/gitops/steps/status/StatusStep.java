package io.jenkins.plugins.gitops.steps.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.EnvironmentsStep;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsStatus}: what the deployment history has of an application's environments. */
public class StatusStep extends EnvironmentsStep {

    private static final long serialVersionUID = 1L;

    @DataBoundConstructor
    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    public StatusStep(@NonNull String application) {
        super("gitopsStatus");
        application(application);
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        if (getApplication() == null) {
            throw refusal("requires 'application' as gitops.yaml declares it.");
        }
        return new StatusExecution(context, this);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<StatusStep> {

        public DescriptorImpl() {
            super(
                    "gitopsStatus",
                    Messages::StatusStep_displayName,
                    Map.of("environments", (step, text) -> step.setEnvironments(FormText.list(text))));
        }

        /** None means all of them. */
        @Override
        @POST
        @NonNull
        public FormValidation doCheckEnvironments(
                @CheckForNull @AncestorInPath Item item,
                @CheckForNull @QueryParameter String value,
                @CheckForNull @QueryParameter String application,
                @CheckForNull @QueryParameter String repository) {
            return declared(item, value, application, repository);
        }
    }
}
