package io.jenkins.plugins.gitops.steps.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.GitOpsStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsApproval}: a gate that guards no promotion, for example QA's word before the staging stages begin. */
public class ApprovalStep extends GitOpsStep {

    private static final long serialVersionUID = 2L;

    private static final String FUNCTION = "gitopsApproval";

    private final String message;
    private int required = 1;
    private ArrayList<String> from = new ArrayList<>();
    private ArrayList<String> checklist = new ArrayList<>();
    private boolean separationOfDuties;
    private String expires;
    private String onRejected;

    /** @param message the question that people answer */
    @DataBoundConstructor
    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    public ApprovalStep(@NonNull String message) {
        super(FUNCTION);
        this.message = Util.fixNull(given("message", message));
    }

    @NonNull
    public String getMessage() {
        return message;
    }

    /** How many different people must approve. */
    public int getRequired() {
        return required;
    }

    @DataBoundSetter
    public void setRequired(@CheckForNull Integer required) {
        this.required = required == null ? 1 : required;
    }

    /** For the form. */
    @NonNull
    public String getFromText() {
        return FormText.of(from);
    }

    /** For the form. */
    @NonNull
    public String getChecklistText() {
        return FormText.of(checklist);
    }

    /** Users or groups that may approve; null for anyone with the permission. */
    @CheckForNull
    public List<String> getFrom() {
        return from.isEmpty() ? null : from;
    }

    @DataBoundSetter
    public void setFrom(@CheckForNull List<String> from) {
        this.from = given("from", from);
    }

    /** What an approver must tick; null for nothing. */
    @CheckForNull
    public List<String> getChecklist() {
        return checklist.isEmpty() ? null : checklist;
    }

    @DataBoundSetter
    public void setChecklist(@CheckForNull List<String> checklist) {
        this.checklist = given("checklist", checklist);
    }

    /** Whether the one who started the run may not approve. */
    public boolean isSeparationOfDuties() {
        return separationOfDuties;
    }

    @DataBoundSetter
    public void setSeparationOfDuties(@CheckForNull Boolean separationOfDuties) {
        this.separationOfDuties = Boolean.TRUE.equals(separationOfDuties);
    }

    /** How long people have, for example {@code 3d}; null for ever. */
    @CheckForNull
    public String getExpires() {
        return expires;
    }

    @DataBoundSetter
    public void setExpires(@CheckForNull String expires) {
        this.expires = given("expires", expires);
    }

    /** {@code unstable}, {@code fail} or {@code continue} when it is rejected or expires; null to abort the run. */
    @CheckForNull
    public String getOnRejected() {
        return onRejected;
    }

    @DataBoundSetter
    public void setOnRejected(@CheckForNull String onRejected) {
        this.onRejected = given("onRejected", onRejected, OnRejected.ABORT);
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        if (message.isEmpty()) {
            throw refusal("requires 'message': what is to be approved.");
        }
        if (required < 1) {
            throw new StepParameterException("Invalid 'required': " + required + " approvals; use 1 or more.");
        }
        Duration time = expires == null ? null : Parameters.duration("expires", expires);
        if (time != null && time.isZero()) {
            throw new StepParameterException(
                    "Invalid 'expires': '" + expires + "' is zero; leave it out to wait without limit.");
        }
        return new ApprovalExecution(
                context, this, Parameters.keyword("onRejected", onRejected, OnRejected.ABORT), time);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<ApprovalStep> {

        public DescriptorImpl() {
            super(
                    FUNCTION,
                    Messages::ApprovalStep_displayName,
                    Map.of(
                            "from", (step, text) -> step.setFrom(FormText.list(text)),
                            "checklist", (step, text) -> step.setChecklist(FormText.list(text))),
                    "message");
        }

        @POST
        public FormValidation doCheckMessage(@AncestorInPath Item item, @QueryParameter String value) {
            return required(item, value);
        }

        @POST
        public FormValidation doCheckRequired(@AncestorInPath Item item, @QueryParameter String value) {
            return mayConfigure(item) ? FormValidation.validatePositiveInteger(value) : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckExpires(@AncestorInPath Item item, @QueryParameter String value) {
            return duration(item, "expires", value);
        }
    }
}
