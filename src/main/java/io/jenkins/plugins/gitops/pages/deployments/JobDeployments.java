package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.ModelObject;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.pages.gate.GateApi;
import io.jenkins.plugins.gitops.pages.gate.GateRecords;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/**
 * What a job deploys: its applications with their environments, what runs there, their history, and the buttons to
 * promote and to roll back.
 */
public class JobDeployments extends DeploymentsPanel {

    /** Under the job's address. */
    public static final String URL_NAME = "gitops";

    /** Under the page's own address: the gates of what people ordered here. */
    static final String GATES = "gates";

    private final Job<?, ?> job;

    JobDeployments(Job<?, ?> job) {
        this.job = job;
    }

    public Job<?, ?> getJob() {
        return job;
    }

    @Override
    public String getEndpoint() {
        return job.getUrl() + URL_NAME + "/";
    }

    @Override
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

    @Override
    public boolean isApprover() {
        return job.hasPermission(GitOpsPermissions.APPROVE);
    }

    @Override
    public boolean isLocker() {
        return job.hasPermission(GitOpsPermissions.LOCK);
    }

    /** Nobody without the permission gets anything from here. */
    @Override
    public Object getTarget() {
        job.checkPermission(GitOpsPermissions.VIEW);
        return this;
    }

    /** The gates of what people ordered here; its page is {@code gates/}. */
    public JobGatesPage getGates() {
        return new JobGatesPage(job, GatedOrders.get().of(job));
    }

    /** The page of those gates; the gates of runs are on the runs' own pages. */
    public record JobGatesPage(Job<?, ?> job, GateRecords records) implements ModelObject {

        public Job<?, ?> getJob() {
            return job;
        }

        public GateRecords getRecords() {
            return records;
        }

        /** What scripts and the page's own script ask. */
        public GateApi getV1() {
            return records.getV1();
        }

        @Override
        public String getDisplayName() {
            return Messages.JobDeployments_gates();
        }
    }

    /** What scripts and the page's own script ask, {@code v1/} under the page's address. */
    public JobDeploymentsApi getV1() {
        return new JobDeploymentsApi(job);
    }

    @Override
    @CheckForNull
    public String getIconFileName() {
        return job.hasPermission(GitOpsPermissions.VIEW) ? ICON : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.JobDeployments_displayName();
    }

    @Override
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
        public Collection<? extends Action> createFor(Job target) {
            return DeployingJobs.get().of(target.getFullName()).isEmpty()
                    ? List.of()
                    : List.of(new JobDeployments((Job<?, ?>) target));
        }
    }
}
