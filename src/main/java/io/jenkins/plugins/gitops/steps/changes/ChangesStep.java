package io.jenkins.plugins.gitops.steps.changes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.engine.changes.ChangeRules;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.FormText;
import io.jenkins.plugins.gitops.steps.support.GitOpsStep;
import io.jenkins.plugins.gitops.steps.support.GitOpsStepDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code gitopsChanges}: whether a run's changes are code, configuration or infrastructure. */
public class ChangesStep extends GitOpsStep {

    private static final long serialVersionUID = 1L;

    private static final String FUNCTION = "gitopsChanges";

    private ArrayList<String> code = new ArrayList<>();
    private ArrayList<String> config = new ArrayList<>();
    private ArrayList<String> infrastructure = new ArrayList<>();
    private ArrayList<String> ignore = new ArrayList<>();
    private String base;

    @DataBoundConstructor
    public ChangesStep() {
        super(FUNCTION);
    }

    /** Patterns of files; null for what is declared or usual. */
    @CheckForNull
    public List<String> getCode() {
        return code.isEmpty() ? null : code;
    }

    @DataBoundSetter
    public void setCode(@CheckForNull List<String> code) {
        this.code = given("code", code);
    }

    @CheckForNull
    public List<String> getConfig() {
        return config.isEmpty() ? null : config;
    }

    @DataBoundSetter
    public void setConfig(@CheckForNull List<String> config) {
        this.config = given("config", config);
    }

    @CheckForNull
    public List<String> getInfrastructure() {
        return infrastructure.isEmpty() ? null : infrastructure;
    }

    @DataBoundSetter
    public void setInfrastructure(@CheckForNull List<String> infrastructure) {
        this.infrastructure = given("infrastructure", infrastructure);
    }

    @CheckForNull
    public List<String> getIgnore() {
        return ignore.isEmpty() ? null : ignore;
    }

    @DataBoundSetter
    public void setIgnore(@CheckForNull List<String> ignore) {
        this.ignore = given("ignore", ignore);
    }

    /** The branch that other branches are compared with; null for what is declared. */
    @CheckForNull
    public String getBase() {
        return base;
    }

    @DataBoundSetter
    public void setBase(@CheckForNull String base) {
        this.base = given("base", base);
    }

    /** For the form. */
    public String getCodeText() {
        return FormText.of(code);
    }

    /** For the form. */
    public String getConfigText() {
        return FormText.of(config);
    }

    /** For the form. */
    public String getInfrastructureText() {
        return FormText.of(infrastructure);
    }

    /** For the form. */
    public String getIgnoreText() {
        return FormText.of(ignore);
    }

    /** The declared rules, with what the step was given in their place. */
    ChangeRules over(ChangeRules declared) {
        return declared.with(patterns(), Optional.ofNullable(base));
    }

    /** Whether it asks for nothing of its own, and may take what an earlier step of the run found. */
    boolean isPlain() {
        return base == null && patterns().values().stream().allMatch(List::isEmpty);
    }

    private Map<String, List<String>> patterns() {
        return Map.of("code", code, "config", config, "infrastructure", infrastructure, "ignore", ignore);
    }

    @Override
    protected StepExecution execution(StepContext context) {
        over(ChangeRules.DEFAULT);
        return new ChangesExecution(context, this);
    }

    /** How Pipelines call it. */
    @Extension
    public static class DescriptorImpl extends GitOpsStepDescriptor<ChangesStep> {

        public DescriptorImpl() {
            super(
                    FUNCTION,
                    Messages::ChangesStep_displayName,
                    Map.of(
                            "code", (step, text) -> step.setCode(FormText.list(text)),
                            "config", (step, text) -> step.setConfig(FormText.list(text)),
                            "infrastructure", (step, text) -> step.setInfrastructure(FormText.list(text)),
                            "ignore", (step, text) -> step.setIgnore(FormText.list(text))));
        }

        @POST
        public FormValidation doCheckCode(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return patterns(item, "code", value);
        }

        @POST
        public FormValidation doCheckConfig(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return patterns(item, "config", value);
        }

        @POST
        public FormValidation doCheckInfrastructure(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return patterns(item, "infrastructure", value);
        }

        @POST
        public FormValidation doCheckIgnore(
                @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String value) {
            return patterns(item, "ignore", value);
        }

        private static FormValidation patterns(@CheckForNull Item item, String parameter, @CheckForNull String value) {
            return read(
                    item,
                    value,
                    text -> FormText.list(text)
                            .forEach(pattern -> ChangeRules.requireUsable("'" + parameter + "'", pattern)));
        }
    }
}
