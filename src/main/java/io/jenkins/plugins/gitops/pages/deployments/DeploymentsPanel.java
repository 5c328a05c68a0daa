package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import org.kohsuke.stapler.StaplerProxy;

/** What the pages that show deployments have in common; its view {@code panel.jelly} is what their script fills. */
public abstract class DeploymentsPanel implements Action, StaplerProxy {

    static final String ICON = "symbol-rocket-outline plugin-ionicons-api";

    /** Where the script finds {@code v1/} and the rest, relative to Jenkins, with a final slash. */
    public abstract String getEndpoint();

    /** Of the job that the page belongs to; empty for none. */
    public abstract String getJobName();

    /** Whether the page offers to promote; asked again when somebody does. */
    public abstract boolean isPromoter();

    /** Whether the page offers to roll back; asked again when somebody does. */
    public abstract boolean isRoller();

    /** Whether the page offers to lock and unlock; asked again when somebody does. */
    public abstract boolean isLocker();

    /** Whether the page offers to stop every promotion at once; asked again when somebody does. */
    public boolean isStopper() {
        return false;
    }

    /** Whether the page offers to confirm hotfixes; asked again when somebody does. */
    public abstract boolean isApprover();

    /** One line: a reason must not add lines of its own to a commit's trailers. */
    static String text(@CheckForNull String parameter) {
        return parameter == null ? "" : parameter.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
    }
}
