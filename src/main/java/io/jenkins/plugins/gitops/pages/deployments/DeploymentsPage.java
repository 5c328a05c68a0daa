package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.RootAction;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.pages.gate.OpenGates;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import jenkins.management.Badge;
import jenkins.model.Jenkins;

/** Every application that whoever asks may see, with its environments, what runs there, since when and by whom. */
@Extension
public class DeploymentsPage extends DeploymentsPanel implements RootAction {

    static final String URL_NAME = "gitops-deployments";

    @Override
    @CheckForNull
    public String getIconFileName() {
        return VisibleApplications.isAnyToWhoeverAsks() || OpenGates.get().yours() > 0 ? ICON : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.DeploymentsPage_displayName();
    }

    @Override
    public String getUrlName() {
        return URL_NAME;
    }

    /** How many gates wait for the current user, at the page's icon in Jenkins' header; null when none does. */
    @Override
    @CheckForNull
    public Badge getBadge() {
        long yours = OpenGates.get().yours();
        return yours == 0
                ? null
                : new Badge(Long.toString(yours), Messages.DeploymentsPage_waiting(yours), Badge.Severity.WARNING);
    }

    /** In the header itself while a gate waits for the current user, else in its menu. */
    @Override
    public boolean isPrimaryAction() {
        return getBadge() != null;
    }

    @Override
    public String getEndpoint() {
        return getUrlName() + "/";
    }

    @Override
    public String getJobName() {
        return "";
    }

    @Override
    public boolean isPromoter() {
        return false;
    }

    @Override
    public boolean isRoller() {
        return false;
    }

    @Override
    public boolean isApprover() {
        return false;
    }

    @Override
    public boolean isLocker() {
        return Jenkins.get().hasPermission(GitOpsPermissions.LOCK);
    }

    @Override
    public boolean isStopper() {
        return isLocker();
    }

    /** Whoever may see Jenkins may open the page; it shows what they may see. */
    @Override
    public Object getTarget() {
        Jenkins.get().checkPermission(Jenkins.READ);
        return this;
    }

    /** What scripts and the page's own script ask, {@code v1/} under the page's address. */
    public RootDeploymentsApi getV1() {
        return new RootDeploymentsApi();
    }
}
