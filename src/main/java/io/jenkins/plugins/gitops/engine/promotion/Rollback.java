package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.manifest.ManifestEditor;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.RollbackPolicy;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.repository.CommitRequest;
import io.jenkins.plugins.gitops.engine.repository.ConfigRepository;
import io.jenkins.plugins.gitops.engine.repository.Snapshot;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a target back to an earlier release: a new commit that restores the earlier images, never a force push, so it
 * works with Argo CD's auto-sync on and the history stays whole. Only images go back; whatever else changed in the
 * files since stays.
 */
public final class Rollback {

    private final ConfigRepository repository;
    private final ReleaseEdit edit;

    public Rollback(@NonNull ConfigRepository repository, @NonNull ManifestEditor editor) {
        this.repository = repository;
        this.edit = new ReleaseEdit(editor);
    }

    /**
     * What a rollback would do.
     *
     * @param bad the deployment that is taken back, by its commit
     * @param good the commit whose images come back
     * @param policy objective and hold of the environment
     */
    public record Plan(
            @NonNull RollbackRequest request,
            @NonNull Target target,
            @NonNull String branch,
            @NonNull String bad,
            @NonNull String good,
            @NonNull Map<String, ImageReference> release,
            @NonNull RollbackPolicy policy) {}

    /**
     * Finds what to go back to. Blocking; writes nothing.
     *
     * @throws RollbackRefusedException if there is nothing to go back to
     * @throws io.jenkins.plugins.gitops.engine.repository.RepositoryException if a named commit is unknown
     */
    @NonNull
    public Plan plan(@NonNull RollbackRequest request, @NonNull Progress progress) {
        Declaration declaration = Declarations.read(repository.tip(request.defaultBranch(), progress));
        Target target = declaration.target(request.application(), request.environment());
        String branch = target.environment().branch().orElse(request.defaultBranch());
        Ledger ledger = new LedgerReader(repository, request.defaultBranch()).read(declaration, progress);
        Snapshot tip = repository.tip(branch, progress);
        Optional<Trailers> made = made(request, ledger);
        String bad = made.flatMap(trailers -> trailers.value(Trailers.ROLLS_BACK))
                .or(() -> ledger.current(request.application(), request.environment())
                        .map(Deployment::commit))
                .orElse(tip.commit());
        String good = made.flatMap(trailers -> trailers.value(Trailers.ROLLBACK_TO))
                .orElseGet(() -> find(request, target, ledger));
        Snapshot earlier = repository.at(branch, good, progress);
        Map<String, ImageReference> release = edit.images(earlier, place(earlier, target, branch, request));
        if (release.isEmpty()) {
            throw new RollbackRefusedException("The files of " + target + " hold none of its images at commit "
                    + Declarations.shorten(good) + ": name another commit.");
        }
        return new Plan(
                request,
                target,
                branch,
                bad,
                earlier.commit(),
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

    private ReleaseEdit.Place place(Snapshot at, Target target, String branch, RollbackRequest request) {
        Application application = branch.equals(request.defaultBranch())
                        && at.file(Declaration.FILE).isPresent()
                ? Declarations.read(at).application(request.application())
                : target.application();
        return Bump.place(application, request.environment());
    }

    private static String find(RollbackRequest request, Target target, Ledger ledger) {
        String application = request.application();
        String environment = request.environment();
        if (request.to() instanceof RollbackTo.Commit commit) {
            return commit.id();
        } else if (request.to() instanceof RollbackTo.Run run) {
            return ledger.of(application, environment).stream()
                    .filter(deployment -> deployment
                            .trailers()
                            .value(Trailers.RUN)
                            .filter(address -> isRun(address, run.run()))
                            .isPresent())
                    .map(Deployment::commit)
                    .findFirst()
                    .orElseThrow(
                            () -> new RollbackRefusedException("No deployment of " + target + " came from the run '"
                                    + run.run() + "': name a commit, or a run that the deployment history shows."));
        } else if (request.to() instanceof RollbackTo.Before before) {
            return ledger.of(application, environment).stream()
                    .filter(deployment -> deployment.committedAt().isBefore(before.instant()))
                    .filter(Deployment::isGood)
                    .map(Deployment::commit)
                    .findFirst()
                    .orElseThrow(() -> new RollbackRefusedException("No healthy deployment of " + target
                            + " is known before " + GateStory.time(before.instant())
                            + ": name a commit to go back to."));
        }
        return ledger.previousHealthy(application, environment)
                .map(Deployment::commit)
                .orElseThrow(() -> new RollbackRefusedException("No earlier healthy release of " + target
                        + " is known: name a commit to go back to (gitopsRollback commit: '…')."));
    }

    /** An address, with or without its last slash, or the number at its end. */
    private static boolean isRun(String address, String wanted) {
        String whole = address.replaceFirst("/$", "");
        String sought = wanted.replaceFirst("/$", "").replaceFirst("^#", "");
        return whole.equals(sought)
                || (sought.matches("\\d+") && (whole.endsWith("/" + sought) || whole.endsWith("#" + sought)));
    }

    /**
     * Writes it: one commit, exactly once for each request. Blocking; safe to repeat.
     */
    @NonNull
    public BumpResult commit(@NonNull Plan plan, @NonNull Progress progress) {
        RollbackRequest request = plan.request();
        Target target = plan.target();
        ReleaseEdit.Place place =
                Bump.place(target.application(), target.environment().name());
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
                                        .toString()));
        return Commits.make(
                repository,
                new Commits.Wish(
                        plan.branch(),
                        request.id(),
                        request.application() + ": roll back " + request.environment() + " to "
                                + Bump.describe(plan.release()).replace(" to ", " "),
                        trailers,
                        request.author(),
                        plan.release(),
                        request.application(),
                        List.of(request.environment()),
                        Optional.of(request.decidedAt())),
                tip -> edit.apply(tip, List.of(place), plan.release()),
                progress);
    }
}
