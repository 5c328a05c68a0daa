package io.jenkins.plugins.gitops.pages.verification;

import hudson.model.Job;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.PendingDelivery;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.engine.promotion.RollbackTo;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.notify.Notifications;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * {@code rollback: { automatic: true }}: takes back a deployment whose verification spoke against it, whoever waits for it.
 * The commit's id comes from the deployment, so that it is made once, by however many controllers and steps.
 */
final class AutomaticRollback {

    private static final Logger LOGGER = Logger.getLogger(AutomaticRollback.class.getName());

    /** How long it is watched until it is healthy. */
    private static final Duration WATCHED = Duration.ofHours(1);

    private final OpenedRepository opened;
    private final Kept kept;

    AutomaticRollback(OpenedRepository opened, Kept kept) {
        this.opened = opened;
        this.kept = kept;
    }

    /** Names the rollback of a deployment in its commit. */
    static String id(Verification.Deployed deployed) {
        return "auto-rollback-" + deployed.id();
    }

    /**
     * Commits it, again and again the same. Blocks.
     *
     * @param current what runs there, as far as the history knows
     * @return why nothing was taken back, a clause; empty where the earlier release is committed
     * @throws GitOpsException if the repository cannot be reached, or a pull request is open: it is tried again
     */
    Optional<String> commit(Verification failed, Optional<Deployment> current, Instant at) {
        if (!failed.isAgainstRelease()) {
            return Optional.of("no check counts against the release");
        }
        Verification.Deployed deployed = failed.deployed();
        if (current.filter(running -> running.kind() == Deployment.Kind.ROLLBACK
                        && !VerificationOwner.isOwnRollback(running, deployed))
                .isPresent()) {
            return Optional.of("it is itself a rollback: a person has to decide");
        }
        GitOpsServices services = GitOpsServices.get();
        Rollback rollback = services.rollback(opened);
        Rollback.Request request = new Rollback.Request(
                id(deployed),
                opened.branch(),
                deployed.application(),
                deployed.environment(),
                RollbackTo.previousHealthy(),
                Optional.of(deployed.commit()),
                "automatic: " + failed.summary(),
                at,
                new Provenance(kept.run(), null, null, List.of()).by(kept.job()),
                opened.author());
        try {
            Rollback.Plan plan = rollback.plan(request, Progress.SILENT);
            BumpResult result = rollback.commit(plan, Progress.SILENT);
            LOGGER.log(Level.INFO, "{0} goes back to the release of commit {1}, because {2}", new Object[] {
                deployed.target(), CommitInfo.abbreviate(plan.good()), failed.summary()
            });
            Notifications.publish(PromotionEvent.rolledBack(plan, result, at));
            follow(plan, result);
            return Optional.empty();
        } catch (RepositoryException | PendingDelivery later) {
            throw later;
        } catch (GitOpsException refused) {
            LOGGER.log(Level.WARNING, "{0} does not go back by itself: {1}", new Object[] {
                deployed.target(), refused.getMessage()
            });
            return Optional.of(refused.clause());
        }
    }

    private void follow(Rollback.Plan plan, BumpResult result) {
        try {
            await(plan, result);
        } catch (GitOpsException cannotBeWatched) {
            LOGGER.log(Level.WARNING, "{0} goes back, but cannot be watched: {1}", new Object[] {
                plan.target(), cannotBeWatched.getMessage()
            });
        }
    }

    /** Has Argo CD bring it live, and tells when it is: a restart of Jenkins forgets only to tell. */
    private void await(Rollback.Plan plan, BumpResult result) {
        GitOpsServices services = GitOpsServices.get();
        Optional<Job<?, ?>> job = GitOpsSettings.item(kept.job(), Job.class).map(found -> (Job<?, ?>) found);
        Environment environment = plan.target().environment();
        if (job.isEmpty() || environment.applications().isEmpty()) {
            return;
        }
        List<AwaitedApplications> watched = environment.applications().stream()
                .map(watching -> new AwaitedApplications(
                        GitOpsSettings.argoCdConnection(job.get(), watching.connection()),
                        watching.namespace(),
                        watching.name(),
                        Map.of()))
                .toList();
        services.syncWaits()
                .await(
                        new SyncRequest(
                                plan.request().id(),
                                watched,
                                new SyncRequest.Expectation(
                                        Optional.of(result.commit()),
                                        Version.images(plan.release()),
                                        Optional.of(opened.url()),
                                        Optional.of(plan.branch())),
                                new Policy(WATCHED, WATCHED, Duration.ZERO, Policy.DEFAULT.refresh(), Set.of()),
                                Optional.of((ancestor, descendant) -> opened.repository()
                                        .isAncestor(plan.branch(), ancestor, descendant, Progress.SILENT)),
                                services.clock().instant().plus(WATCHED)),
                        status -> {
                            if (status.kind() == Verdict.Kind.HEALTHY) {
                                services.workers().execute(() -> recovered(plan, result));
                            }
                        });
    }

    private void recovered(Rollback.Plan plan, BumpResult result) {
        Instant now = GitOpsServices.get().clock().instant();
        try {
            new DeploymentNotes(opened.repository(), opened.author())
                    .outcome(
                            plan.request().application(),
                            plan.request().environment(),
                            result.commit(),
                            Deployment.Outcome.HEALTHY,
                            now,
                            Progress.SILENT);
        } catch (GitOpsException e) {
            LOGGER.log(Level.WARNING, "The recovery of {0} is not in the deployment history: {1}", new Object[] {
                plan.target(), e.getMessage()
            });
        }
        Notifications.publish(PromotionEvent.recovered(plan, result, plan.recovery(now), now));
    }
}
