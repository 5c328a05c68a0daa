package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.Parameters;

/** What a step does when Argo CD has not brought the commit live in time. */
public enum OnTimeout {
    /** The step fails. */
    FAIL,
    /** The run becomes unstable and continues. */
    UNSTABLE,
    /** The run continues; the step's result has the verdict. */
    CONTINUE;

    /** For a form. */
    @NonNull
    public static ListBoxModel items() {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.OnTimeout_fail(), FAIL.toString());
        items.add(Messages.OnTimeout_unstable(), UNSTABLE.toString());
        items.add(Messages.OnTimeout_continue(), CONTINUE.toString());
        return items;
    }

    /** As it is written in a Pipeline. */
    @Override
    public String toString() {
        return Parameters.keyword(this);
    }
}
