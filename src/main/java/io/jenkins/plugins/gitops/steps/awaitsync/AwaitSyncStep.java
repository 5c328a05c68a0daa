package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import io.jenkins.plugins.gitops.steps.support.sync.ArgoApplicationsStep;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnFailure;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnPaused;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnTimeout;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.Subject;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.Verify;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code gitopsAwaitSync}: waits until a commit of the config repository is live and healthy, according to Argo CD. It
 * holds no executor and no thread, and resumes after a restart of the controller.
 */
public class AwaitSyncStep extends ArgoApplicationsStep {

    private static final long serialVersionUID = 2L;

    private static final String FUNCTION = "gitopsAwaitSync";

    private String commit;
    private LinkedHashMap<String, String> images = new LinkedHashMap<>();
    private String timeout;
    private String onTimeout;
    private String onFailure;
    private String degradedGrace;
    private String unpullableGrace;
    private String onPaused;
    private String appearWithin;
    private String refresh;
    private boolean sync;
    private boolean acceptSuspended;
    private boolean acceptOutOfSync;
    private boolean verify = true;

    @DataBoundConstructor
    public AwaitSyncStep() {
        super(FUNCTION);
    }

    @DataBoundSetter
    public void setApplication(@CheckForNull String application) {
        application(application);
    }

    /** For the form. */
    public String getImagesText() {
        return FormText.of(images);
    }

    /** Full commit id in the config repository; null for the run's own newest, else the branch's tip. */
    @CheckForNull
    public String getCommit() {
        return commit;
    }

    @DataBoundSetter
    public void setCommit(@CheckForNull String commit) {
        this.commit = given("commit", commit);
    }

    /** Image name to whole reference; null for those the files have at the commit. */
    @CheckForNull
    public Map<String, String> getImages() {
        return images.isEmpty() ? null : images;
    }

    /** @param images from a Pipeline, so a value may be any object whose text is meant */
    @DataBoundSetter
    public void setImages(@CheckForNull Map<String, ?> images) {
        this.images = given("images", "reference", images);
    }

