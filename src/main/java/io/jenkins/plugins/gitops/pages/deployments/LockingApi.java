package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Job;
import hudson.model.User;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.lock.Lock;
import io.jenkins.plugins.gitops.engine.lock.RepositoryLocks;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.promotion.Locking;
import io.jenkins.plugins.gitops.pages.JsonAnswer;
import io.jenkins.plugins.gitops.pages.Messages;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * Reads deployments, and takes orders to lock and to unlock (docs/openapi.yaml): what the page of a job and that of all
 * jobs share. Everything is checked here, at the moment of the request, whatever the page offered.
 */
public abstract class LockingApi extends DeploymentsApi {

    /** Of a reason, in characters: it becomes one line of a commit's message. */
    private static final int LONGEST_REASON = 500;

    LockingApi(Supplier<VisibleApplications> visible) {
        super(visible);
    }

    /**
     * Where an order is carried out.
     *
     * @param job whose use of the repository it is; null where it is configured for all of Jenkins, and no job's
     * @param application its name
     */
    record Place(@CheckForNull Job<?, ?> job, RepositoryChoice repository, String application) {

        DeploymentSource source() {
            return job == null ? new DeploymentSource("", repository) : DeploymentSource.of(job, repository);
        }

        /** Nothing is sent yet. */
        OpenedRepository open() {
            return job == null ? source().open(null) : repository.openForOrders(job);
        }
    }

    /** Refuses whoever may not lock on this page. */
    abstract void checkMayLock();

    /** Names the page among all. */
    abstract String scope();

    /**
     * Of an application on this page; empty for none.
     *
     * @param application id, as {@link #doDeployments} has it
     */
    abstract Optional<Place> place(String application);

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
        checkMayLock();
        String what = DeploymentsPanel.text(applications);
        String where = DeploymentsPanel.text(environments);
        if (Lock.isOnEverything(what, where) && !isTrue(confirmed)) {
            return JsonAnswer.problem(422, Messages.JobDeploymentsApi_confirmLock());
        }
        return orderOf(
                Order.Kind.LOCK,
                application,
                where,
                reason,
                decision,
                (place, order) -> lock(place, order, what, until, includingRollbacks, reason));
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
        checkMayLock();
        return orderOf(
                Order.Kind.UNLOCK,
                application,
                environment,
                reason,
                decision,
                (place, order) -> Orders.get().give(order, place, opened -> {
                    Locking locking = new Locking(opened.repository(), opened.branch(), opened.author());
                    Instant now = Instant.parse(order.at());
                    List<Lock> found = locking.withIds(List.of(DeploymentsPanel.text(lock)), now, Progress.SILENT);
                    if (found.isEmpty()) {
                        throw new RefusedException(Messages.Orders_noLock());
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
     * Has a lock set.
     *
     * @param what applications, by name or pattern; the order says which environments
     * @throws GitOpsException if it is not valid
     */
    static Order lock(Place place, Order order, String what, String until, String includingRollbacks, String reason) {
        Instant now = Instant.parse(order.at());
        Lock lock = new Lock(
                order.id(),
                what,
                order.environment(),
                order.by(),
                now,
                end(DeploymentsPanel.text(until), now),
                DeploymentsPanel.text(reason),
                isTrue(includingRollbacks) ? Lock.Scope.PROMOTIONS_AND_ROLLBACKS : Lock.Scope.PROMOTIONS,
                null);
        return Orders.get().give(order, place, opened -> {
            new Locking(opened.repository(), opened.branch(), opened.author())
                    .set(lock, new Provenance(null, order.by(), null, List.of()), Progress.SILENT);
            return Messages.Orders_locked(lock.place());
        });
    }

    static boolean isTrue(String parameter) {
        return DeploymentsPanel.text(parameter).equals("true");
    }

    @CheckForNull
    private static Instant end(String until, Instant now) {
        return until.isEmpty() ? null : Durations.end(until, now);
    }

    /** Has an order carried out that says why, for an application that is there. */
    HttpResponse orderOf(
            Order.Kind kind,
            String application,
            String environment,
            String reason,
            String decision,
            BiFunction<Place, Order, Order> give) {
        Optional<Place> place = place(DeploymentsPanel.text(application));
        if (place.isEmpty()) {
            return JsonAnswer.problem(404, Messages.JobDeploymentsApi_unknownApplication());
        } else if (DeploymentsPanel.text(environment).isEmpty()) {
            return JsonAnswer.problem(
                    422,
                    Messages.JobDeploymentsApi_unknownEnvironment(place.get().application(), ""));
        }
        Optional<String> refusal = refusal(reason, decision);
        if (refusal.isPresent()) {
            return JsonAnswer.problem(422, refusal.get());
        }
        Order order = order(kind, DeploymentsPanel.text(application), DeploymentsPanel.text(environment), decision);
        try {
            return new JsonAnswer(202, GateJson.text(give.apply(place.get(), order)));
        } catch (GitOpsException invalid) {
            return JsonAnswer.problem(422, String.valueOf(invalid.getMessage()));
        }
    }

    /** Why nothing is done without a reason or for a click that is none. */
    static Optional<String> refusal(String reason, String decision) {
        if (DeploymentsPanel.text(reason).isEmpty()) {
            return Optional.of(Messages.JobDeploymentsApi_noReason());
        } else if (DeploymentsPanel.text(reason).length() > LONGEST_REASON) {
            return Optional.of(Messages.JobDeploymentsApi_longReason(LONGEST_REASON));
        }
        return DeploymentsPanel.text(decision).isEmpty()
                ? Optional.of(Messages.JobDeploymentsApi_noDecision())
                : Optional.empty();
    }

    /** What whoever asks orders now. */
    Order order(Order.Kind kind, String application, String environment, String decision) {
        User user = User.current();
        String by = user == null ? Jenkins.getAuthentication2().getName() : user.getId();
        return new Order(
                id(by, DeploymentsPanel.text(decision)),
                application,
                kind,
                environment,
                by,
                GitOpsServices.get().clock().instant().toString(),
                Order.State.WORKING,
                "",
                null);
    }

    /** Nobody can make a click count as somebody else's, or as one on another page. */
    private String id(String by, String decision) {
        String whole = String.join("\n", scope(), by, decision);
        return UUID.nameUUIDFromBytes(whole.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
