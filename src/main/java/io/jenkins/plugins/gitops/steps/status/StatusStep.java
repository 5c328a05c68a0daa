package io.jenkins.plugins.gitops.steps.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.DeclaredFields;
import io.jenkins.plugins.gitops.steps.support.EnvironmentsStep;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.util.Map;
import java.util.Set;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsStatus}: what the deployment history has of an application's environments. */
public class StatusStep extends EnvironmentsStep {

    private static final long serialVersionUID = 1L;

    private final String application;

    @DataBoundConstructor
    public StatusStep(@NonNull String application) {
        this.application = Util.fixNull(application).trim();
    }

    @NonNull
    public String getApplication() {
        return application;
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        if (application.isEmpty()) {
            throw new StepParameterException("gitopsStatus requires 'application' as gitops.yaml declares it.");
        }
        Parameters.requireValues("gitopsStatus", "environments", environments());
        return new StatusExecution(context, this);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends ConfigRepositoryStepDescriptor {

        @Override
        public String getFunctionName() {
            return "gitopsStatus";
        }

        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.StatusStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class);
        }

        @Override
        public StatusStep newInstance(@CheckForNull StaplerRequest2 request, @NonNull JSONObject form) {
            String environments = FormText.take(form, "environments");
            StatusStep step = FormText.bind(request, StatusStep.class, form);
            step.setEnvironments(FormText.list(environments));
            return step;
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
            return DeclaredFields.environments(item, value, application, repository);
        }

        @Override
        @CheckForNull
        public String argumentsToString(@NonNull Map<String, Object> arguments) {
            return Util.fixEmpty(Parameters.target(arguments));
        }
    }
}
