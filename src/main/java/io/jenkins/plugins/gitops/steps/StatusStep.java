package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code gitopsStatus}: what the ledger knows of an application's environments. */
public class StatusStep extends Step implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String application;
    private String repository;
    private String branch;
    private String credentialsId;

    @DataBoundConstructor
    public StatusStep(@NonNull String application) {
        this.application = Util.fixNull(application).trim();
    }

    @NonNull
    public String getApplication() {
        return application;
    }

    /** Name of a configured config repository, or an address; null for the only one configured. */
    @CheckForNull
    public String getRepository() {
        return repository;
    }

    @DataBoundSetter
    public void setRepository(@CheckForNull String repository) {
        this.repository = Util.fixEmptyAndTrim(repository);
    }

    @CheckForNull
    public String getBranch() {
        return branch;
    }

    @DataBoundSetter
    public void setBranch(@CheckForNull String branch) {
        this.branch = Util.fixEmptyAndTrim(branch);
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    @Override
    public StepExecution start(@NonNull StepContext context) {
        if (application.isEmpty()) {
            throw new StepParameterException(
                    "gitopsStatus does not say of what: give 'application' as gitops.yaml declares it.");
        }
        return new StatusExecution(context, new RepositoryChoice(repository, branch, credentialsId), application);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends StepDescriptor {

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
