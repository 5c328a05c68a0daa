package io.jenkins.plugins.gitops.steps.support.sync;

import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.RolloutAction;
import io.jenkins.plugins.gitops.engine.argocd.wait.SyncWaits;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.RolloutQuestions;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncOptions.Subject;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan.Leg;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Rollouts of a wait that stay paused, as they were found. What is done with them later is done only with those that are
 * still so: another pause, or another release, is another question.
 *
 * @param since when they were found
 */
public record PausedRollouts(ArrayList<One> all, Instant since) implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * @param title of the environment: {@code shop/prod}
     * @param state its version and how it was found, as text
     */
    record One(String title, AwaitedApplications application, String name, String message, String state)
            implements Serializable {

        private static final long serialVersionUID = 1L;

        Optional<ResourceState> same(SyncWaits waits) throws InterruptedException {
            return rollouts(waits, application).stream()
                    .filter(rollout ->
                            rollout.name().equals(name) && rollout.standing().equals(state))
                    .findFirst();
        }
    }

    /** Those of the named Applications of a wait. Blocks. */
    public static PausedRollouts find(GitOpsServices services, AwaitSyncPlan plan) throws InterruptedException {
        ArrayList<One> paused = new ArrayList<>();
        for (Leg leg : plan.legs()) {
            for (AwaitedApplications application : leg.watched()) {
                for (ResourceState rollout : rollouts(services.syncWaits(), application)) {
                    if (rollout.isPausedRollout()) {
                        paused.add(new One(
                                leg.title(), application, rollout.name(), rollout.message(), rollout.standing()));
                    }
                }
            }
        }
        return new PausedRollouts(paused, services.clock().instant());
    }

    private static List<ResourceState> rollouts(SyncWaits waits, AwaitedApplications application)
            throws InterruptedException {
        return answer(waits.rollouts(
                application.connection(),
                Optional.ofNullable(application.namespace()),
                Objects.requireNonNull(application.name())));
    }

    /** Those that are not among others, as they were found then. */
    public PausedRollouts without(PausedRollouts others) {
        return new PausedRollouts(
                new ArrayList<>(
                        all.stream().filter(one -> !others.all().contains(one)).toList()),
                since);
    }

    /** The same, of that time. */
    public PausedRollouts at(Instant time) {
        return new PausedRollouts(all, time);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** What people are asked. */
    public String question() {
        return all.stream()
                        .map(one -> "Rollout " + one.name() + " of " + one.title() + " " + one.message())
                        .collect(Collectors.joining("; "))
                + ": promote it?";
    }

    /**
     * The gate of the environments, of which all approvals are needed; where none has one, anybody who may approve decides.
     *
     * @throws GitOpsException if the job may not change the application
     */
    public GateDefinition gate(OpenedRepository opened, Subject.Declared declared, Provenance by, Progress progress) {
        Declaration declaration =
                Declarations.read(opened.repository().tip(opened.branch(), progress), opened.branch());
        List<Target> targets = declared.environments().stream()
                .map(environment -> declaration.target(declared.application(), environment))
                .filter(target -> isIn(target.toString()))
                .toList();
        targets.forEach(target -> Declarations.requireJob(target.application(), by));
        List<GateDefinition> gates = targets.stream()
                .flatMap(target -> target.environment().gate().stream())
                .toList();
        if (gates.size() > 1) {
            throw new RefusedException(
                    "Rollouts of several environments with gates are paused: wait for each in a step of its own.");
        }
        return gates.isEmpty()
                ? new GateDefinition(List.of(new Approvals(1, List.of())), List.of())
                : gates.get(0).forRollout();
    }

    /** What keeps those of the environments from going on. */
    public RolloutQuestions questions(GitOpsServices services, OpenedRepository opened, Subject.Declared declared) {
        return services.rolloutQuestions(
                opened,
                declared.application(),
                declared.environments().stream()
                        .filter(environment -> isIn(declared.application() + "/" + environment))
                        .toList());
    }

    private boolean isIn(String target) {
        return all.stream().anyMatch(one -> one.title().equals(target));
    }

    /** Whether one of them is still as it was found. Blocks. */
    public boolean isAnyLeft(GitOpsServices services) throws InterruptedException {
        for (One one : all) {
            if (one.same(services.syncWaits()).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Does it with those that are still as they were found; says what was done. Blocks. */
    public String act(GitOpsServices services, RolloutAction action) throws InterruptedException {
        List<String> done = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (One one : all) {
            Optional<ResourceState> same = one.same(services.syncWaits());
            if (same.isPresent()) {
                answer(services.syncWaits()
                        .act(
                                one.application().connection(),
                                Optional.ofNullable(one.application().namespace()),
                                Objects.requireNonNull(one.application().name()),
                                same.get(),
                                action));
                done.add(one.name());
            } else {
                left.add(one.name());
            }
        }
        List<String> sentences = new ArrayList<>();
        if (!done.isEmpty()) {
            sentences.add("Requested " + action.key() + " of Rollout " + String.join(", ", done) + ".");
        }
        if (!left.isEmpty()) {
            sentences.add("Rollout " + String.join(", ", left) + " has changed meanwhile and stays as it is.");
        }
        return String.join(" ", sentences);
    }

    /** What Argo CD answered, which is waited for a minute at most. */
    public static <T> T answer(CompletableFuture<T> asked) throws InterruptedException {
        try {
            return asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof GitOpsException sentence
                    ? sentence
                    : new ArgoCdException(Reason.UNAVAILABLE, "Argo CD could not be read: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new ArgoCdException(
                    Reason.UNAVAILABLE,
                    "Argo CD did not respond within " + PATIENCE.toSeconds()
                            + " s: check the connection and try again.",
                    e);
        }
    }
}
