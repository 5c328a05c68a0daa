package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import hudson.model.User;
import hudson.security.Permission;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.LockException;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.promotion.HotfixReview;
import io.jenkins.plugins.gitops.engine.promotion.Locking;
import io.jenkins.plugins.gitops.pages.JsonAnswer;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.security.CurrentPerson;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
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

    /**
     * Locks environments. Answers 202 with the order, whose end {@link #doDeployments} tells.
     *
     * @param application id, as {@link #doDeployments} has it: says which config repository
     * @param applications name or pattern of what is locked there, as are {@code environments}
     * @param until a duration or an instant; empty for until it is unlocked
     * @param includingRollbacks {@code true} to stop rollbacks as well
     * @param confirmed {@code true} where whoever asks was asked once more: required to lock everything
     */
    @RequirePOST
    public HttpResponse doLock(
            @QueryParameter String application,
            @QueryParameter String applications,
            @QueryParameter String environments,
            @QueryParameter String until,
            @QueryParameter String includingRollbacks,
            @QueryParameter String confirmed,
            @QueryParameter String reason,
            @QueryParameter String decision) {
        checkMay(GitOpsPermissions.LOCK);
        String what = DeploymentsPanel.text(applications);
        String where = DeploymentsPanel.text(environments);
        if (Lock.isOnEverything(what, where) && !isTrue(confirmed)) {
            return JsonAnswer.problem(422, Messages.JobDeploymentsApi_confirmLock());
        }
        return orderOf(Order.Kind.LOCK, application, where, reason, decision, (use, order) -> {
            Instant now = Instant.parse(order.at());
            Lock lock = new Lock(
                    order.id(),
                    what,
                    where,
                    order.by(),
                    now,
                    end(DeploymentsPanel.text(until), now),
                    DeploymentsPanel.text(reason),
                    isTrue(includingRollbacks) ? Lock.Stops.PROMOTIONS_AND_ROLLBACKS : Lock.Stops.PROMOTIONS,
                    null);
            return Orders.get().give(order, job, use.repository(), opened -> {
                new Locking(opened.repository(), opened.branch(), opened.author())
                        .set(lock, new Provenance(null, order.by(), null, List.of()), Progress.SILENT);
                return Messages.Orders_locked(lock.place());
            });
        });
    }

    /**
     * Lifts a lock. Answers 202 with the order, whose end {@link #doDeployments} tells.
     *
     * @param lock id, as {@link #doDeployments} has it
     */
    @RequirePOST
    public HttpResponse doUnlock(
            @QueryParameter String application,
            @QueryParameter String environment,
            @QueryParameter String lock,
            @QueryParameter String reason,
            @QueryParameter String decision) {
        checkMay(GitOpsPermissions.LOCK);
        return orderOf(
                Order.Kind.UNLOCK,
                application,
                environment,
                reason,
                decision,
                (use, order) -> Orders.get().give(order, job, use.repository(), opened -> {
                    Locking locking = new Locking(opened.repository(), opened.branch(), opened.author());
                    Instant now = Instant.parse(order.at());
                    List<Lock> found = locking.withIds(List.of(DeploymentsPanel.text(lock)), now, Progress.SILENT);
                    if (found.isEmpty()) {
                        throw new LockException(Messages.Orders_noLock());
                    }
                    locking.lift(
                            found,
                            new RepositoryLocks.Lifting(
                                    order.id(), order.by(), now, DeploymentsPanel.text(reason), null),
                            Progress.SILENT);
                    return Messages.Orders_unlocked(found.get(0).place());
                }));
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
        return orderOf(Order.Kind.REVIEW, application, environment, comment, decision, (use, order) -> {
            HotfixReview review = new HotfixReview(
                    use.application(),
                    order.environment(),
                    DeploymentsPanel.text(commit),
                    use.job(),
                    person,
                    DeploymentsPanel.text(comment));
            return Orders.get().give(order, job, use.repository(), opened -> {
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

    private static boolean isTrue(String parameter) {
        return DeploymentsPanel.text(parameter).equals("true");
    }

    @CheckForNull
    private static Instant end(String until, Instant now) {
        return until.isEmpty() ? null : Durations.end(until, now);
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
                (use, order) -> Orders.get()
                        .give(new OrderWork(
                                order,
                                use,
                                choice.isEmpty() ? null : choice,
                                DeploymentsPanel.text(reason),
                                person.barred().isPresent() ? Set.of() : person.permissions())));
    }

    private HttpResponse orderOf(
            Order.Kind kind,
            String application,
            String environment,
            String reason,
            String decision,
            BiFunction<DeployingJobs.Use, Order, Order> give) {
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
        try {
            return new JsonAnswer(202, GateJson.text(give.apply(use.get(), order)));
        } catch (GitOpsException invalid) {
            return JsonAnswer.problem(422, String.valueOf(invalid.getMessage()));
        }
    }

    /** Nobody can make a click count as somebody else's, or as one on another job. */
    private String id(String by, String decision) {
        String whole = String.join("\n", job.getFullName(), by, decision);
        return UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
