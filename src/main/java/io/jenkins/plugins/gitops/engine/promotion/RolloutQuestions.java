package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateCheck;
import io.jenkins.plugins.gitops.engine.gate.GateQuestions;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What keeps Rollouts of an application's environments from going on: freezes, and locks. The gate of a paused Rollout asks
 * for them besides people.
 *
 * @param branch of the declaration
 */
public record RolloutQuestions(
        ConfigRepository repository,
        String branch,
        String application,
        List<String> environments,
        GateReads reads,
        Stops stops)
        implements GateQuestions {

    public RolloutQuestions {
        environments = List.copyOf(environments);
    }

    @Override
    public List<GateCheck> checks(List<GateDefinition> readings) {
        return List.of(
                new GateCheck(Gate.FREEZE, this::freeze),
                GateCheck.of(
                        Gate.LOCK,
                        (gate, now) -> environments.stream()
                                .map(environment -> lock(gate, environment))
                                .reduce(RolloutQuestions::worse)
                                .orElseThrow()));
    }

    /**
     * Refuses to go on with them where there is no gate to wait at. Blocking.
     *
     * @throws StoppedException if one of them is frozen or locked now
     */
    public void requireOpen(Declaration declaration, Progress progress) {
        stops.ofChange(repository, declaration, application, environments, progress)
                .ifPresent(stopped -> {
                    throw stopped;
                });
    }

    private CompletionStage<CheckResult> freeze(Gate gate, Instant now) {
        return environments.stream()
                .map(environment -> stops.freeze(
                                reads(gate).declaration(repository, branch),
                                application,
                                environment,
                                gate.definition().freeze(),
                                now)
                        .toCompletableFuture())
                .reduce((one, other) -> one.thenCombine(other, RolloutQuestions::worse))
                .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("no environment")));
    }

    private CheckResult lock(Gate gate, String environment) {
        Ledger ledger = reads(gate).ledger(repository, branch);
        return isRollback(ledger, environment)
                ? stops.lockOfRollbacks(reads(gate).locks(repository), application, environment)
                : stops.lock(reads(gate).locks(repository), application, environment);
    }

    /** Recovery waits for no lock that does not say so. */
    private boolean isRollback(Ledger ledger, String environment) {
        return ledger.current(application, environment)
                .filter(deployment -> deployment.kind() == Deployment.Kind.ROLLBACK)
                .isPresent();
    }

    private GateReads reads(Gate gate) {
        return reads.since(gate.openedAt());
    }

    private static CheckResult worse(CheckResult one, CheckResult other) {
        return one.state() == CheckResult.State.PASSED ? other : one;
    }

    /** Why one of them may not go on now, though its gate lets it pass: somebody has locked it since. Blocking. */
    public Optional<StoppedException> locked(Progress progress) {
        Ledger ledger = reads.ledger(repository, branch);
        return environments.stream()
                .flatMap(environment -> (isRollback(ledger, environment)
                                ? stops.ofRollback(repository, application, environment, progress)
                                : stops.ofLock(repository, application, environment, progress))
                        .stream())
                .findFirst();
    }
}
