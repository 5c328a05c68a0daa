package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.ReviewerAccounts;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment.ArgoApplication;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.GateReviews;
import io.jenkins.plugins.gitops.engine.promotion.PendingDelivery;
import io.jenkins.plugins.gitops.engine.promotion.Promotion;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.engine.promotion.Rollback;
import io.jenkins.plugins.gitops.engine.promotion.RollbackTo;
import io.jenkins.plugins.gitops.notify.Notifications;
import io.jenkins.plugins.gitops.pages.Messages;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Carries out what somebody ordered on a job's page, as the steps do it and with the engine's own rules; their permission
 * was checked. What a gate has to decide waits there.
 *
 * @param order its id gives the commit its id, so that a repeated request commits once
 * @param use where the job deploys it
 * @param wanted of a promotion the environment the release comes from, of a rollback the commit of the deployment to go
 *     back to; null for what the declaration, or the history, says
 * @param reason one line, never empty
 * @param permissions that the person had when it was ordered
 */
record OrderWork(
        Order order,
        DeployingJobs.Use use,
        @CheckForNull String wanted,
        String reason,
        Set<Person.Permission> permissions) {

    /** Orders that were kept before there were permissions have none. */
    OrderWork {
        permissions = permissions == null ? Set.of() : Set.copyOf(permissions);
    }

    private static final Logger LOGGER = Logger.getLogger(OrderWork.class.getName());

    /** A job, also one that the current user may not see; empty when there is none. */
    static Optional<Job<?, ?>> job(String fullName) {
        return GitOpsSettings.item(fullName, Job.class).map(found -> (Job<?, ?>) found);
    }

    /** @throws RefusedException when it is gone */
    Job<?, ?> job() {
        return job(use.job()).orElseThrow(() -> new RefusedException(Messages.GatedOrders_jobDeleted()));
    }

    /** The same, of a job that has another name. */
    OrderWork of(String job) {
        return new OrderWork(
                order,
                new DeployingJobs.Use(job, use.repository(), use.application(), use.lastMillis()),
                wanted,
                reason,
                permissions);
    }

    DeploymentSource source() {
        return DeploymentSource.of(job(), use.repository());
    }

    private String application() {
        return use.application();
    }

    private String environment() {
        return order.environment();
    }

    private Instant orderedAt() {
        return Instant.parse(order.at());
    }

    /** Nothing is sent yet. */
    OpenedRepository open() {
        return use.repository().openForOrders(job());
    }

    /**
     * Commits it, or opens the gate that it has to pass. Blocking.
     *
     * @return empty when it waits at a gate
     * @throws GitOpsException if it is refused; nothing was committed
     */
    Optional<BumpResult> commit() {
        OpenedRepository opened = open();
        Optional<BumpResult> result =
                switch (order.kind()) {
                    case PROMOTION -> promote(opened);
                    case ROLLBACK -> rollBack(opened);
                    case LOCK, UNLOCK, REVIEW -> throw new IllegalStateException("no deployment");
                };
        if (result.filter(BumpResult::isUnchanged).isPresent()) {
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
            declaration(open())
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
                        GitOpsSettings.argoCdConnection(job(), application.connection()),
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

    private Optional<BumpResult> promote(OpenedRepository opened) {
        Promotion.Plan plan = promotion(opened)
                .plan(
                        new Promotion.Request(
                                order.id(),
                                opened.url(),
                                opened.branch(),
                                application(),
                                environment(),
                                wanted,
                                provenance(),
                                opened.author()),
                        Progress.SILENT);
        Optional<GateDefinition> gate = plan.gate();
        if (gate.isEmpty()) {
            plan.requireNotHeld();
        }
        // What a pull request brings outlives this controller as a gate does.
        boolean waits =
                gate.isPresent() || plan.target().environment().delivery().isPresent();
        if (waits && !plan.isEmpty()) {
            GatedOrders.get().open(this, plan.subject(), gate.orElse(GateDefinition.NONE), opened);
            return Optional.empty();
        }
        BumpResult result = write(opened, plan.subject(), Optional.empty());
        if (!result.isUnchanged()) {
            PromotionEvent.of(
                            new GateEvent.Promoted(GitOpsServices.get().clock().instant(), result.commit()),
                            plan.subject())
                    .ifPresent(Notifications::publish);
        }
        return Optional.of(result);
    }

    /** @param grant the gate that let it pass; empty for a target without one */
    BumpResult write(OpenedRepository opened, GateSubject.Promotion subject, Optional<Gate> grant) {
        if (subject.origin() == GateSubject.Origin.ROLLBACK) {
            Rollback.Plan plan = plan(opened, RollbackTo.commit(subject.sourceCommit()));
            return write(opened, grant.map(plan::grantedBy).orElse(plan));
        }
        return promotion(opened)
                .commit(subject, grant, provenance(), opened.author(), Optional.of(orderedAt()), Progress.SILENT);
    }

    /** Has reviews of its pull request count at its gate. */
    GateReviews reviews(OpenedRepository opened) {
        return new GateReviews(promotion(opened), new ReviewerAccounts(job()), opened.url());
    }

    /** @throws PendingDelivery while the gate is open and reviews count: look again */
    void review(GateReviews reviews, OpenedRepository opened, LiveGate open) {
        reviews.look(open, provenance(), opened.author(), Progress.SILENT);
    }

    /** Closes its pull request, if there is one that is open: the gate does not let it pass. Blocking. */
    void abandon(OpenedRepository opened, String reason) {
        opened.abandon(application(), List.of(environment()), order.id(), reason);
    }

    boolean isCommitted(OpenedRepository opened, GateSubject.Promotion subject) {
        return promotion(opened).isCommitted(subject, Progress.SILENT);
    }

    GateQuestions questions(OpenedRepository opened, GateSubject.Promotion subject) {
        GitOpsServices services = GitOpsServices.get();
        return services.gateRequirements(opened, services.liveness(job(), opened), services.verification(job()))
                .of(subject);
    }

    private Promotion promotion(OpenedRepository opened) {
        GitOpsServices services = GitOpsServices.get();
        return services.promotion(opened, services.liveness(job(), opened), services.verification(job()));
    }

    private Provenance provenance() {
        return new Provenance(null, order.by(), null, List.of(), reason).by(use.job());
    }

    /** What is no recovery waits at the gate, unless the person may override it. */
    private Optional<BumpResult> rollBack(OpenedRepository opened) {
        if (wanted != null) {
            requireKnown(
                    wanted,
                    GitOpsServices.get()
                            .ledgers()
                            .of(opened.repository(), opened.branch(), declaration(opened), Progress.SILENT));
        }
        Rollback.Plan plan = plan(opened, wanted == null ? RollbackTo.previousHealthy() : RollbackTo.commit(wanted));
        boolean isDelivered = plan.target().environment().delivery().isPresent();
        if (!plan.waitsAtGate() && !isDelivered) {
            return Optional.of(write(opened, plan));
        }
        if (plan.waitsAtGate() && permissions.contains(Person.Permission.OVERRIDE)) {
            return Optional.of(write(opened, plan.overriddenBy(order.by())));
        }
        GatedOrders.get()
                .open(
                        this,
                        GitOpsServices.get().rollback(opened).subject(plan, opened.url(), Progress.SILENT),
                        plan.waitsAtGate() ? plan.target().environment().gate().orElseThrow() : GateDefinition.NONE,
                        opened);
        return Optional.empty();
    }

    private Rollback.Plan plan(OpenedRepository opened, RollbackTo to) {
        return GitOpsServices.get()
                .rollback(opened)
                .plan(
                        new Rollback.Request(
                                order.id(),
                                opened.branch(),
                                application(),
                                environment(),
                                to,
                                Optional.empty(),
                                reason,
                                orderedAt(),
                                new Provenance(null, order.by(), null, List.of()).by(use.job()),
                                opened.author()),
                        Progress.SILENT);
    }

    private BumpResult write(OpenedRepository opened, Rollback.Plan plan) {
        BumpResult result = GitOpsServices.get().rollback(opened).commit(plan, Progress.SILENT);
        if (!result.isUnchanged()) {
            Notifications.publish(PromotionEvent.rolledBack(plan, result, orderedAt()));
        }
        return result;
    }

    /** A page takes an environment back to what it ran. */
    private void requireKnown(String commit, Ledger ledger) {
        if (ledger.of(application(), environment()).stream()
                .noneMatch(deployment -> deployment.commit().equals(commit))) {
            throw new RefusedException(
                    Messages.Orders_notInHistory(application(), environment(), CommitInfo.abbreviate(commit)));
        }
    }

    private static Declaration declaration(OpenedRepository opened) {
        return Declarations.read(opened.repository().tip(opened.branch(), Progress.SILENT), opened.branch());
    }
}
