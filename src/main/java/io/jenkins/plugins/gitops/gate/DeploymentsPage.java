package io.jenkins.plugins.gitops.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.RootAction;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerProxy;
import org.kohsuke.stapler.verb.GET;

/** Every application of the configured repositories with its environments, what runs there, since when and by whom. */
@Extension
public class DeploymentsPage implements RootAction, StaplerProxy {

    @Override
    @CheckForNull
    public String getIconFileName() {
        return Jenkins.get().hasPermission(GitOpsPermissions.VIEW) ? "symbol-rocket-outline plugin-ionicons-api" : null;
    }

    @Override
    @NonNull
    public String getDisplayName() {
        return Messages.DeploymentsPage_displayName();
    }

    @Override
    @NonNull
    public String getUrlName() {
        return "gitops-deployments";
    }

    /** Nobody without the permission gets anything from here. */
    @Override
    @NonNull
    public Object getTarget() {
        Jenkins.get().checkPermission(GitOpsPermissions.VIEW);
        return this;
    }

    /** The deployments as JSON, as they were read last. */
    @GET
    public HttpResponse doData() {
        Jenkins.get().checkPermission(GitOpsPermissions.VIEW);
        return new GateAnswer(200, DeploymentsCache.get().json());
    }
}
