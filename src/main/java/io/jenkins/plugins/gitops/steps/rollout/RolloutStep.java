package io.jenkins.plugins.gitops.steps.rollout;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import java.util.Map;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsRollout}: promotes, aborts or retries an Argo Rollout, through the environment's gate if it has one. */
public class RolloutStep extends ConfigRepositoryStep {

    private static final long serialVersionUID = 1L;

    private static final String FUNCTION = "gitopsRollout";

    private final String action;
    private String environment;
    private String argoApplication;
    private String connection;
    private String namespace;
    private String rollout;
    private String onRejected;

    /** @param action {@code promote}, {@code promote-full}, {@code abort} or {@code retry} */
    @DataBoundConstructor
    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    public RolloutStep(@CheckForNull String action) {
        super(FUNCTION);
        this.action = given("action", action);
    }

    @CheckForNull
    public String getAction() {
        return action;
    }

    @DataBoundSetter
    public void setApplication(@CheckForNull String application) {
        application(application);
    }

    /** As {@code gitops.yaml} names it. */
    @CheckForNull
    public String getEnvironment() {
        return environment;
    }

    @DataBoundSetter
    public void setEnvironment(@CheckForNull String environment) {
        this.environment = given("environment", environment);
    }

    /** The Argo CD Application, without {@code gitops.yaml}. */
    @CheckForNull
    public String getArgoApplication() {
        return argoApplication;
    }

    @DataBoundSetter
    public void setArgoApplication(@CheckForNull String argoApplication) {
        this.argoApplication = given("argoApplication", argoApplication);
    }

    /** Name of the Argo CD connection; null for the only one, or what {@code gitops.yaml} says. */
    @CheckForNull
    public String getConnection() {
        return connection;
    }

    @DataBoundSetter
    public void setConnection(@CheckForNull String connection) {
        this.connection = given("connection", connection);
    }

    /** Namespace of the Application resource; null for the connection's own. */
    @CheckForNull
    public String getNamespace() {
        return namespace;
    }

    @DataBoundSetter
    public void setNamespace(@CheckForNull String namespace) {
        this.namespace = given("namespace", namespace);
    }

    /** Name of the Rollout; null for the only one. */
    @CheckForNull
    public String getRollout() {
        return rollout;
    }

    @DataBoundSetter
    public void setRollout(@CheckForNull String rollout) {
        this.rollout = given("rollout", rollout);
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

    @Override
    protected StepExecution execution(StepContext context) {
        if (action == null) {
            throw refusal("requires 'action': promote, promote-full, abort or retry.");
        }
        boolean declared = getApplication() != null && environment != null;
        if (declared == (argoApplication != null) || !declared && (getApplication() != null || environment != null)) {
            throw refusal("requires either 'application' and 'environment' as gitops.yaml declares them, or"
                    + " 'argoApplication'.");
        }
        return new RolloutExecution(
                context, this, RolloutDeed.of(action), Parameters.keyword("onRejected", onRejected, OnRejected.ABORT));
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<RolloutStep> {

        public DescriptorImpl() {
            super(FUNCTION, Messages::RolloutStep_displayName, Map.of(), "argoApplication", "rollout", "action");
        }

        @Override
        protected Optional<String> insteadOfApplication() {
            return Optional.of(Messages.RolloutStep_withoutApplication());
        }

        @POST
        public ListBoxModel doFillActionItems() {
            return RolloutDeed.items();
        }
    }
}
