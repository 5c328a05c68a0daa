package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.ComboBoxModel;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The part of the form that every {@link ConfigRepositoryStep} has. */
public abstract class ConfigRepositoryStepDescriptor extends StepDescriptor {

    /** What a step that may do without an application asks for instead; empty where it may not. */
    @NonNull
    protected Optional<String> insteadOfApplication() {
        return Optional.empty();
    }

    @POST
    @NonNull
    public ComboBoxModel doFillRepositoryItems(@CheckForNull @AncestorInPath Item item) {
        return StepForms.repositories(item);
    }

    @POST
    @NonNull
    public ListBoxModel doFillCredentialsIdItems(
            @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String credentialsId) {
        return StepForms.credentials(item, credentialsId);
    }

    @POST
    @NonNull
    public ComboBoxModel doFillApplicationItems(
            @CheckForNull @AncestorInPath Item item, @CheckForNull @QueryParameter String repository) {
        return DeclaredFields.applications(item, repository);
    }

    @POST
    @NonNull
    public FormValidation doCheckApplication(
            @CheckForNull @AncestorInPath Item item,
            @CheckForNull @QueryParameter String value,
            @CheckForNull @QueryParameter String repository) {
        if (Util.fixEmptyAndTrim(value) != null) {
            return DeclaredFields.application(item, value, repository);
        }
        return insteadOfApplication()
                .map(other -> StepForms.hint(item, other))
                .orElseGet(() -> StepForms.required(item, value));
    }

    @POST
    @NonNull
    public FormValidation doCheckEnvironments(
            @CheckForNull @AncestorInPath Item item,
            @CheckForNull @QueryParameter String value,
            @CheckForNull @QueryParameter String application,
            @CheckForNull @QueryParameter String repository) {
        boolean required = insteadOfApplication().isEmpty() || Util.fixEmptyAndTrim(application) != null;
        return required && Util.fixEmptyAndTrim(value) == null
                ? StepForms.required(item, value)
                : DeclaredFields.environments(item, value, application, repository);
    }
}
