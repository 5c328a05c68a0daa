package io.jenkins.plugins.gitops.steps.terraform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.ConfigRepositoryStep;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import io.jenkins.plugins.gitops.steps.support.OnRejected;
import io.jenkins.plugins.gitops.steps.support.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What the steps have in common that read a plan of Terraform or OpenTofu, and have it approved at the gate of an environment. */
public abstract class TerraformStep extends ConfigRepositoryStep {

    private static final long serialVersionUID = 1L;

    private final String file;
    private String plan;
    private String environment;
    private String onRejected;
    private ArrayList<String> findings = new ArrayList<>();

    @SuppressWarnings("this-escape") // compilers before 21 do not know it
    TerraformStep(String function, @CheckForNull String file) {
        super(function);
        this.file = given("file", file);
    }

    @CheckForNull
    public String getFile() {
        return file;
    }

    /** The plan itself, as {@code terraform plan -out} writes it; null where its digest is not asked for. */
    @CheckForNull
    public String getPlan() {
        return plan;
    }

    @DataBoundSetter
    public void setPlan(@CheckForNull String plan) {
        this.plan = given("plan", plan);
    }

    @DataBoundSetter
    public void setApplication(@CheckForNull String application) {
        application(application);
    }

    /** Whose gate the plan goes through; null for none. */
    @CheckForNull
    public String getEnvironment() {
        return environment;
    }

    @DataBoundSetter
    public void setEnvironment(@CheckForNull String environment) {
        this.environment = given("environment", environment);
    }

    /** Likewise; empty for none. */
    String environment() {
        return Util.fixNull(environment);
    }

    /** Whether the plan is only looked at, for what differs from the configuration. */
    boolean looksForDrift() {
        return false;
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

    /** Files with what scanners found; null for none. */
    @CheckForNull
    public List<String> getFindings() {
        return findings.isEmpty() ? null : findings;
    }

    @DataBoundSetter
    public void setFindings(@CheckForNull List<String> findings) {
        this.findings = given("findings", findings);
    }

    /** For the form. */
    public String getFindingsText() {
        return FormText.of(findings);
    }

    @Override
    protected StepExecution execution(StepContext context) throws Exception {
        if (file == null) {
            throw refusal("requires 'file': what 'terraform show -json' wrote of the plan.");
        }
        if (context.get(FilePath.class) == null) {
            throw refusal("requires the workspace that has the plan: call it in a stage or node with an agent.");
        }
        if ((getApplication() == null) != (environment == null)) {
            throw refusal("requires 'application' and 'environment' together: those whose gate the plan goes through.");
        }
        return new TerraformPlanExecution(
                context, this, file, Parameters.keyword("onRejected", onRejected, OnRejected.ABORT));
    }

    /** How Pipelines call one of them. */
    abstract static class TerraformStepDescriptor<S extends TerraformStep> extends GitOpsStepDescriptor<S> {

        TerraformStepDescriptor(String function, Supplier<String> displayName) {
            super(
                    function,
                    displayName,
                    Map.of("findings", (step, text) -> step.setFindings(FormText.list(text))),
                    "file");
        }

        @Override
        protected Optional<String> insteadOfApplication() {
            return Optional.of(Messages.TerraformStep_withoutApplication());
        }

        @POST
        public FormValidation doCheckFile(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return required(item, value);
        }
    }
}
