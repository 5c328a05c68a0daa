package io.jenkins.plugins.gitops.steps.awaitsync;

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
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.EnvironmentsStep;
import io.jenkins.plugins.gitops.steps.support.FailureConduct;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.ImageField;
import io.jenkins.plugins.gitops.steps.support.StepForms;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code gitopsAwaitSync}: waits until a commit of the config repository is live and healthy, according to Argo CD. It
 * holds no executor and no thread, and goes on after a restart of the controller.
 */
public class AwaitSyncStep extends EnvironmentsStep {

    private static final long serialVersionUID = 1L;

    private String application;
    private String commit;
    private LinkedHashMap<String, String> images = new LinkedHashMap<>();
    private List<String> argoApplications = List.of();
    private String selector;
    private String connection;
    private String namespace;
    private String timeout;
    private String onTimeout;
    private String onFailure;
    private String degradedGrace;
    private String appearWithin;
    private String refresh;
    private boolean sync;
    private boolean acceptSuspended;
    private boolean acceptOutOfSync;

    @DataBoundConstructor
    public AwaitSyncStep() {}

    @CheckForNull
    public String getApplication() {
        return application;
    }

    @DataBoundSetter
    public void setApplication(@CheckForNull String application) {
        this.application = Util.fixEmptyAndTrim(application);
    }

    /** For the form. */
    @NonNull
    public String getImagesText() {
        return FormText.of(images);
    }

    /** For the form. */
    @NonNull
    public String getArgoApplicationsText() {
        return FormText.of(argoApplications);
    }

    /** Full commit id in the config repository; null for the run's own newest, else the branch's tip. */
    @CheckForNull
    public String getCommit() {
        return commit;
    }

    @DataBoundSetter
    public void setCommit(@CheckForNull String commit) {
        this.commit = Util.fixEmptyAndTrim(commit);
    }

    /** Image name to whole reference; null for those the files have at the commit. */
    @CheckForNull
    public Map<String, String> getImages() {
        return images.isEmpty() ? null : images;
    }

    /** @param images from a Pipeline, so a value may be any object whose text is meant */
    @DataBoundSetter
    public void setImages(@CheckForNull Map<String, ?> images) {
        LinkedHashMap<String, String> texts = new LinkedHashMap<>();
        if (images != null) {
            images.forEach((name, reference) -> texts.put(name, String.valueOf(reference)));
        }
        this.images = texts;
    }

    /** Argo CD Applications by name, where there is no {@code gitops.yaml}; null when empty. */
    @CheckForNull
    public List<String> getArgoApplications() {
        return argoApplications.isEmpty() ? null : argoApplications;
    }

    @DataBoundSetter
    public void setArgoApplications(@CheckForNull List<String> argoApplications) {
        this.argoApplications = argoApplications == null ? List.of() : List.copyOf(argoApplications);
    }

    /** Labels that select Argo CD Applications: {@code team=shop,stage=dev}. */
    @CheckForNull
    public String getSelector() {
        return selector;
    }

    @DataBoundSetter
    public void setSelector(@CheckForNull String selector) {
        this.selector = Util.fixEmptyAndTrim(selector);
    }

    /** Name of the Argo CD connection; null for the only one, or what {@code gitops.yaml} says. */
    @CheckForNull
    public String getConnection() {
        return connection;
    }

    @DataBoundSetter
    public void setConnection(@CheckForNull String connection) {
        this.connection = Util.fixEmptyAndTrim(connection);
    }

    /** Namespace of the Application resources; null for the connection's own. */
    @CheckForNull
    public String getNamespace() {
        return namespace;
    }

    @DataBoundSetter
    public void setNamespace(@CheckForNull String namespace) {
        this.namespace = Util.fixEmptyAndTrim(namespace);
    }

