package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.engine.manifest.ManifestEditor;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.RollbackPolicy;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes a target back to an earlier release: a new commit that restores the earlier images, never a force push, so it
 * works with Argo CD's auto-sync on and the history stays whole. Only images go back; whatever else changed in the
 * files since stays.
 */
public final class Rollback {

    private final ConfigRepository repository;
    private final ReleaseEdit edit;
    private final Ledgers ledgers;

    public Rollback(@NonNull ConfigRepository repository, @NonNull ManifestEditor editor, @NonNull Ledgers ledgers) {
        this.repository = repository;
        this.edit = new ReleaseEdit(editor);
        this.ledgers = ledgers;
    }

    /**
     * What a rollback would do.
     *
     * @param tip commit of the branch that it was planned against
     * @param bad the deployment that is taken back, by its commit
     * @param good the commit whose images come back
     * @param replaced what the target ran at the tip
     * @param policy objective and hold of the environment
     */
    public record Plan(
            @NonNull RollbackRequest request,
            @NonNull Target target,
            @NonNull String branch,
            @NonNull String tip,
            @NonNull String bad,
            @NonNull String good,
            @NonNull Map<String, ImageReference> replaced,
            @NonNull Map<String, ImageReference> release,
            @NonNull RollbackPolicy policy) {

        /** How long it took until the earlier release was healthy. */
        @NonNull
        public RecoveryTime recovery(@NonNull Instant healthyAt) {
            return new RecoveryTime(
                    target.toString(), Duration.between(request.decidedAt(), healthyAt), policy.objective());
        }
    }

    /**
     * Finds what to go back to. Blocking; writes nothing.
     *
     * @throws RollbackRefusedException if there is nothing to go back to, or the target runs something else than at
     *     {@link RollbackRequest#seenAt()}
     * @throws io.jenkins.plugins.gitops.engine.git.RepositoryException if a named commit is unknown
     */
    @NonNull
    public Plan plan(@NonNull RollbackRequest request, @NonNull Progress progress) {
        Snapshot declared = repository.tip(request.defaultBranch(), progress);
        Declaration declaration = Declarations.read(declared);
        Target target = declaration.target(request.application(), request.environment());
        String branch = target.environment().branch().orElse(request.defaultBranch());
        // Before the ledger: what lands between the two is then noticed when the rollback is committed.
        Snapshot tip = branch.equals(request.defaultBranch()) ? declared : repository.tip(branch, progress);
        Ledger ledger = ledgers.of(repository, request.defaultBranch(), declaration, progress);
        Optional<Trailers> made = made(request, ledger);
        Optional<String> deployed =
                ledger.current(request.application(), request.environment()).map(Deployment::commit);
        String bad = made.flatMap(trailers -> trailers.value(Trailers.ROLLS_BACK))
                .or(() -> deployed)
                .orElse(tip.commit());
        Map<String, ImageReference> running = edit.images(tip, place(tip, target, branch, request));
        if (made.isEmpty() && request.seenAt().isPresent()) {
            Snapshot seen = repository.at(branch, request.seenAt().get(), progress);
            requireNoLater(target, branch, deployed, seen.commit(), progress);
            Map<String, ImageReference> ran = edit.images(seen, place(seen, target, branch, request));
            requireUnmoved(target, ran, running, ran);
        }
        String good = made.flatMap(trailers -> trailers.value(Trailers.ROLLBACK_TO))
                .orElseGet(() -> EarlierDeployment.find(request.to(), target, ledger));
        Snapshot earlier = repository.at(branch, good, progress);
        Map<String, ImageReference> release = edit.images(earlier, place(earlier, target, branch, request));
        if (release.isEmpty()) {
            throw new RollbackRefusedException("The files of " + target + " hold none of its images at commit "
                    + Words.commit(good) + ": name another commit.");
        }
        return new Plan(
                request,
                target,
                branch,
                tip.commit(),
                bad,
                earlier.commit(),
                running,
                release,
                target.environment().rollback());
    }

