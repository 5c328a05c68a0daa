package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.config.GitOpsSettings;

/** The config repositories that a step's form offers. */
final class RepositoryNames {

    private RepositoryNames() {}

    /** Empty for whoever may not configure the job that the snippet is for. */
    @NonNull
    static ListBoxModel choices(@CheckForNull Item item) {
        ListBoxModel choices = new ListBoxModel();
        choices.add(Messages.RepositoryNames_only(), "");
        if (item != null && item.hasPermission(Item.CONFIGURE)) {
            GitOpsSettings.repositories(item).forEach(repository -> choices.add(repository.getName()));
        }
        return choices;
    }
}
