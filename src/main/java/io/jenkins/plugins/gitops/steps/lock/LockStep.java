package io.jenkins.plugins.gitops.steps.lock;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import java.time.Instant;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsLock}: nothing is promoted into some environments until they are unlocked. */
public class LockStep extends LockedPlaceStep {

    private static final long serialVersionUID = 1L;

    private String until;
    private boolean includingRollbacks;

    @DataBoundConstructor
    public LockStep(@NonNull String application) {
        super("gitopsLock", application);
    }

    /** An ISO 8601 instant, or a duration from now on; null for not before somebody unlocks. */
    @CheckForNull
    public String getUntil() {
        return until;
    }

    @DataBoundSetter
    public void setUntil(@CheckForNull String until) {
        this.until = given("until", until);
    }

    /** Whether rollbacks wait as well. */
    public boolean isIncludingRollbacks() {
        return includingRollbacks;
    }

    @DataBoundSetter
    public void setIncludingRollbacks(boolean includingRollbacks) {
        this.includingRollbacks = includingRollbacks;
    }

    /** When the lock ends by itself, set at that time. */
    @NonNull
    Optional<Instant> end(@NonNull Instant now) {
        return Optional.ofNullable(until).map(text -> Parameters.end("until", text, now));
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        requireAll();
        return new LockExecution(context, this);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends LockedPlaceDescriptor<LockStep> {

        public DescriptorImpl() {
            super("gitopsLock", Messages::LockStep_displayName);
        }

        @POST
        @NonNull
        public FormValidation doCheckUntil(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return read(item, value, given -> Parameters.end("until", given, Instant.now()));
        }
    }
}
