package io.jenkins.plugins.gitops.steps.verify;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnFailure;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code gitopsVerify … { … }}: runs its body against the release that is live, as a check of that deployment beside what
 * {@code gitops.yaml} declares.
 */
public class VerifyStep extends ConfigRepositoryStep {

    private static final long serialVersionUID = 1L;

    private static final String FUNCTION = "gitopsVerify";

    private final String environment;
    private String commit;
    private String onFailure;

    @DataBoundConstructor
    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    public VerifyStep(@CheckForNull String application, @CheckForNull String environment) {
        super(FUNCTION);
        application(application);
        this.environment = Util.fixNull(given("environment", environment));
    }

    public String getEnvironment() {
        return environment;
    }

    /** Full id of the commit in the config repository that must be live; null for what is. */
    @CheckForNull
    public String getCommit() {
        return commit;
    }

    @DataBoundSetter
    public void setCommit(@CheckForNull String commit) {
        this.commit = given("commit", commit);
    }

    /** {@code rollback}; null to just fail. */
    @CheckForNull
    public String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public void setOnFailure(@CheckForNull String onFailure) {
        this.onFailure = given("onFailure", onFailure, OnFailure.FAIL);
    }

    @Override
    protected StepExecution execution(StepContext context) {
        if (getApplication() == null || environment.isEmpty()) {
            throw refusal("requires 'application' and 'environment' as gitops.yaml declares them.");
        }
        if (commit != null) {
            Parameters.requireCommit(commit);
        }
        OnFailure then = Parameters.keyword("onFailure", onFailure, OnFailure.FAIL);
        if (!context.hasBody()) {
            throw refusal("requires a block with the steps that verify the release: gitopsVerify(…) { … }.");
        }
        return new VerifyExecution(context, this, then);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<VerifyStep> {

        public DescriptorImpl() {
            super(FUNCTION, Messages::VerifyStep_displayName, Map.of(), "commit");
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        @POST
        public FormValidation doCheckEnvironment(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String application,
                @QueryParameter String repository) {
            return doCheckEnvironments(item, value, application, repository);
        }

        @POST
        public FormValidation doCheckCommit(@AncestorInPath Item item, @QueryParameter String value) {
            return read(item, value, Parameters::requireCommit);
        }

        @POST
        public ListBoxModel doFillOnFailureItems() {
            return OnFailure.items();
        }
    }
}