    /** How long to wait, for example {@code 20m}; null for 15 minutes. */
    @CheckForNull
    public String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull String timeout) {
        this.timeout = given("timeout", timeout);
    }

    /** {@code fail}, {@code unstable} or {@code continue}; null to fail. */
    @CheckForNull
    public String getOnTimeout() {
        return onTimeout;
    }

    @DataBoundSetter
    public void setOnTimeout(@CheckForNull String onTimeout) {
        this.onTimeout = given("onTimeout", onTimeout, OnTimeout.FAIL);
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

    /** How long Degraded may last; null for a minute. */
    @CheckForNull
    public String getDegradedGrace() {
        return degradedGrace;
    }

    @DataBoundSetter
    public void setDegradedGrace(@CheckForNull String degradedGrace) {
        this.degradedGrace = given("degradedGrace", degradedGrace);
    }

    /** {@code promote} or {@code gate}; null to wait for others to resume a paused Rollout. */
    @CheckForNull
    public String getOnPaused() {
        return onPaused;
    }

    @DataBoundSetter
    public void setOnPaused(@CheckForNull String onPaused) {
        this.onPaused = given("onPaused", onPaused, OnPaused.WAIT);
    }

    /** How long a new pod may be unable to start; null for what is configured, else two minutes. */
    @CheckForNull
    public String getUnpullableGrace() {
        return unpullableGrace;
    }

    @DataBoundSetter
    public void setUnpullableGrace(@CheckForNull String unpullableGrace) {
        this.unpullableGrace = given("unpullableGrace", unpullableGrace);
    }

    /** How long the Argo CD Application may be missing; null for two minutes. */
    @CheckForNull
    public String getAppearWithin() {
        return appearWithin;
    }

    @DataBoundSetter
    public void setAppearWithin(@CheckForNull String appearWithin) {
        this.appearWithin = given("appearWithin", appearWithin);
    }

    /** {@code normal} or {@code hard}; null for normal. */
    @CheckForNull
    public String getRefresh() {
        return refresh;
    }

    @DataBoundSetter
    public void setRefresh(@CheckForNull String refresh) {
        this.refresh = given("refresh", refresh, Policy.DEFAULT.refresh());
    }

    /** Whether to start the sync where Argo CD does not. */
    public boolean isSync() {
        return sync;
    }

    @DataBoundSetter
    public void setSync(@CheckForNull Boolean sync) {
        this.sync = Boolean.TRUE.equals(sync);
    }

    public boolean isAcceptSuspended() {
        return acceptSuspended;
    }

    @DataBoundSetter
    public void setAcceptSuspended(@CheckForNull Boolean acceptSuspended) {
        this.acceptSuspended = Boolean.TRUE.equals(acceptSuspended);
    }

    public boolean isAcceptOutOfSync() {
        return acceptOutOfSync;
    }

    @DataBoundSetter
    public void setAcceptOutOfSync(@CheckForNull Boolean acceptOutOfSync) {
        this.acceptOutOfSync = Boolean.TRUE.equals(acceptOutOfSync);
    }

    /** Whether to wait, once it is live, for the checks that {@code gitops.yaml} declares. */
    public boolean isVerify() {
        return verify;
    }

    @DataBoundSetter
    public void setVerify(@CheckForNull Boolean verify) {
        this.verify = !Boolean.FALSE.equals(verify);
    }

    @Override
    protected StepExecution execution(StepContext context) throws Exception {
        if (commit != null) {
            Parameters.requireCommit(commit);
        }
        AwaitSyncOptions options = new AwaitSyncOptions(
                subject(),
                commit,
                images,
                AwaitSyncOptions.timeout(context, timeout),
                Parameters.keyword("onTimeout", onTimeout, OnTimeout.FAIL),
                Parameters.keyword("onFailure", onFailure, OnFailure.FAIL),
                verify ? Verify.DECLARED : Verify.NOTHING,
                policy(AwaitSyncOptions.unpullableGrace(context, unpullableGrace)));
        if (options.onFailure() == OnFailure.ROLLBACK && options.subject() instanceof Subject.Named) {
            throw refusal(
                    "cannot roll back 'argoApplications' or 'selector', whose files it does not know: with onFailure:"
                            + " 'rollback', use 'application' and 'environment'.");
        }
        OnPaused paused = onPaused();
        if (paused != OnPaused.WAIT && options.subject() instanceof Subject.Named) {
            throw refusal("resumes no Rollout of 'argoApplications' or 'selector', whose gate it does not know: with"
                    + " onPaused: '" + onPaused + "', use 'application' and 'environment'.");
        }
        return new AwaitSyncExecution(context, options, paused, this);
    }

    private OnPaused onPaused() {
        return Parameters.keyword("onPaused", onPaused, OnPaused.WAIT);
    }

    private Policy policy(Duration stuck) {
        Set<Policy.Option> options = EnumSet.noneOf(Policy.Option.class);
        if (acceptSuspended) {
            options.add(Policy.Option.ACCEPT_SUSPENDED);
        }
        if (acceptOutOfSync) {
            options.add(Policy.Option.ACCEPT_OUT_OF_SYNC);
        }
        if (sync) {
            options.add(Policy.Option.SYNC);
        }
        if (onPaused() == OnPaused.PROMOTE) {
            options.add(Policy.Option.RESUME);
        }
        return new Policy(
                degradedGrace == null ? Policy.DEFAULT.trouble() : Parameters.duration("degradedGrace", degradedGrace),
                appearWithin == null ? Policy.DEFAULT.appearance() : Parameters.duration("appearWithin", appearWithin),
                stuck,
                Parameters.keyword("refresh", refresh, Policy.DEFAULT.refresh()),
                options);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<AwaitSyncStep> {

        public DescriptorImpl() {
            super(
                    FUNCTION,
                    Messages::AwaitSyncStep_displayName,
                    Map.of(
                            "environments", (step, text) -> step.setEnvironments(FormText.list(text)),
                            "images", (step, text) -> step.setImages(FormText.map(text)),
                            "argoApplications", (step, text) -> step.setArgoApplications(FormText.list(text))),
                    "argoApplications",
                    "selector");
        }

        @Override
        protected Optional<String> insteadOfApplication() {
            return Optional.of(Messages.AwaitSyncStep_withoutApplication());
        }

        @POST
        public FormValidation doCheckCommit(@AncestorInPath Item item, @QueryParameter String value) {
            return read(item, value, Parameters::requireCommit);
        }

        @POST
        public FormValidation doCheckSelector(@AncestorInPath Item item, @QueryParameter String value) {
            return read(item, value, Parameters::labels);
        }

        @POST
        public FormValidation doCheckImages(@AncestorInPath Item item, @QueryParameter String value) {
            return read(
                    item,
                    value,
                    text -> FormText.images(text, "api=ghcr.io/acme/shop-api:1.4.2")
                            .values()
                            .forEach(ImageReference::parse));
        }

        @POST
        public FormValidation doCheckDegradedGrace(@AncestorInPath Item item, @QueryParameter String value) {
            return duration(item, "degradedGrace", value);
        }

        @POST
        public FormValidation doCheckUnpullableGrace(@AncestorInPath Item item, @QueryParameter String value) {
            return duration(item, "unpullableGrace", value);
        }

        @POST
        public FormValidation doCheckAppearWithin(@AncestorInPath Item item, @QueryParameter String value) {
            return duration(item, "appearWithin", value);
        }

        @POST
        public ListBoxModel doFillOnFailureItems() {
            return OnFailure.items();
        }

        @POST
        public ListBoxModel doFillOnTimeoutItems() {
            return OnTimeout.items();
        }

        @POST
        public ListBoxModel doFillOnPausedItems() {
            return OnPaused.items();
        }

        @POST
        public ListBoxModel doFillRefreshItems() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.AwaitSyncStep_refreshNormal(), "normal");
            items.add(Messages.AwaitSyncStep_refreshHard(), "hard");
            return items;
        }
    }
}
