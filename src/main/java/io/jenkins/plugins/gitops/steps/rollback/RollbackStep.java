package io.jenkins.plugins.gitops.steps.rollback;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.engine.promotion.RollbackTo;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.EnvironmentsStep;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import io.jenkins.plugins.gitops.steps.support.sync.Recovery;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsRollback}: takes one or several environments back to an earlier release, or lifts what that holds. */
public class RollbackStep extends EnvironmentsStep {

    private static final long serialVersionUID = 1L;

    private static final String FUNCTION = "gitopsRollback";

    private String commit;
    private String run;
    private String before;
    private String reason;
    private String lift;
    private String timeout;

    @DataBoundConstructor
    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    public RollbackStep(@NonNull String application) {
        super(FUNCTION);
        application(application);
    }

    /** Commit of the config repository whose images come back; null for the previous healthy release. */
    @CheckForNull
    public String getCommit() {
        return commit;
    }

    @DataBoundSetter
    public void setCommit(@CheckForNull String commit) {
        this.commit = given("commit", commit);
    }

    /** Address or number of the run whose deployment comes back. */
    @CheckForNull
    public String getRun() {
        return run;
    }

    @DataBoundSetter
    public void setRun(@CheckForNull String run) {
        this.run = given("run", run);
    }

    /** ISO 8601 instant: the healthy release deployed last before it comes back. */
    @CheckForNull
    public String getBefore() {
        return before;
    }

    @DataBoundSetter
    public void setBefore(@CheckForNull String before) {
        this.before = given("before", before);
    }

    /** Why; written to the commit. */
    @CheckForNull
    public String getReason() {
        return reason;
    }

    @DataBoundSetter
    public void setReason(@CheckForNull String reason) {
        this.reason = given("reason", reason);
    }

    /** Lifts the holds of the environments instead of rolling back: the reason why. */
    @CheckForNull
    public String getLift() {
        return lift;
    }

    @DataBoundSetter
    public void setLift(@CheckForNull String lift) {
        this.lift = given("lift", lift);
    }

    /** How long to wait until the earlier release is healthy, for example {@code 10m}, which is the default. */
    @CheckForNull
    public String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public void setTimeout(@CheckForNull String timeout) {
        this.timeout = given("timeout", timeout);
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        if (getApplication() == null || environments().isEmpty()) {
            throw refusal("requires 'application' and 'environment' as gitops.yaml declares them.");
        }
        long ways =
                Stream.of(commit, run, before, lift).filter(Objects::nonNull).count();
        if (ways > 1) {
            throw refusal(
                    "accepts one of 'commit', 'run', 'before' and 'lift', or none for the previous healthy release.");
        }
        if (lift != null) {
            return new LiftHoldExecution(context, this, lift);
        }
        to();
        return new RollbackExecution(
                context, this, timeout == null ? Recovery.USUAL_TIMEOUT : Parameters.duration("timeout", timeout));
    }

    /** @throws StepParameterException if {@link #getBefore()} is no point in time */
    @NonNull
    RollbackTo to() {
        if (commit != null) {
            return RollbackTo.commit(commit);
        } else if (run != null) {
            return RollbackTo.run(run);
        } else if (before == null) {
            return RollbackTo.previousHealthy();
        }
        return RollbackTo.before(instant(before));
    }

    private static Instant instant(String before) {
        try {
            return Instant.parse(before);
        } catch (DateTimeParseException e) {
            throw new StepParameterException("Invalid 'before': '" + before
                    + "' is not a point in time; write for example 2026-03-01T12:00:00Z.");
        }
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<RollbackStep> {

        public DescriptorImpl() {
            super(
                    FUNCTION,
                    Messages::RollbackStep_displayName,
                    Map.of("environments", (step, text) -> step.setEnvironments(FormText.list(text))));
        }

        @POST
        public FormValidation doCheckBefore(@AncestorInPath Item item, @QueryParameter String value) {
            return read(item, value, RollbackStep::instant);
        }
    }
}
