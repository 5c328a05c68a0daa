package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.InfrastructureChange;
import io.jenkins.plugins.gitops.engine.ledger.InfrastructureChange.Outcome;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import java.io.Serializable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * A plan of Terraform in a target, of which the ledger is to know what became of it.
 *
 * @param id unique; what became of it is noted once
 * @param began before anything was noted of it
 * @param digest SHA-256 of the plan, in hexadecimal digits
 * @param counts as {@link InfrastructureChange#counts()} has them
 */
public record PlanOutcome(
        String id,
        Instant began,
        String application,
        String environment,
        String digest,
        LinkedHashMap<String, Integer> counts,
        Provenance provenance)
        implements Serializable {

    private static final String COMMIT = "[0-9a-f]{40}";

    /** Whether the ledger does not say so already: a plan that is made every hour is noted when it says something else. */
    public boolean isNews(Outcome outcome, Ledger ledger) {
        Optional<Ledger.Drift> drift = ledger.drift(application, environment);
        return switch (outcome) {
            case APPLIED, FAILED -> true;
            case UNCHANGED -> drift.isPresent();
            case DRIFTED ->
                drift.filter(known -> known.last().counts().equals(counts)).isEmpty();
        };
    }

    /**
     * Notes it. Blocking; safe to repeat.
     *
     * @param branch of the declaration
     * @param gate that has let it pass; empty for none
     */
    public void write(
            ConfigRepository repository,
            String branch,
            Identity author,
            Outcome outcome,
            Optional<Gate> gate,
            Progress progress) {
        String about = Optional.ofNullable(provenance.sourceCommit())
                .filter(commit -> commit.matches(COMMIT))
                .orElseGet(() -> repository.tip(branch, progress).commit());
        new DeploymentNotes(repository, author)
                .infrastructure(
                        application,
                        environment,
                        about,
                        id,
                        began,
                        outcome,
                        Trailers.NONE
                                .with(InfrastructureChange.PLAN, "sha256:" + digest)
                                .with(
                                        InfrastructureChange.PLAN_CHANGES,
                                        Optional.of(InfrastructureChange.text(counts))
                                                .filter(text -> !text.isEmpty()))
                                .withAll(provenance.trailers())
                                .withAll(gate.map(PromotionTrailers::granted).orElse(Trailers.NONE)),
                        progress);
    }
}
