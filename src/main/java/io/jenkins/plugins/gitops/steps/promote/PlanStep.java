package io.jenkins.plugins.gitops.steps.promote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.engine.promotion.ReleaseChoice;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsPlan}: what a promotion would change, and what its gate would wait for. Commits nothing, opens no gate. */
public class PlanStep extends ConfigRepositoryStep {

    private static final long serialVersionUID = 1L;

    private static final String FUNCTION = "gitopsPlan";

    private final String environment;
    private String from;
    private String tag;
    private String commit;
    private String hotfix;

    /**
     * @param application as {@code gitops.yaml} names it
     * @param environment where the release would go
     */
    @DataBoundConstructor
    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    public PlanStep(@NonNull String application, @NonNull String environment) {
        super(FUNCTION);
        application(application);
        this.environment = Util.fixNull(given("environment", environment));
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
        this.from = given("from", from);
    }

    /** One tag or digest that all images of the release have; null for what is live. */
    @CheckForNull
    public String getTag() {
        return tag;
    }

    @DataBoundSetter
    public void setTag(@CheckForNull String tag) {
        this.tag = given("tag", tag);
    }

    /** Commit of the config repository that deployed the release; null for what is live. */
    @CheckForNull
    public String getCommit() {
        return commit;
    }

    @DataBoundSetter
    public void setCommit(@CheckForNull String commit) {
        this.commit = given("commit", commit);
    }

    /** Why the release would go through the gate's hotfix part; null for an ordinary promotion. */
    @CheckForNull
    public String getHotfix() {
        return hotfix;
    }

    @DataBoundSetter
    public void setHotfix(@CheckForNull String hotfix) {
        this.hotfix = given("hotfix", hotfix);
    }

    /** Of the release that is planned. */
    @NonNull
    ReleaseChoice release() {
        if (tag != null) {
            return new ReleaseChoice.Tag(tag);
        }
        return commit == null ? new ReleaseChoice.Live() : new ReleaseChoice.Commit(commit);
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        if (getApplication() == null || environment.isEmpty()) {
            throw refusal("requires 'application' and 'environment' as gitops.yaml declares them.");
        }
        if (tag != null && commit != null) {
            throw refusal("accepts either 'tag' or 'commit', not both.");
        }
        return new PlanExecution(context, this);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<PlanStep> {

        public DescriptorImpl() {
            super(FUNCTION, Messages::PlanStep_displayName, Map.of(), "tag", "commit", "hotfix");
        }

        @POST
        public ComboBoxModel doFillFromItems(
                @AncestorInPath Item item, @QueryParameter String application, @QueryParameter String repository) {
            return doFillEnvironmentItems(item, application, repository);
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
        public FormValidation doCheckTag(@AncestorInPath Item item, @QueryParameter String value) {
            return version(item, value);
        }

        @POST
        public FormValidation doCheckFrom(
                @AncestorInPath Item item,
                @QueryParameter String value,
                @QueryParameter String application,
                @QueryParameter String repository) {
            return declared(item, value, application, repository);
        }
    }
}
