package io.jenkins.plugins.gitops.steps.approval;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.GitOpsStep;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import io.jenkins.plugins.gitops.steps.support.StepForms;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
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
    public ApprovalStep(@NonNull String message) {
        this.message = Util.fixNull(message).trim();
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
        this.from = Parameters.list(from);
    }

    /** What an approver must tick; null for nothing. */
    @CheckForNull
    public List<String> getChecklist() {
        return checklist.isEmpty() ? null : checklist;
    }

    @DataBoundSetter
    public void setChecklist(@CheckForNull List<String> checklist) {
        this.checklist = Parameters.list(checklist);
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
        this.expires = Util.fixEmptyAndTrim(expires);
    }

    /** {@code unstable}, {@code fail} or {@code continue} when it is rejected or expires; null to abort the run. */
    @CheckForNull
    public String getOnRejected() {
        return onRejected;
    }

    @DataBoundSetter
    public void setOnRejected(@CheckForNull String onRejected) {
        this.onRejected = Parameters.unlessUsual(onRejected, OnRejected.ABORT);
    }

    @Override
    @NonNull
    protected StepExecution execution(@NonNull StepContext context) {
        if (Parameters.isUnset(message)) {
            throw new StepParameterException(FUNCTION + " requires 'message': what is to be approved.");
        }
        if (required < 1) {
            throw new StepParameterException("Invalid 'required': " + required + " approvals; use 1 or more.");
        }
        Parameters.requireValues(FUNCTION, "from", from);
        Parameters.requireValues(FUNCTION, "checklist", checklist);
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
    public static class DescriptorImpl extends StepDescriptor {

        @Override
        public String getFunctionName() {
            return FUNCTION;
        }

        @Override
        @NonNull
        public String getDisplayName() {
            return Messages.ApprovalStep_displayName();
        }

        @POST
        public FormValidation doCheckMessage(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForms.required(item, value);
        }

        @POST
        public FormValidation doCheckRequired(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForms.mayConfigure(item) ? FormValidation.validatePositiveInteger(value) : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckExpires(@AncestorInPath Item item, @QueryParameter String value) {
            return StepForms.duration(item, "expires", value);
        }

        @POST
        public ListBoxModel doFillOnRejectedItems() {
            return OnRejected.items();
        }

        @Override
        public ApprovalStep newInstance(@CheckForNull StaplerRequest2 request, @NonNull JSONObject form) {
            String from = FormText.take(form, "from");
            String checklist = FormText.take(form, "checklist");
            ApprovalStep step = FormText.bind(request, ApprovalStep.class, form);
            step.setFrom(FormText.list(from));
            step.setChecklist(FormText.list(checklist));
            return step;
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, EnvVars.class, FlowNode.class);
        }

        @Override
        @CheckForNull
        public String argumentsToString(@NonNull Map<String, Object> arguments) {
            return Objects.toString(arguments.get("message"), null);
        }
    }
}
