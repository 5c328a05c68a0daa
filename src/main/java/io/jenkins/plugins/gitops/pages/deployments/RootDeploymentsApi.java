package io.jenkins.plugins.gitops.pages.deployments;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.pages.JsonAnswer;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** Reads the deployments of all jobs, and takes orders to lock them, up to stopping every promotion (docs/openapi.yaml). */
public final class RootDeploymentsApi extends LockingApi {

    private static final String EVERYTHING = "*";

    RootDeploymentsApi() {
        super(RootDeploymentsApi::visible);
    }

    private static VisibleApplications visible() {
        Jenkins.get().checkPermission(Jenkins.READ);
        return VisibleApplications.toWhoeverAsks();
    }

    /**
     * Locks everything in every config repository that whoever asks may see here. Answers 202 with an order for each, whose
     * end {@link #doDeployments} tells.
     *
     * @param until a duration or an instant; empty for until it is unlocked
     * @param includingRollbacks {@code true} to stop rollbacks as well
     * @param confirmed {@code true} where whoever asks was asked once more: required
     * @param decision unique id of the click, so that a repeated request counts once
     */
    @RequirePOST
    public HttpResponse doStop(
            @QueryParameter String until,
            @QueryParameter String includingRollbacks,
            @QueryParameter String confirmed,
            @QueryParameter String reason,
            @QueryParameter String decision) {
        checkMayLock();
        if (!isTrue(confirmed)) {
            return JsonAnswer.problem(422, Messages.RootDeploymentsApi_confirmStop());
        }
        Optional<String> refusal = refusal(reason, decision);
        if (refusal.isPresent()) {
            return JsonAnswer.problem(422, refusal.get());
        }
        Map<DeploymentSource, Optional<Place>> places = visible().lockable();
        if (places.isEmpty()) {
            return JsonAnswer.problem(422, Messages.RootDeploymentsApi_nothingToStop());
        }
        List<Order> orders = new ArrayList<>();
        try {
            places.forEach((source, place) -> {
                String id = source.idOf(EVERYTHING);
                Order order = order(Order.Kind.LOCK, id, EVERYTHING, DeploymentsPanel.text(decision) + id);
                orders.add(
                        place.isPresent()
                                ? lock(place.get(), order, EVERYTHING, until, includingRollbacks, reason)
                                : Orders.get().refuse(order, Messages.RootDeploymentsApi_notPermitted()));
            });
        } catch (GitOpsException invalid) {
            return JsonAnswer.problem(422, String.valueOf(invalid.getMessage()));
        }
        return new JsonAnswer(202, GateJson.text(orders));
    }

    @Override
    void checkMayLock() {
        Jenkins.get().checkPermission(GitOpsPermissions.LOCK);
    }

    @Override
    String scope() {
        return "";
    }

    /** Through a job on which whoever asks may lock; without one, what is configured for all of Jenkins. */
    @Override
    Optional<Place> place(String application) {
        VisibleApplications visible = visible();
        return visible.find(application).flatMap(found -> visible.place(found.source(), found.application()));
    }
}
