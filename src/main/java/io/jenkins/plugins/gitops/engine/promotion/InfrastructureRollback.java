package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.InfrastructureChange;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reverts what the last plan of an environment's infrastructure was made of: one commit that takes the changes of its folder back
 * to what an earlier plan was made of. What somebody has changed since stays, or is a conflict. Nothing is applied by it: the next
 * plan of the folder has it, and goes through the environment's gate.
 */
public final class InfrastructureRollback {

    private final ConfigRepository repository;
    private final Ledgers ledgers;
    private final Stops stops;

    public InfrastructureRollback(ConfigRepository repository, Ledgers ledgers, Stops stops) {
        this.repository = repository;
        this.ledgers = ledgers;
        this.stops = stops;
    }

    /**
     * What it did.
     *
     * @param bad commit that the last plan was made of
     * @param good commit that the folder goes back to
     */
    public record Reverted(CommitOutcome outcome, String branch, String bad, String good) {

        /** Whether the folder was back there already. */
        public boolean isUnchanged() {
            return outcome instanceof CommitOutcome.Unchanged;
        }

        /** Paths of the files that changed. */
        public List<String> files() {
            return outcome instanceof CommitOutcome.Committed made ? made.files() : List.of();
        }
    }

    /**
     * Makes the commit, once for each request. Blocking; safe to repeat.
     *
     * @param request its environment has infrastructure alone
     * @throws RefusedException if there is nothing to go back to, or somebody has changed the same since
     * @throws PendingDelivery while it waits in a pull request; ask again
     */
    public Reverted run(Rollback.Request request, Progress progress) {
        Snapshot declared = repository.tip(request.defaultBranch(), progress);
        Declaration declaration = Declarations.read(declared, request.defaultBranch());
        Target target = declaration.target(request.application(), request.environment());
        Declarations.requireJob(target.application(), request.provenance());
        String folder = target.environment().terraform().orElseThrow();
        String branch = target.environment().branch().orElse(request.defaultBranch());
        Ledger ledger = ledgers.of(repository, request.defaultBranch(), declaration, progress);
        Optional<Trailers> made = ledger.of(request.application(), request.environment()).stream()
                .map(Deployment::trailers)
                .filter(trailers ->
                        trailers.values(CommitRequest.BUMP_ID_TRAILER).contains(request.id()))
                .findFirst();
        String bad =
                made.flatMap(trailers -> trailers.value(Trailers.ROLLS_BACK)).orElseGet(() -> planned(target, ledger));
        String good = made.flatMap(trailers -> trailers.value(Trailers.ROLLBACK_TO))
                .orElseGet(() -> request.to().find(target, ledger));
        Snapshot from = repository.at(branch, bad, progress);
        Snapshot to = repository.at(branch, good, progress);
        FolderRevert revert = new FolderRevert(folder, from, to);
        if (made.isEmpty() && revert.isEmpty()) {
            throw new RefusedException("The folder of " + target + " is the same at "
                    + CommitInfo.abbreviate(to.commit()) + " as at " + CommitInfo.abbreviate(from.commit())
                    + ", which its last plan was made of: name an earlier commit.");
        }
        Optional<StoppedException> stop =
                stops.ofRollback(repository, request.application(), request.environment(), progress);
        AtomicReference<Map<String, Integer>> modes = new AtomicReference<>(Map.of());
        CommitRequest commit = new CommitRequest(
                branch,
                request.id(),
                request.application() + ": roll back the infrastructure of " + request.environment() + " to "
                        + CommitInfo.abbreviate(to.commit()),
                "",
                trailers(request, from.commit(), to.commit()).list(),
                request.author(),
                Optional.of(request.decidedAt()),
                Optional.empty(),
                tip -> {
                    FolderRevert.Edit edit = revert.onto(tip);
                    requireNoConflict(target, edit, to, from);
                    requireOwn(declaration, request.defaultBranch(), branch, tip, edit);
                    if (stop.isPresent() && !edit.contents().isEmpty()) {
                        throw stop.get();
                    }
                    modes.set(edit.modes());
                    return edit.contents();
                },
                path -> modes.get().getOrDefault(path, CommitRequest.KEPT));
        Optional<DeliveryDefinition> delivery = target.environment().delivery();
        CommitOutcome outcome = delivery.isPresent()
                ? new Delivery(Proposal.of(
                                commit,
                                Proposal.Terms.of(delivery.get()),
                                target.toString(),
                                List::of,
                                repository,
                                progress))
                        .deliver()
                : repository.commit(commit, progress);
        Reverted reverted = new Reverted(outcome, branch, from.commit(), to.commit());
        progress.say(line(target, reverted));
        return reverted;
    }

