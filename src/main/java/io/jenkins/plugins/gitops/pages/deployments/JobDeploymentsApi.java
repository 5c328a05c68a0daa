package io.jenkins.plugins.gitops.pages.deployments;

import hudson.model.Job;
import hudson.model.User;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.pages.JsonAnswer;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.CurrentPerson;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * Reads what a job deploys, and takes orders (docs/openapi.yaml). Everything is checked here, at the moment of the
 * request, whatever the page offered.
 */
public final class JobDeploymentsApi extends DeploymentsApi {

    /** Of a reason, in characters: it becomes one line of a commit's message. */
    private static final int LONGEST_REASON = 500;

    private final Job<?, ?> job;

    JobDeploymentsApi(Job<?, ?> job) {
        super(() -> {
            job.checkPermission(GitOpsPermissions.VIEW);
            return VisibleDeployments.of(job);
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

    private void checkMay(Permission permission) {
        job.checkPermission(GitOpsPermissions.VIEW);
        job.checkPermission(permission);
    }

    private HttpResponse order(
            Order.Kind kind, String application, String environment, String wanted, String reason, String decision) {
        Optional<DeployingJobs.Use> use = DeployingJobs.get().of(job.getFullName()).stream()
                .filter(one -> DeploymentSource.of(job, one.repository())
                        .idOf(one.application())
                        .equals(DeploymentsPanel.text(application)))
                .findFirst();
        if (use.isEmpty()) {
            return JsonAnswer.problem(404, Messages.JobDeploymentsApi_unknownApplication());
        } else if (DeploymentsPanel.text(environment).isEmpty()) {
            return JsonAnswer.problem(
                    422, Messages.JobDeploymentsApi_unknownEnvironment(use.get().application(), ""));
        } else if (DeploymentsPanel.text(reason).isEmpty()) {
            return JsonAnswer.problem(422, Messages.JobDeploymentsApi_noReason());
        } else if (DeploymentsPanel.text(reason).length() > LONGEST_REASON) {
            return JsonAnswer.problem(422, Messages.JobDeploymentsApi_longReason(LONGEST_REASON));
        } else if (DeploymentsPanel.text(decision).isEmpty()) {
            return JsonAnswer.problem(422, Messages.JobDeploymentsApi_noDecision());
        }
        User user = User.current();
        String by = user == null ? Jenkins.getAuthentication2().getName() : user.getId();
        Instant now = GitOpsServices.get().clock().instant();
        Order order = new Order(
                id(by, DeploymentsPanel.text(decision)),
                DeploymentsPanel.text(application),
                kind,
                DeploymentsPanel.text(environment),
                by,
                now.toString(),
                Order.State.WORKING,
                "",
                null);
        String choice = DeploymentsPanel.text(wanted);
        Person person = CurrentPerson.at(job);
        OrderWork work = new OrderWork(
                order,
                use.get(),
                choice.isEmpty() ? null : choice,
                DeploymentsPanel.text(reason),
                person.barred().isPresent() ? Set.of() : person.permissions());
        return new JsonAnswer(202, GateJson.text(Orders.get().give(work)));
    }

    /** Nobody can make a click count as somebody else's, or as one on another job. */
    private String id(String by, String decision) {
        String whole = String.join("\n", job.getFullName(), by, decision);
        return UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
