package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.util.ListBoxModel;

/** What forms of other packages share with those of the configuration. */
public final class RepositoryForms {

    private RepositoryForms() {}

    /** Whether somebody may see what the item's forms offer, or Jenkins' own where there is no item. */
    public static boolean mayConfigure(@CheckForNull Item item) {
        return Forms.mayConfigure(item);
    }

    /** Credentials that fit and that the item may use; to whoever may not configure it, only the current ones. */
    @NonNull
    public static ListBoxModel credentials(@CheckForNull Item item, @CheckForNull String current) {
        return RepositoryCredentials.choices(item, current, null);
    }
}
