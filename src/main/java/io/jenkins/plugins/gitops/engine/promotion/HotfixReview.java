package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.DeploymentNotes;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Somebody confirms a hotfix after it was committed: neither who started it nor who let it pass.
 *
 * @param commit of the hotfix, full id
 * @param job on whose page it is confirmed, full name
 * @param by with the permission to approve there
 * @param comment one line, not blank
 */
public record HotfixReview(
        String application, String environment, String commit, String job, Person by, String comment) {

    /** The requirement of a gate that no hotfix of its target is overdue for review. */
    static final String REQUIREMENT = "review";

    /** Neither a rollback nor another hotfix waits for it, nor does a gate that takes no hotfix. */
    static boolean isRequired(GateDefinition definition, GateSubject.Promotion subject) {
        return definition.hotfix().isPresent()
                && subject.origin() != GateSubject.Origin.ROLLBACK
                && subject.procedure() == GateSubject.Procedure.ORDINARY;
    }

    static CheckResult requirement(Ledger ledger, GateSubject.Promotion subject, Instant now) {
        return ledger.of(subject.application(), subject.environment()).stream()
                .filter(hotfix ->
                        hotfix.reviewDue().filter(due -> due.isBefore(now)).isPresent())
                .findFirst()
                .map(overdue -> CheckResult.pending(REQUIREMENT, clause(overdue), null))
                .orElseGet(() -> CheckResult.passed(REQUIREMENT, "no hotfix is overdue for review"));
    }

    private static String clause(Deployment overdue) {
        return "the hotfix " + CommitInfo.abbreviate(overdue.commit()) + " by "
                + overdue.trailers().value(Trailers.STARTED_BY).orElse(overdue.author())
                + " needs a review since "
                + Durations.time(overdue.reviewDue().orElseThrow())
                + ": confirm it on the Deployments page";
    }

    /**
     * Records it in the config repository. Blocking.
     *
     * @param defaultBranch where the declaration stands
     * @throws RefusedException if this person must not, or there is nothing to confirm
     */
    public void record(
            ConfigRepository repository, String defaultBranch, Ledgers ledgers, Identity author, Progress progress) {
        by.refusal().ifPresent(nobody -> {
            throw new RefusedException(by.name() + " " + nobody + ".");
        });
        Declaration declaration = Declarations.read(repository.tip(defaultBranch, progress), defaultBranch);
        Declarations.requireJob(declaration.application(application), Provenance.UNKNOWN.by(job));
        String what = CommitInfo.abbreviate(commit) + " of " + application + "/" + environment;
        Deployment hotfix =
                ledgers.of(repository, defaultBranch, declaration, progress).of(application, environment).stream()
                        .filter(deployment -> deployment.commit().equals(commit))
                        .findFirst()
                        .filter(deployment -> deployment.hotfix().isPresent())
                        .orElseThrow(() -> new RefusedException("The deployment history has no hotfix " + what
                                + "; choose one that the Deployments page lists."));
        hotfix.reviewed().ifPresent(review -> {
            throw new RefusedException(
                    "The hotfix " + what + " was reviewed already (" + review + "); nothing changed.");
        });
        involved(hotfix.trailers()).ifPresent(how -> {
            throw new RefusedException(by.id() + " " + how + " the hotfix " + what + "; somebody else must review it.");
        });
        new DeploymentNotes(repository, author).reviewed(hotfix, by.id(), comment, progress);
    }

    /** What the person did for the hotfix. */
    private Optional<String> involved(Trailers said) {
        if (said.values(Trailers.STARTED_BY).stream().anyMatch(by::isUser)) {
            return Optional.of("started");
        }
        if (isOneOf(said, Trailers.APPROVED_BY, " (")) {
            return Optional.of("approved");
        }
        return isOneOf(said, Trailers.OVERRIDE, ": ") ? Optional.of("overrode the gate for") : Optional.empty();
    }

    /** @param after what follows the id of the user in a value, if anything does */
    private boolean isOneOf(Trailers said, String key, String after) {
        return said.values(key).stream()
                .flatMap(value -> Stream.of(value.indexOf(after), value.lastIndexOf(after), value.length())
                        .filter(end -> end > 0)
                        .map(end -> value.substring(0, end)))
                .anyMatch(by::isUser);
    }
}
