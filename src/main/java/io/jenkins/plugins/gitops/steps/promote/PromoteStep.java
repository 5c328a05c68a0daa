package io.jenkins.plugins.gitops.steps.promote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncTerms;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitedSync;
import io.jenkins.plugins.gitops.steps.awaitsync.SyncTimeout;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.DeclaredFields;
import io.jenkins.plugins.gitops.steps.support.FailureConduct;
import io.jenkins.plugins.gitops.steps.support.StepForms;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code gitopsPromote}: takes the release that is live and healthy in the environment before to this one, through the
 * gate that {@code gitops.yaml} puts there.
 */
public class PromoteStep extends ConfigRepositoryStep {

    private static final long serialVersionUID = 1L;

    private final String application;
    private final String environment;
    private String from;
    private String onFailure;
    private String timeout;

    /**
     * @param application as {@code gitops.yaml} names it
     * @param environment where the release goes
     */
    @DataBoundConstructor
    public PromoteStep(@NonNull String application, @NonNull String environment) {
        this.application = Util.fixNull(application).trim();
        this.environment = Util.fixNull(environment).trim();
    }

    @NonNull
    public String getApplication() {
        return application;
    }

    @NonNull
    public String getEnvironment() {
        return environment;
    }

    /** The environment the release comes from, where several come before; null for what the declaration says. */
    @CheckForNull
    public String getFrom() {
        return from;
    }

    @DataBoundSetter
    public void setFrom(@CheckForNull String from) {
        this.from = Util.fixEmptyAndTrim(from);
    }

    /** {@code rollback}: waits until the release is live and healthy, and takes back what is not; null to just commit. */
    @CheckForNull
    public String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public void setOnFailure(@CheckForNull String onFailure) {
        String given = Util.fixEmptyAndTrim(onFailure);
        this.onFailure = FailureConduct.FAIL.toString().equals(given) ? null : given;
    }

    /** How long the release may take to be live with {@code onFailure: 'rollback'}, for example {@code 20m}; null for 15 minutes. */
    @CheckForNull
    public String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull String timeout) {
        this.timeout = Util.fixEmptyAndTrim(timeout);
    }

    @Override
    public StepExecution start(@NonNull StepContext context) throws IOException, InterruptedException {
        if (application.isEmpty() || environment.isEmpty()) {
            throw new StepParameterException("gitopsPromote does not say what to promote where: give 'application' and"
                    + " 'environment' as gitops.yaml declares them.");
        }
        FailureConduct conduct = FailureConduct.parse(onFailure);
        if (timeout != null && conduct == FailureConduct.FAIL) {
            throw new StepParameterException("gitopsPromote was given a 'timeout' but does not wait for Argo CD: add"
                    + " onFailure: 'rollback', or give the timeout to gitopsAwaitSync.");
        }
        AwaitSyncTerms terms = AwaitSyncTerms.parse(
                SyncTimeout.of(context, timeout),
                null,
                onFailure,
                null,
                null,
                null,
                Set.of(),
                Policy.Syncing.LEFT_TO_ARGO_CD);
        return new PromoteExecution(
                context,
                choice(),
                application,
                environment,
                from,
                conduct == FailureConduct.ROLLBACK ? new AwaitedSync(terms) : null);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends ConfigRepositoryStepDescriptor {

        @Override
        public String getFunctionName() {
            return "gitopsPromote";
        }

        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.PromoteStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, EnvVars.class, FlowNode.class);
        }

        @POST
        public ListBoxModel doFillOnFailureItems() {
            return FailureConduct.items();
        }

        @POST
        public FormValidation doCheckTimeout(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForms.duration(item, "timeout", value);
        }

        @POST
        public ComboBoxModel doFillEnvironmentItems(
                @AncestorInPath Item item, @QueryParameter String application, @QueryParameter String repository) {
            return DeclaredFields.environments(item, repository, application);
        }

        @POST
        public ComboBoxModel doFillFromItems(
                @AncestorInPath Item item, @QueryParameter String application, @QueryParameter String repository) {
            return DeclaredFields.environments(item, repository, application);
        }

        @POST
        public FormValidation doCheckEnvironment(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String application,
                @QueryParameter String repository) {
            return Util.fixEmptyAndTrim(value) == null
                    ? StepForms.required(item, value)
                    : DeclaredFields.environments(item, value, application, repository);
        }

        @POST
        public FormValidation doCheckFrom(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String application,
                @QueryParameter String repository) {
            return DeclaredFields.environments(item, value, application, repository);
        }

        @Override
        @CheckForNull
        public String argumentsToString(@NonNull Map<String, Object> arguments) {
            String target = Stream.of("application", "environment")
                    .map(arguments::get)
                    .filter(Objects::nonNull)
                    .map(String::valueOf)
                    .collect(Collectors.joining("/"));
            return target.isEmpty() ? null : target;
        }
    }
}
