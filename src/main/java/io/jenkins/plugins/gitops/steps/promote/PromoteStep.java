package io.jenkins.plugins.gitops.steps.promote;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.OnFailure;
import java.util.Optional;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * {@code gitopsPromote}: takes the release that is live and healthy in the environment before to this one, or a chosen
 * version that was, through the gate that {@code gitops.yaml} puts there.
 */
public class PromoteStep extends PromotionStep {

    private static final long serialVersionUID = 3L;

    private static final String FUNCTION = "gitopsPromote";

    private String onFailure;
    private String onRejected;
    private String timeout;
    private String unpullableGrace;

    /**
     * @param application as {@code gitops.yaml} names it
     * @param environment where the release goes
     */
    @DataBoundConstructor
    public PromoteStep(@NonNull String application, @NonNull String environment) {
        super(FUNCTION, application, environment);
    }

    /** {@code rollback}: waits until the release is live and healthy, and takes back what is not; null to just commit. */
    @CheckForNull
    public String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public void setOnFailure(@CheckForNull String onFailure) {
        this.onFailure = given("onFailure", onFailure, OnFailure.FAIL);
    }

    /** {@code unstable}, {@code fail} or {@code continue} when the gate does not let the run pass; null to abort it. */
    @CheckForNull
    public String getOnRejected() {
        return onRejected;
    }

    @DataBoundSetter
    public void setOnRejected(@CheckForNull String onRejected) {
        this.onRejected = given("onRejected", onRejected, OnRejected.ABORT);
    }

    /** How long the release may take to be live with {@code onFailure: 'rollback'}, for example {@code 20m}; null for 15 minutes. */
    @CheckForNull
    public String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull String timeout) {
        this.timeout = given("timeout", timeout);
    }

    /** How long a new pod may be unable to start with {@code onFailure: 'rollback'}; null for what is configured, else two minutes. */
    @CheckForNull
    public String getUnpullableGrace() {
        return unpullableGrace;
    }

    @DataBoundSetter
    public void setUnpullableGrace(@CheckForNull String unpullableGrace) {
        this.unpullableGrace = given("unpullableGrace", unpullableGrace);
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) throws Exception {
        requireComplete();
        OnFailure then = Parameters.keyword("onFailure", onFailure, OnFailure.FAIL);
        Optional<String> ofAwait = Stream.of("timeout", "unpullableGrace")
                .filter(name -> (name.equals("timeout") ? timeout : unpullableGrace) != null)
                .findFirst();
        if (ofAwait.isPresent() && then == OnFailure.FAIL) {
            throw refusal("has a '" + ofAwait.get()
                    + "' only with onFailure: 'rollback', where it waits for Argo CD; without it, set the "
                    + ofAwait.get() + " in gitopsAwaitSync.");
        }
        return new PromoteExecution(
                context,
                this,
                Parameters.keyword("onRejected", onRejected, OnRejected.ABORT),
                then == OnFailure.FAIL ? null : AwaitSyncOptions.timeout(context, timeout),
                AwaitSyncOptions.unpullableGrace(context, unpullableGrace));
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends PromotionDescriptor<PromoteStep> {

        public DescriptorImpl() {
            super(FUNCTION, Messages::PromoteStep_displayName);
        }

        @POST
        public ListBoxModel doFillOnFailureItems() {
            return OnFailure.items();
        }

        @POST
        public FormValidation doCheckUnpullableGrace(@AncestorInPath Item item, @QueryParameter String value) {
            return duration(item, "unpullableGrace", value);
        }
    }
}
