package io.jenkins.plugins.gitops.steps.lock;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.gitops.steps.Messages;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code gitopsUnlock}: lifts the locks on an application in an environment, or on a pattern. */
public class UnlockStep extends LockedPlaceStep {

    private static final long serialVersionUID = 1L;

    @DataBoundConstructor
    public UnlockStep(@NonNull String application) {
        super("gitopsUnlock", application);
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        requireAll();
        return new UnlockExecution(context, this);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends LockedPlaceDescriptor<UnlockStep> {

        public DescriptorImpl() {
            super("gitopsUnlock", Messages::UnlockStep_displayName);
        }
    }
}
