package io.jenkins.plugins.gitops.pages.deployments;

import io.jenkins.plugins.gitops.pages.JsonAnswer;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.GET;

/** Reads every deployment that whoever asks may see (docs/openapi.yaml). */
public final class DeploymentsApi {

    /** The deployments that whoever asks may see as JSON, as they were read last. */
    @GET
    public HttpResponse doDeployments() {
        Jenkins.get().checkPermission(Jenkins.READ);
        return new JsonAnswer(200, VisibleDeployments.toWhoeverAsks().json());
    }

    /**
     * The history of an environment, newest first.
     *
     * @param application id, as {@link #doDeployments} has it
     */
    @GET
    public HttpResponse doHistory(@QueryParameter String application, @QueryParameter String environment) {
        Jenkins.get().checkPermission(Jenkins.READ);
        return DeploymentsPanel.history(VisibleDeployments.toWhoeverAsks(), application, environment);
    }
}
