package io.jenkins.plugins.gitops.steps.lock;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** A step about the locks on an application in an environment, or on what a pattern stands for. */
public abstract class LockedPlaceStep extends ConfigRepositoryStep {

    private static final long serialVersionUID = 1L;

    private String environment;
    private String reason;

    /** @param function how Pipelines call it */
    LockedPlaceStep(@NonNull String function, @NonNull String application) {
        super(function);
        application(application);
    }

    /** As {@code gitops.yaml} names it, or a pattern. */
    @CheckForNull
    public String getEnvironment() {
        return environment;
    }

    @DataBoundSetter
    public void setEnvironment(@CheckForNull String environment) {
        this.environment = given("environment", environment);
    }

    /** One line, kept with the lock. */
    @CheckForNull
    public String getReason() {
        return reason;
    }

    @DataBoundSetter
    public void setReason(@CheckForNull String reason) {
        this.reason = given("reason", reason);
    }

    /** @throws io.jenkins.plugins.gitops.steps.support.StepParameterException if one is missing */
    void requireAll() {
        if (getApplication() == null || environment == null || reason == null) {
            throw refusal("requires 'application', 'environment' and 'reason'; application and environment may be"
                    + " patterns such as '*'.");
        }
    }

    @NonNull
    final String environment() {
        return Objects.requireNonNull(environment);
    }

    @NonNull
    final String reason() {
        return Objects.requireNonNull(reason);
    }

    @NonNull
    final String place() {
        return application() + "/" + environment;
    }

    /**
     * What the forms of these steps check alike.
     *
     * @param <S> the step
     */
    public abstract static class LockedPlaceDescriptor<S extends LockedPlaceStep> extends GitOpsStepDescriptor<S> {

        LockedPlaceDescriptor(String function, Supplier<String> displayName) {
            super(function, displayName, Map.of());
        }

        /** A name, or a pattern that stands for several. */
        @POST
        @NonNull
        public FormValidation doCheckEnvironment(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return required(item, value);
        }

        @POST
        @NonNull
        public FormValidation doCheckReason(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return required(item, value);
        }
    }
}
