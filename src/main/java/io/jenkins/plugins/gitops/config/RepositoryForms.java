package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.util.ListBoxModel;

/** What forms of other packages offer for a config repository. */
public final class RepositoryForms {

    private RepositoryForms() {}

    /** Credentials that fit and that the item may use; to whoever may not configure it, only the current ones. */
    @NonNull
    public static ListBoxModel credentials(@CheckForNull Item item, @CheckForNull String current) {
        return RepositoryCredentials.choices(item, current, null);
    }
}
