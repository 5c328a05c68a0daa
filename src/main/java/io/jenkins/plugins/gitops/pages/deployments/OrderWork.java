package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment.ArgoApplication;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.RefusedException;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.engine.promotion.RollbackTo;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.pages.Messages;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Carries out what somebody ordered on a job's page, as the steps do it and with the engine's own rules; their permission
 * was checked. Nobody waits at a gate for an order: a target that has one is refused here, whatever the page offered.
 *
 * @param order its id gives the commit its id, so that a repeated request commits once
 * @param wanted of a promotion the environment the release comes from, of a rollback the commit of the deployment to go
 *     back to; null for what the declaration, or the history, says
 * @param reason one line, never empty
 * @param now when it was ordered
 */
record OrderWork(
        Order order,
        Job<?, ?> job,
        DeployingJobs.Use use,
        @CheckForNull String wanted,
        String reason,
        Instant now) {

    private static final Logger LOGGER = Logger.getLogger(OrderWork.class.getName());

    DeploymentSource source() {
        return DeploymentSource.of(job, use.repository());
    }

    private String application() {
        return use.application();
    }

    private String environment() {
        return order.environment();
    }

    /**
     * Commits it. Blocking.
     *
     * @throws GitOpsException if it is refused; nothing was committed
     */
    BumpResult commit() {
        OpenedRepository opened = use.repository().openForOrders(job);
        BumpResult result =
                switch (order.kind()) {
                    case PROMOTION -> promote(opened);
                    case ROLLBACK -> rollBack(opened);
                };
        if (result.outcome() == BumpResult.Outcome.UNCHANGED) {
            throw new RefusedException(Messages.Orders_same(application(), environment()));
        }
        return result;
    }

    /**
     * Has Argo CD look at the commit at once, since nobody waits for it who would. It is made already: what goes wrong
     * here only makes it live some minutes later. Blocking.
     */
    void askForSync() {
        try {
            declaration(use.repository().openForOrders(job))
                    .target(application(), environment())
                    .environment()
                    .applications()
                    .forEach(this::askForSync);
        } catch (GitOpsException e) {
            notAsked(e);
        }
    }

    private void askForSync(ArgoApplication application) {
        GitOpsServices.get()
                .syncWaits()
                .refresh(
                        GitOpsSettings.argoCdConnection(job, application.connection()),
                        Optional.ofNullable(application.namespace()),
                        application.name())
                .exceptionally(failure -> {
                    notAsked(failure);
                    return false;
                });
    }

    private void notAsked(Throwable cause) {
        LOGGER.log(Level.FINE, cause, () -> "Argo CD is not asked for " + environment() + " at once");
    }

    private BumpResult promote(OpenedRepository opened) {
        requireNoGate(opened);
        Promotion promotion = new Promotion(
                opened.repository(),
                GitOpsServices.get().manifests(),
                GitOpsServices.get().liveness(job, opened),
                GitOpsServices.get().verification(job),
                GitOpsServices.get().ledgers());
        Provenance provenance = new Provenance(null, order.by(), null, List.of(), reason);
        Promotion.Plan plan = promotion.plan(
                new Promotion.Request(
                        order.id(), opened.url(), opened.branch(), application(), environment(), wanted, provenance),
                Progress.SILENT);
        if (plan.target().environment().gate().isPresent()) {
            throw gated();
        }
        plan.requireNotHeld();
        BumpResult result = promotion.commit(
                plan.subject(), Optional.empty(), provenance, opened.author(), Optional.of(now), Progress.SILENT);
        if (result.outcome() != BumpResult.Outcome.UNCHANGED) {
            PromotionEvent.of(
                            new GateEvent.Promoted(GitOpsServices.get().clock().instant(), result.commit()),
                            plan.subject())
                    .ifPresent(Notifications::publish);
        }
        return result;
    }

    /** Before anybody is asked whether the source is healthy: the gate is what the person must know first. */
    private void requireNoGate(OpenedRepository opened) {
        if (declaration(opened)
                .target(application(), environment())
                .environment()
                .gate()
                .isPresent()) {
            throw gated();
        }
    }

    private RefusedException gated() {
        return new RefusedException(Messages.Orders_gated(application(), environment()));
    }

    private BumpResult rollBack(OpenedRepository opened) {
        Ledger ledger = GitOpsServices.get()
                .ledgers()
                .of(opened.repository(), opened.branch(), declaration(opened), Progress.SILENT);
        if (wanted != null) {
            requireGood(wanted, ledger);
        }
        Rollback rollback = new Rollback(
                opened.repository(),
                GitOpsServices.get().manifests(),
                GitOpsServices.get().ledgers());
        Rollback.Plan plan = rollback.plan(
                new Rollback.Request(
                        order.id(),
                        opened.branch(),
                        application(),
                        environment(),
                        wanted == null ? RollbackTo.previousHealthy() : RollbackTo.commit(wanted),
                        Optional.empty(),
                        reason,
                        now,
                        new Provenance(null, order.by(), null, List.of()),
                        opened.author()),
                Progress.SILENT);
        BumpResult result = rollback.commit(plan, Progress.SILENT);
        if (result.outcome() != BumpResult.Outcome.UNCHANGED) {
            Notifications.publish(PromotionEvent.rolledBack(plan, result, now));
        }
        return result;
    }

    /** A page takes an environment back to what it ran, and to nothing that a rollback took back from there. */
    private void requireGood(String commit, Ledger ledger) {
        Deployment chosen = ledger.of(application(), environment()).stream()
                .filter(deployment -> deployment.commit().equals(commit))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        Messages.Orders_notInHistory(application(), environment(), CommitInfo.abbreviate(commit))));
        ledger.holds(application(), environment())
                .filter(hold -> hold.release().equals(chosen.images()))
                .findFirst()
                .ifPresent(hold -> {
                    throw new RefusedException(Messages.Orders_held(CommitInfo.abbreviate(commit), hold));
                });
    }

    private static Declaration declaration(OpenedRepository opened) {
        return Declarations.read(opened.repository().tip(opened.branch(), Progress.SILENT), opened.branch());
    }
}
