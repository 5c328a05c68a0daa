package org.jenkinsci.plugins.workflow.support.steps.input;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.User;
import jenkins.model.CauseOfInterruption;

public final class Rejection extends CauseOfInterruption {

    private static final long serialVersionUID = 1L;

    @CheckForNull
    private final String userName;

    public Rejection(@CheckForNull User u) {
        userName = u == null ? null : u.getId();
    }

    @Override
    public String getShortDescription() {
        return "Rejected by " + userName;
    }
}
