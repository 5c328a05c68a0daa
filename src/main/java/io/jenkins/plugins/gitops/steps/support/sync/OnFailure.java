package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.Parameters;

/** What a step does, before it fails, with a release that Argo CD does not bring live. */
public enum OnFailure {
    /** Leaves the release where it is. */
    FAIL,
    /** Rolls back to the previous healthy release. */
    ROLLBACK;

    /** For a form. */
    @NonNull
    public static ListBoxModel items() {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.OnFailure_fail(), FAIL.toString());
        items.add(Messages.OnFailure_rollback(), ROLLBACK.toString());
        return items;
    }

    /** As it is written in a Pipeline. */
    @Override
    public String toString() {
        return Parameters.keyword(this);
    }
}
