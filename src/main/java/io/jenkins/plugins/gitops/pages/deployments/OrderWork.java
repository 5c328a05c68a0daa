package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment.ArgoApplication;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.PromotionPlan;
import io.jenkins.plugins.gitops.engine.promotion.PromotionRefusedException;
import io.jenkins.plugins.gitops.engine.promotion.PromotionRequest;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.engine.promotion.RollbackRefusedException;
import io.jenkins.plugins.gitops.engine.promotion.RollbackRequest;
import io.jenkins.plugins.gitops.engine.promotion.RollbackTo;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.pages.Messages;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Carries out what was ordered, as the steps do it and with the engine's own rules. Nobody waits at a gate for an order:
 * a target that has one is refused here, whatever the page offered. Blocking.
 */
final class OrderWork {

    private static final Logger LOGGER = Logger.getLogger(OrderWork.class.getName());

    private final OrderWish wish;
    private final OpenedRepository opened;
    private final Instant now = GitOpsServices.get().clock().instant();

    /** @throws io.jenkins.plugins.gitops.engine.GitOpsException if the job may not open the repository */
    OrderWork(@NonNull OrderWish wish) {
        this.wish = wish;
        this.opened = wish.choice().openForOrders(wish.job());
    }

    /** @throws io.jenkins.plugins.gitops.engine.GitOpsException if it is refused; nothing was committed */
    @NonNull
    BumpResult commit() {
        BumpResult result =
                switch (wish.kind()) {
                    case PROMOTION -> promote();
                    case ROLLBACK -> rollBack();
                };
        if (result.outcome() == BumpResult.Outcome.UNCHANGED) {
            throw new PromotionRefusedException(Messages.Orders_same(wish.application(), wish.environment()));
        }
        return result;
    }

    /**
     * Has Argo CD look at the commit at once, since nobody waits for it who would. It is made already: what goes wrong
     * here only makes it live some minutes later.
     */
    void askForSync() {
        try {
            declaration()
                    .target(wish.application(), wish.environment())
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
                        GitOpsSettings.argoCdConnection(wish.job(), application.connection()),
                        Optional.ofNullable(application.namespace()),
                        application.name())
                .exceptionally(failure -> {
                    notAsked(failure);
                    return false;
                });
    }

    private void notAsked(Throwable cause) {
        LOGGER.log(Level.FINE, cause, () -> "Argo CD is not asked for " + wish.environment() + " at once");
    }

    private BumpResult promote() {
        requireNoGate();
        Promotion promotion = new Promotion(
                opened.repository(),
                GitOpsServices.get().manifests(),
                GitOpsServices.get().liveness(wish.job(), opened),
                GitOpsServices.get().verification(wish.job()),
                GitOpsServices.get().ledgers());
        Provenance provenance = new Provenance(null, wish.by(), null, List.of(), wish.reason());
        PromotionPlan plan = promotion.plan(
                new PromotionRequest(
                        wish.id(),
                        opened.url(),
                        opened.branch(),
                        wish.application(),
                        wish.environment(),
                        wish.wanted(),
                        provenance,
                        opened.author()),
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
    private void requireNoGate() {
        if (declaration()
                .target(wish.application(), wish.environment())
                .environment()
                .gate()
                .isPresent()) {
            throw gated();
        }
    }

    private PromotionRefusedException gated() {
        return new PromotionRefusedException(Messages.Orders_gated(wish.application(), wish.environment()));
    }

    private BumpResult rollBack() {
        String wanted = wish.wanted();
        if (wanted != null) {
            requireInHistory(wanted);
        }
        Rollback rollback = new Rollback(
                opened.repository(),
                GitOpsServices.get().manifests(),
                GitOpsServices.get().ledgers());
        Rollback.Plan plan = rollback.plan(
                new RollbackRequest(
                        wish.id(),
                        opened.branch(),
                        wish.application(),
                        wish.environment(),
                        wanted == null ? new RollbackTo.PreviousHealthy() : new RollbackTo.Commit(wanted),
                        Optional.empty(),
                        wish.reason(),
                        now,
                        new Provenance(null, wish.by(), null, List.of()),
                        opened.author()),
                Progress.SILENT);
        BumpResult result = rollback.commit(plan, Progress.SILENT);
        if (result.outcome() != BumpResult.Outcome.UNCHANGED) {
            Notifications.publish(PromotionEvent.rolledBack(plan, result, now));
        }
        return result;
    }

    /** A page takes an environment back to what it ran, and to nothing else that stands in the repository. */
    private void requireInHistory(String commit) {
        boolean known = GitOpsServices.get()
                .ledgers()
                .of(opened.repository(), opened.branch(), declaration(), Progress.SILENT)
                .of(wish.application(), wish.environment())
                .stream()
                .anyMatch(deployment -> deployment.commit().equals(commit));
        if (!known) {
            throw new RollbackRefusedException(
                    Messages.Orders_notInHistory(wish.application(), wish.environment(), Words.commit(commit)));
        }
    }

    private Declaration declaration() {
        return Declarations.read(opened.repository().tip(opened.branch(), Progress.SILENT));
    }
}
