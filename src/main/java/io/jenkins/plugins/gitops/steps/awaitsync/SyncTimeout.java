package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.steps.support.DurationText;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.io.IOException;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** How long a step waits until a commit is live. */
public final class SyncTimeout {

    /** Where neither the step nor the configuration says anything. */
    static final Duration USUAL = Duration.ofMinutes(15);

    private SyncTimeout() {}

    /**
     * What the step was given, or else what is configured for its run.
     *
     * @throws StepParameterException if what was given is no duration
     */
    @NonNull
    public static Duration of(@NonNull StepContext context, @CheckForNull String given)
            throws IOException, InterruptedException {
        if (given != null) {
            return DurationText.parse("timeout", given);
        }
        Run<?, ?> run = context.get(Run.class);
        return run == null
                ? USUAL
                : GitOpsSettings.defaults(run.getParent()).syncTimeout().orElse(USUAL);
    }
}
