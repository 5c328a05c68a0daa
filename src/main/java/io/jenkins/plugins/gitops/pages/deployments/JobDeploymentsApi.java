package io.jenkins.plugins.gitops.pages.deployments;

import hudson.model.Job;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.promotion.HotfixReview;
import io.jenkins.plugins.gitops.pages.JsonAnswer;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.CurrentPerson;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.util.Optional;
import java.util.Set;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * Reads what a job deploys, and takes orders (docs/openapi.yaml). Everything is checked here, at the moment of the
 * request, whatever the page offered.
 */
public final class JobDeploymentsApi extends LockingApi {

    private final Job<?, ?> job;

    JobDeploymentsApi(Job<?, ?> job) {
        super(() -> {
            job.checkPermission(GitOpsPermissions.VIEW);
            return VisibleApplications.of(job);
        });
        this.job = job;
    }

    /**
     * Promotes, through the gate of the environment if it has one. Answers 202 with the order, whose end
     * {@link #doDeployments} tells.
     *
     * @param application id, as {@link #doDeployments} has it
     * @param from where the release comes from; empty for what the declaration says
     * @param decision unique id of the click, so that a repeated request counts once
     */
    @RequirePOST
    public HttpResponse doPromote(
            @QueryParameter String application,
            @QueryParameter String environment,
            @QueryParameter String from,
            @QueryParameter String reason,
            @QueryParameter String decision) {
        checkMay(GitOpsPermissions.PROMOTE);
        return order(Order.Kind.PROMOTION, application, environment, from, reason, decision);
    }

    /**
     * Rolls an environment back. Answers 202 with the order, whose end {@link #doDeployments} tells.
     *
     * @param commit of the deployment to go back to; empty for the one that was healthy before
     */
    @RequirePOST
    public HttpResponse doRollback(
            @QueryParameter String application,
            @QueryParameter String environment,
            @QueryParameter String commit,
            @QueryParameter String reason,
            @QueryParameter String decision) {
        checkMay(GitOpsPermissions.ROLLBACK);
        return order(Order.Kind.ROLLBACK, application, environment, commit, reason, decision);
    }

    /**
     * Confirms a hotfix. Answers 202 with the order, whose end {@link #doDeployments} tells.
     *
     * @param commit of the hotfix
     * @param comment what was reviewed; never empty
     */
    @RequirePOST
    public HttpResponse doReview(
            @QueryParameter String application,
            @QueryParameter String environment,
            @QueryParameter String commit,
            @QueryParameter String comment,
            @QueryParameter String decision) {
        checkMay(GitOpsPermissions.APPROVE);
        if (DeploymentsPanel.text(comment).isEmpty()) {
            return JsonAnswer.problem(422, Messages.JobDeploymentsApi_noComment());
        }
        Person person = CurrentPerson.at(job);
        return orderOf(Order.Kind.REVIEW, application, environment, comment, decision, (place, order) -> {
            HotfixReview review = new HotfixReview(
                    place.application(),
                    order.environment(),
                    DeploymentsPanel.text(commit),
                    job.getFullName(),
                    person,
                    DeploymentsPanel.text(comment));
            return Orders.get().give(order, place, opened -> {
                review.record(
                        opened.repository(),
                        opened.branch(),
                        GitOpsServices.get().ledgers(),
                        opened.author(),
                        Progress.SILENT);
                return Messages.Orders_reviewed(CommitInfo.abbreviate(review.commit()));
            });
        });
    }

    private void checkMay(Permission permission) {
        job.checkPermission(GitOpsPermissions.VIEW);
        job.checkPermission(permission);
    }

    private HttpResponse order(
            Order.Kind kind, String application, String environment, String wanted, String reason, String decision) {
        String choice = DeploymentsPanel.text(wanted);
        Person person = CurrentPerson.at(job);
        return orderOf(
                kind,
                application,
                environment,
                reason,
                decision,
                (place, order) -> Orders.get()
                        .give(new OrderWork(
                                order,
                                use(order.application()).orElseThrow(),
                                choice.isEmpty() ? null : choice,
                                DeploymentsPanel.text(reason),
                                person.barred().isPresent() ? Set.of() : person.permissions())));
    }

    @Override
    void checkMayLock() {
        checkMay(GitOpsPermissions.LOCK);
    }

    @Override
    String scope() {
        return job.getFullName();
    }

    @Override
    Optional<Place> place(String application) {
        return use(application).map(use -> new Place(job, use.repository(), use.application()));
    }

    private Optional<DeployingJobs.Use> use(String application) {
        return DeployingJobs.get().of(job.getFullName()).stream()
                .filter(one -> DeploymentSource.of(job, one.repository())
                        .idOf(one.application())
                        .equals(application))
                .findFirst();
    }
}