    /** What this very request's commit says, if it was made before a restart: planned anew it would go further back. */
    private static Optional<Trailers> made(RollbackRequest request, Ledger ledger) {
        return ledger.of(request.application(), request.environment()).stream()
                .map(Deployment::trailers)
                .filter(trailers ->
                        trailers.values(CommitRequest.BUMP_ID_TRAILER).contains(request.id()))
                .findFirst();
    }

    private void requireNoLater(
            Target target, String branch, Optional<String> deployed, String seenAt, Progress progress) {
        deployed.filter(commit -> !repository.isAncestor(branch, commit, seenAt, progress))
                .ifPresent(commit -> {
                    throw moved(target, "commit " + Words.commit(commit) + " was deployed");
                });
    }

    /**
     * Nobody's change is taken back who was not asked about.
     *
     * @param aim what may run there as well, because it is what is wished
     */
    private static void requireUnmoved(
            Target target,
            Map<String, ImageReference> seen,
            Map<String, ImageReference> now,
            Map<String, ImageReference> aim) {
        aim.forEach((image, wished) -> {
            ImageReference runs = now.get(image);
            if (!Objects.equals(runs, seen.get(image)) && !Objects.equals(runs, wished)) {
                throw moved(target, image + " is " + (runs == null ? "gone" : runs.toString()));
            }
        });
    }

    private static RollbackRefusedException moved(Target target, String clause) {
        return new RollbackRefusedException(target + " has moved on since the rollback was decided (" + clause
                + "): look at what it runs now, and roll back again if that is bad too.");
    }

    private ReleaseEdit.Place place(Snapshot at, Target target, String branch, RollbackRequest request) {
        Application application = branch.equals(request.defaultBranch())
                        && at.file(Declaration.FILE).isPresent()
                ? Declarations.read(at).application(request.application())
                : target.application();
        return Bump.place(application, request.environment());
    }

    /**
     * Writes it: one commit, exactly once for each request. Blocking; safe to repeat.
     *
     * @throws RollbackRefusedException if the target has moved on since the plan; nothing was committed
     */
    @NonNull
    public BumpResult commit(@NonNull Plan plan, @NonNull Progress progress) {
        RollbackRequest request = plan.request();
        Target target = plan.target();
        Trailers trailers = request.provenance()
                .withoutChange()
                .addTo(Trailers.NONE
                        .with(Trailers.APPLICATION, request.application())
                        .with(Trailers.ENVIRONMENT, request.environment())
                        .withImages(plan.release())
                        .with(Trailers.ROLLS_BACK, plan.bad())
                        .with(Trailers.ROLLBACK_TO, plan.good())
                        .with(Trailers.REASON, Optional.of(request.reason()).filter(reason -> !reason.isBlank()))
                        .with(
                                Trailers.HOLD,
                                plan.policy().hold() == RollbackPolicy.Hold.NONE
                                        ? Optional.of("none")
                                        : Optional.empty())
                        .with(
                                Trailers.DECIDED_AT,
                                request.decidedAt()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString())
                        .with(Trailers.OBJECTIVE, plan.policy().objective().toString()));
        ReleaseCommit commit = new ReleaseCommit(tip -> {
            ReleaseEdit.Place place = place(tip, target, plan.branch(), request);
            requireUnmoved(target, plan.replaced(), edit.images(tip, place), plan.release());
            return edit.apply(tip, List.of(place), plan.release());
        });
        CommitRequest wanted = new CommitRequest(
                plan.branch(),
                request.id(),
                request.application() + ": roll back " + request.environment() + " to " + Words.images(plan.release()),
                "",
                trailers.list(),
                request.author(),
                Optional.empty(),
                Optional.of(request.decidedAt()),
                Optional.empty(),
                commit);
        return commit.make(
                repository, wanted, plan.release(), request.application(), List.of(request.environment()), progress);
    }
}
