package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.steps.Messages;

/** What a step does, before it fails, with a deployment that Argo CD does not bring live. */
public enum FailureConduct {
    /** Leaves it to people. */
    FAIL,
    /** Puts the previous healthy release back. */
    ROLLBACK;

    /** @throws StepParameterException if it is none of them; null is {@link #FAIL} */
    @NonNull
    public static FailureConduct parse(@CheckForNull String text) {
        return Keywords.parse(text, FAIL, "to do on failure");
    }

    /** For a form. */
    @NonNull
    public static ListBoxModel items() {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.FailureConduct_fail(), FAIL.toString());
        items.add(Messages.FailureConduct_rollback(), ROLLBACK.toString());
        return items;
    }

    /** As it is written in a Pipeline. */
    @Override
    public String toString() {
        return Keywords.of(this);
    }
}
