package io.jenkins.plugins.gitops.steps.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code gitopsStatus}: what the ledger knows of an application's environments. */
public class StatusStep extends ConfigRepositoryStep {

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
    public StepExecution start(@NonNull StepContext context) {
        if (application.isEmpty()) {
            throw new StepParameterException(
                    "gitopsStatus does not say of what: give 'application' as gitops.yaml declares it.");
        }
        return new StatusExecution(context, choice(), application);
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
        @CheckForNull
        public String argumentsToString(@NonNull Map<String, Object> arguments) {
            return Objects.toString(arguments.get("application"), null);
        }
    }
}