    private static String planned(Target target, Ledger ledger) {
        return ledger
                .infrastructure(
                        target.application().name(), target.environment().name())
                .stream()
                .filter(change -> change.outcome().isApply())
                .findFirst()
                .flatMap(InfrastructureChange::sourceCommit)
                .orElseThrow(
                        () -> new RefusedException("The deployment history does not say which commit the last plan of "
                                + target + " was made of: revert by hand what has to go, and plan again."));
    }

    private static Trailers trailers(Rollback.Request request, String bad, String good) {
        return Trailers.NONE
                .with(Trailers.APPLICATION, request.application())
                .with(Trailers.ENVIRONMENT, request.environment())
                .with(Trailers.ROLLS_BACK, bad)
                .with(Trailers.ROLLBACK_TO, good)
                .with(Trailers.REASON, Optional.of(request.reason()).filter(reason -> !reason.isBlank()))
                .with(Trailers.HOLD, "none")
                .with(Trailers.DECIDED_AT, Durations.time(request.decidedAt()))
                .withAll(request.provenance().withoutChange().trailers());
    }

    private static void requireNoConflict(Target target, FolderRevert.Edit edit, Snapshot to, Snapshot from) {
        if (!edit.conflicts().isEmpty()) {
            throw new RefusedException(target + " cannot be rolled back to " + CommitInfo.abbreviate(to.commit()) + ": "
                    + Shortened.list(edit.conflicts()) + " changed in the same places since "
                    + CommitInfo.abbreviate(from.commit()) + "; revert them by hand, and plan again.");
        }
    }

    /** What deploys something else does not go back with it. */
    private static void requireOwn(
            Declaration declaration, String defaultBranch, String branch, Snapshot tip, FolderRevert.Edit edit) {
        Set<String> others = new TreeSet<>(Set.of(Declaration.FILE));
        declaration
                .targets()
                .map(Target::environment)
                .filter(environment ->
                        environment.branch().orElse(defaultBranch).equals(branch))
                .flatMap(environment -> environment.files().stream())
                .forEach(file -> others.add(file.path()));
        others.retainAll(edit.contents().keySet());
        if (!others.isEmpty()) {
            throw new RefusedException("The file " + others.iterator().next()
                    + " would go back with the infrastructure, and is not part of it: declare under 'terraform' a"
                    + " folder that has infrastructure alone.");
        }
        Map<String, byte[]> before = new HashMap<>();
        edit.contents().keySet().forEach(path -> tip.file(path).ifPresent(content -> before.put(path, content)));
        Declarations.requireNoGateAbove(
                declaration,
                defaultBranch,
                branch,
                tip,
                new ReleaseEdit.Outcome(edit.contents(), before, edit.modes(), List.of()));
    }

    private static String line(Target target, Reverted reverted) {
        String id = CommitInfo.abbreviate(reverted.outcome().commit());
        if (reverted.isUnchanged()) {
            return "Nothing to change: the folder of " + target + " is back at "
                    + CommitInfo.abbreviate(reverted.good()) + " already.";
        }
        return "Committed " + id + " to " + reverted.branch() + ": the infrastructure of " + target + " goes back to "
                + CommitInfo.abbreviate(reverted.good()) + " with its next plan.";
    }
}
