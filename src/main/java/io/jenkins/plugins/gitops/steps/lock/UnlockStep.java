package io.jenkins.plugins.gitops.steps.lock;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsUnlock}: lifts the locks on an application in an environment, or on a pattern. */
public class UnlockStep extends LockedPlaceStep {

    private static final long serialVersionUID = 1L;

    @DataBoundConstructor
    public UnlockStep(@NonNull String application) {
        super("gitopsUnlock", application);
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        requireAll();
        return new UnlockExecution(context, this);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<UnlockStep> {

        public DescriptorImpl() {
            super("gitopsUnlock", Messages::UnlockStep_displayName, Map.of());
        }

        @POST
        @NonNull
        public FormValidation doCheckEnvironment(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return required(item, value);
        }

        @POST
        @NonNull
        public FormValidation doCheckReason(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return required(item, value);
        }
    }
}
