package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.util.ComboBoxModel;
import hudson.util.ListBoxModel;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** The part of the form that every {@link ConfigRepositoryStep} has. */
public abstract class ConfigRepositoryStepDescriptor extends StepDescriptor {

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
}
