package io.jenkins.plugins.gitops.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.User;
import hudson.security.Permission;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import jenkins.model.Jenkins;
import jenkins.model.TransientActionFactory;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/**
 * What a job deploys: its applications with their environments, what runs there, their history, and the buttons to
 * promote and to roll back. Everything is checked here, at the moment of the request, whatever the page offered.
 */
public class JobDeployments extends DeploymentsPanel {

    /** Under the job's address. */
    public static final String URL_NAME = "gitops-deployments";

    /** Of a reason, in characters: it becomes one line of a commit's message. */
    private static final int LONGEST_REASON = 500;

    private final Job<?, ?> job;

    JobDeployments(@NonNull Job<?, ?> job) {
        this.job = job;
    }

    @NonNull
    public Job<?, ?> getJob() {
        return job;
    }

    @Override
    @NonNull
    public String getEndpoint() {
        return job.getUrl() + URL_NAME + "/";
    }

    @Override
    @NonNull
    public String getJobName() {
        return job.getFullName();
    }

    @Override
    public boolean isPromoter() {
        return job.hasPermission(GitOpsPermissions.PROMOTE);
    }

    @Override
    public boolean isRoller() {
        return job.hasPermission(GitOpsPermissions.ROLLBACK);
    }

    /** Nobody without the permission gets anything from here. */
    @Override
    @NonNull
    public Object getTarget() {
        job.checkPermission(GitOpsPermissions.VIEW);
        return this;
    }

    /** What the page shows as JSON, as it was read last. */
    @GET
    public HttpResponse doData() {
        job.checkPermission(GitOpsPermissions.VIEW);
        return new GateAnswer(200, VisibleDeployments.of(job).json());
    }

    /**
     * The history of an environment, newest first.
     *
     * @param application id, as {@link #doData} has it
     */
    @GET
    public HttpResponse doHistory(@QueryParameter String application, @QueryParameter String environment) {
        job.checkPermission(GitOpsPermissions.VIEW);
        return history(VisibleDeployments.of(job), application, environment);
    }

    /**
     * Promotes into an environment without a gate; one with a gate is refused. Answers 202 with the order, whose end
     * {@link #doData} tells.
     *
     * @param application id, as {@link #doData} has it
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
     * Rolls an environment back. Answers 202 with the order, whose end {@link #doData} tells.
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
                        .equals(text(application)))
                .findFirst();
        if (use.isEmpty()) {
            return GateAnswer.problem(404, Messages.JobDeployments_unknownApplication());
        } else if (text(environment).isEmpty()) {
            return GateAnswer.problem(
                    422, Messages.JobDeployments_unknownEnvironment(use.get().application(), ""));
        } else if (text(reason).isEmpty()) {
            return GateAnswer.problem(422, Messages.JobDeployments_noReason());
        } else if (text(reason).length() > LONGEST_REASON) {
            return GateAnswer.problem(422, Messages.JobDeployments_longReason(LONGEST_REASON));
        } else if (text(decision).isEmpty()) {
            return GateAnswer.problem(422, Messages.JobDeployments_noDecision());
        }
        User user = User.current();
        String by = user == null ? Jenkins.getAuthentication2().getName() : user.getId();
        OrderWish wish = new OrderWish(
                id(by, text(decision)),
                job,
                use.get().repository(),
                use.get().application(),
                text(environment),
                kind,
                text(wanted).isEmpty() ? null : text(wanted),
                text(reason),
                by);
        Order order = Orders.get().give(wish, DeploymentSource.of(job, use.get().repository()));
        return new GateAnswer(202, VisibleDeployments.write(order));
    }

    /** Nobody can make a click count as somebody else's, or as one on another job. */
    private String id(String by, String decision) {
        String whole = String.join("\n", job.getFullName(), by, decision);
        return UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8)).toString();
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return job.hasPermission(GitOpsPermissions.VIEW) ? ICON : null;
    }

    @Override
    @NonNull
    public String getDisplayName() {
        return Messages.JobDeployments_displayName();
    }

    @Override
    @NonNull
    public String getUrlName() {
        return URL_NAME;
    }

    /** Gives the page to the jobs that deploy something. */
    @Extension
    @SuppressWarnings("rawtypes")
    public static class Factory extends TransientActionFactory<Job> {

        @Override
        public Class<Job> type() {
            return Job.class;
        }

        @Override
        @NonNull
        public Collection<? extends Action> createFor(@NonNull Job target) {
            return DeployingJobs.get().of(target.getFullName()).isEmpty()
                    ? List.of()
                    : List.of(new JobDeployments((Job<?, ?>) target));
        }
    }
}
