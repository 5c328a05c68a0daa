package io.jenkins.plugins.gitops.steps.lock;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import java.util.Objects;
import org.kohsuke.stapler.DataBoundSetter;

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
}