    /** How long to wait, for example {@code 20m}; null for 15 minutes. */
    @CheckForNull
    public String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull String timeout) {
        this.timeout = Util.fixEmptyAndTrim(timeout);
    }

    /** {@code fail}, {@code unstable} or {@code continue}; null to fail. */
    @CheckForNull
    public String getOnTimeout() {
        return onTimeout;
    }

    @DataBoundSetter
    public void setOnTimeout(@CheckForNull String onTimeout) {
        String given = Util.fixEmptyAndTrim(onTimeout);
        this.onTimeout = TimeoutConduct.FAIL.toString().equals(given) ? null : given;
    }

    /** {@code rollback}; null to just fail. */
    @CheckForNull
    public String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public void setOnFailure(@CheckForNull String onFailure) {
        String given = Util.fixEmptyAndTrim(onFailure);
        this.onFailure = FailureConduct.FAIL.toString().equals(given) ? null : given;
    }

    /** How long Degraded may last; null for a minute. */
    @CheckForNull
    public String getDegradedGrace() {
        return degradedGrace;
    }

    @DataBoundSetter
    public void setDegradedGrace(@CheckForNull String degradedGrace) {
        this.degradedGrace = Util.fixEmptyAndTrim(degradedGrace);
    }

    /** How long the Argo CD Application may be missing; null for two minutes. */
    @CheckForNull
    public String getAppearWithin() {
        return appearWithin;
    }

    @DataBoundSetter
    public void setAppearWithin(@CheckForNull String appearWithin) {
        this.appearWithin = Util.fixEmptyAndTrim(appearWithin);
    }

    /** {@code hard} or {@code normal}; null for hard. */
    @CheckForNull
    public String getRefresh() {
        return refresh;
    }

    @DataBoundSetter
    public void setRefresh(@CheckForNull String refresh) {
        String given = Util.fixEmptyAndTrim(refresh);
        this.refresh = "hard".equals(given) ? null : given;
    }

    /** Whether to start the sync where Argo CD does not. */
    public boolean isSync() {
        return sync;
    }

    @DataBoundSetter
    public void setSync(boolean sync) {
        this.sync = sync;
    }

    public boolean isAcceptSuspended() {
        return acceptSuspended;
    }

    @DataBoundSetter
    public void setAcceptSuspended(boolean acceptSuspended) {
        this.acceptSuspended = acceptSuspended;
    }

    public boolean isAcceptOutOfSync() {
        return acceptOutOfSync;
    }

    @DataBoundSetter
    public void setAcceptOutOfSync(boolean acceptOutOfSync) {
        this.acceptOutOfSync = acceptOutOfSync;
    }

    @Override
    public StepExecution start(@NonNull StepContext context) throws Exception {
        try {
            return new AwaitSyncExecution(
                    context,
                    wish().check(FailureConduct.parse(onFailure)),
                    terms(SyncTimeout.of(context, timeout)),
                    choice());
        } catch (StepParameterException mistake) {
            throw new hudson.AbortException(mistake.getMessage());
        }
    }

    private AwaitSyncWish wish() {
        return new AwaitSyncWish(
                application, environments(), commit, images, argoApplications, selector, connection, namespace);
    }

    private AwaitSyncTerms terms(Duration patience) {
        Set<Policy.Acceptance> accepted = EnumSet.noneOf(Policy.Acceptance.class);
        if (acceptSuspended) {
            accepted.add(Policy.Acceptance.SUSPENDED);
        }
        if (acceptOutOfSync) {
            accepted.add(Policy.Acceptance.OUT_OF_SYNC);
        }
        return AwaitSyncTerms.parse(
                patience,
                onTimeout,
                onFailure,
                degradedGrace,
                appearWithin,
                refresh,
                accepted,
                sync ? Policy.Syncing.REQUESTED : Policy.Syncing.LEFT_TO_ARGO_CD);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends ConfigRepositoryStepDescriptor {

        @Override
        public String getFunctionName() {
            return "gitopsAwaitSync";
        }

        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.AwaitSyncStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, EnvVars.class, FlowNode.class);
        }

        @Override
        public AwaitSyncStep newInstance(@CheckForNull StaplerRequest2 request, @NonNull JSONObject form) {
            String environments = FormText.take(form, "environments");
            String images = FormText.take(form, "images");
            String argoApplications = FormText.take(form, "argoApplications");
            AwaitSyncStep step = FormText.bind(request, AwaitSyncStep.class, form);
            step.setEnvironments(FormText.list(environments));
            step.setImages(FormText.map(images));
            step.setArgoApplications(FormText.list(argoApplications));
            return step;
        }

        @Override
        @NonNull
        protected Optional<String> insteadOfApplication() {
            return Optional.of(Messages.AwaitSyncStep_withoutApplication());
        }

        @POST
        public FormValidation doCheckCommit(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForms.read(item, value, AwaitSyncWish::requireCommit);
        }

        @POST
        public FormValidation doCheckSelector(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForms.read(item, value, AwaitSyncWish::labels);
        }

        @POST
        public FormValidation doCheckImages(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForms.read(item, value, ImageField::references);
        }

        @POST
        public ComboBoxModel doFillConnectionItems(@AncestorInPath Item item) {
            return StepForms.connections(item);
        }

        @Override
        @CheckForNull
        public String argumentsToString(@NonNull Map<String, Object> arguments) {
            return AwaitSyncWish.describe(arguments);
        }

        @POST
        public FormValidation doCheckTimeout(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForms.duration(item, "timeout", value);
        }

        @POST
        public FormValidation doCheckDegradedGrace(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForms.duration(item, "degradedGrace", value);
        }

        @POST
        public FormValidation doCheckAppearWithin(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForms.duration(item, "appearWithin", value);
        }

        @POST
        public ListBoxModel doFillOnTimeoutItems() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.AwaitSyncStep_onTimeoutFail(), TimeoutConduct.FAIL.toString());
            items.add(Messages.AwaitSyncStep_onTimeoutUnstable(), TimeoutConduct.UNSTABLE.toString());
            items.add(Messages.AwaitSyncStep_onTimeoutContinue(), TimeoutConduct.CONTINUE.toString());
            return items;
        }

        @POST
        public ListBoxModel doFillOnFailureItems() {
            return FailureConduct.items();
        }

        @POST
        public ListBoxModel doFillRefreshItems() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.AwaitSyncStep_refreshHard(), "hard");
            items.add(Messages.AwaitSyncStep_refreshNormal(), "normal");
            return items;
        }
    }
}
