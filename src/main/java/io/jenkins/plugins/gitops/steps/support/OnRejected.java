package io.jenkins.plugins.gitops.steps.support;

import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.steps.Messages;

/** What a step does whose gate was rejected, expired or was superseded by a newer release. */
public enum OnRejected {
    /** The run is aborted; {@code retry} does not ask again. */
    ABORT,
    /** The run becomes unstable and continues. */
    UNSTABLE,
    /** The run fails; {@code retry} does not ask again. */
    FAIL,
    /** The run continues; the step's result has the gate's status. */
    CONTINUE;

    /** For a form. */
    public static ListBoxModel items() {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.OnRejected_abort(), ABORT.toString());
        items.add(Messages.OnRejected_unstable(), UNSTABLE.toString());
        items.add(Messages.OnRejected_fail(), FAIL.toString());
        items.add(Messages.OnRejected_continue(), CONTINUE.toString());
        return items;
    }

    /** As it is written in a Pipeline. */
    @Override
    public String toString() {
        return Parameters.keyword(this);
    }
}
