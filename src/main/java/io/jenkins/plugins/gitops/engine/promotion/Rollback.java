package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.ledger.RecoveryTime;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.RollbackPolicy;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes a target back to an earlier release: a new commit that restores the earlier images, never a force push, so it
 * works with Argo CD's auto-sync on and the history stays whole. Only images, versions and what the application carries go
 * back; whatever else changed in the files since stays.
 */
public final class Rollback {

    private final ConfigRepository repository;
    private final ReleaseEdit edit;
    private final Ledgers ledgers;
    private final Stops stops;

    public Rollback(ConfigRepository repository, ManifestFiles editor, Ledgers ledgers, Stops stops) {
        this.stops = stops;
        this.repository = repository;
        this.edit = new ReleaseEdit(editor);
        this.ledgers = ledgers;
    }

    /**
     * What to take back.
     *
     * @param id unique; the same id never rolls back twice
     * @param seenAt the commit at which the target was seen when the rollback was decided: when it runs something else by
     *     now, nothing is taken back; empty for whatever runs there
     * @param reason for commit, ledger and hold; may be empty
     * @param decidedAt when a person, or a failed deployment, decided it
     */
    public record Request(
            String id,
            String defaultBranch,
            String application,
            String environment,
            RollbackTo to,
            Optional<String> seenAt,
            String reason,
            Instant decidedAt,
            Provenance provenance,
            Identity author) {}

    /**
     * What a rollback would do.
     *
     * @param tip commit of the branch that it was planned against
     * @param bad the deployment that is taken back, by its commit
     * @param good the commit whose images come back
     * @param replaced what the target ran at the tip
     * @param policy objective and hold of the environment
     * @param standing what speaks for the release that comes back
     * @param pass who let it through the gate, as trailers; empty where nobody was asked
     * @param turn what the gate decided about, for the commit; empty where no gate did
     */
    public record Plan(
            Request request,
            Target target,
            String branch,
            String tip,
            String bad,
            String good,
            Map<String, Version> replaced,
            Map<String, Version> release,
            RollbackPolicy policy,
            RollbackStanding standing,
            Optional<Trailers> pass,
            Optional<GateSubject.Promotion> turn) {

        /** Whether the environment's gate decides about it first. */
        public boolean waitsAtGate() {
            return standing.waitsAtGate(target.environment());
        }

        /**
         * The same, let through by the gate that decided about it.
         *
         * @throws RefusedException if the target runs, or would go back to, something else than the gate decided about
         */
        public Plan grantedBy(Gate gate) {
            GateSubject.Promotion decided = (GateSubject.Promotion) gate.subject();
            decided.movedTo(replaced).ifPresent(clause -> {
                throw new RefusedException(clause + ": check what it runs now, and roll back again.");
            });
            if (!release.equals(decided.release())) {
                throw new RefusedException(target + " would go back to " + Release.text(release)
                        + " by now, and its gate decided about " + Release.text(decided.release())
                        + ": roll back again, and name the commit to go back to.");
            }
            return passed(PromotionTrailers.granted(gate), Optional.of(decided));
        }

        /** The same, let past the gate by somebody who may override it, for the request's reason. */
        public Plan overriddenBy(String person) {
            return passed(
                    Trailers.NONE.with(Trailers.OVERRIDE, person + ": " + request.reason() + " [skipped gate]"),
                    Optional.empty());
        }

        private Plan passed(Trailers how, Optional<GateSubject.Promotion> decided) {
            return new Plan(
                    request,
                    target,
                    branch,
                    tip,
                    bad,
                    good,
                    replaced,
                    release,
                    policy,
                    standing,
                    Optional.of(how),
                    decided);
        }

        /** How long it took until the earlier release was healthy. */
        public RecoveryTime recovery(Instant healthyAt) {
            return new RecoveryTime(
                    target.toString(), Duration.between(request.decidedAt(), healthyAt), policy.objective());
        }
    }

    /**
     * Finds what to go back to. Blocking; writes nothing.
     *
     * @throws RefusedException if there is nothing to go back to, or the target runs something else than at
     *     {@link Request#seenAt()}
     * @throws io.jenkins.plugins.gitops.engine.git.RepositoryException if a named commit is unknown
     */
    public Plan plan(Request request, Progress progress) {
        Snapshot declared = repository.tip(request.defaultBranch(), progress);
        Declaration declaration = Declarations.read(declared, request.defaultBranch());
        Target target = declaration.target(request.application(), request.environment());
        Declarations.requireJob(target.application(), request.provenance());
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
        Map<String, Version> running = edit.images(tip, place(tip, target, branch, request));
        if (made.isEmpty() && request.seenAt().isPresent()) {
            Snapshot seen = repository.at(branch, request.seenAt().get(), progress);
            requireNoLater(target, branch, deployed, seen.commit(), progress);
            Map<String, Version> ran = edit.images(seen, place(seen, target, branch, request));
            requireUnmoved(target, ran, running, ran);
        }
        String good = made.flatMap(trailers -> trailers.value(Trailers.ROLLBACK_TO))
                .orElseGet(() -> request.to().find(target, ledger));
        Snapshot earlier = repository.at(branch, good, progress);
        Map<String, Version> release = edit.images(earlier, place(earlier, target, branch, request));
        if (new SourceRelease(target, earlier.commit(), release, null).isEmpty()) {
            throw new RefusedException("The files of " + target + " contain none of its images at commit "
                    + CommitInfo.abbreviate(good) + ": name another commit.");
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
                target.environment().rollback(),
                // What this request has committed before a restart is not judged again.
                made.isPresent()
                        ? RollbackStanding.RECOVERY
                        : RollbackStanding.of(ledger, target, earlier.commit(), release, running),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * What a gate decides about where the rollback has to wait. Blocking; writes nothing.
     *
     * @param repositoryUrl without a password, for the gate's page
     */
    public GateSubject.Promotion subject(Plan plan, String repositoryUrl, Progress progress) {
        Request request = plan.request();
        Snapshot tip = repository.at(plan.branch(), plan.tip(), progress);
        var outcome = edit.apply(tip, List.of(place(tip, plan)), plan.release(), origin(plan, progress));
        return new GateSubject.Promotion(
                request.id(),
                repositoryUrl,
                request.defaultBranch(),
                request.application(),
                request.environment(),
                plan.branch(),
                plan.release(),
                outcome.images(),
                outcome.files(),
                request.environment(),
                plan.good(),
                List.of(),
                List.of(),
                request.provenance().startedBy(),
                request.provenance().run(),
                request.provenance().starters(),
                request.provenance().authorsUnknown(),
                GateSubject.Origin.ROLLBACK,
                GateSubject.Procedure.ORDINARY,
                request.reason().isBlank() ? null : request.reason(),
                List.of());
    }

    /** Whether this very request was committed already, for example because only its answer was lost. */
    public boolean isCommitted(Request request, Progress progress) {
        Declaration declaration =
                Declarations.read(repository.tip(request.defaultBranch(), progress), request.defaultBranch());
        return made(request, ledgers.of(repository, request.defaultBranch(), declaration, progress))
                .isPresent();
    }

    /** What this very request's commit says, if it was made before a restart: planned again, it would go further back. */
    private static Optional<Trailers> made(Request request, Ledger ledger) {
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
                    throw moved(target, "commit " + CommitInfo.abbreviate(commit) + " was deployed");
                });
    }

    /**
     * Nobody's change is taken back who was not asked about.
     *
     * @param aim what may run there as well, because it is what is wished
     */
    private static void requireUnmoved(
            Target target, Map<String, Version> seen, Map<String, Version> now, Map<String, Version> aim) {
        aim.forEach((image, wished) -> {
            Version runs = now.get(image);
            if (!Objects.equals(runs, seen.get(image)) && !Objects.equals(runs, wished)) {
                throw moved(target, image + " is " + (runs == null ? "gone" : runs.toString()));
            }
        });
    }

    private static RefusedException moved(Target target, String clause) {
        return new RefusedException(target + " has changed since the rollback was decided (" + clause
                + "): check what it runs now, and roll back again if that is bad too.");
    }

    private ReleaseEdit.Place place(Snapshot at, Plan plan) {
        return place(at, plan.target(), plan.branch(), plan.request());
    }

    private ReleaseEdit.Place place(Snapshot at, Target target, String branch, Request request) {
        Application application = declared(at, target, branch, request).application();
        return ReleaseEdit.Place.of(application, application.environment(request.environment()), target.application());
    }

    /** Where what comes back besides images and versions is; null if nothing does. */
    @CheckForNull
    private ReleaseEdit.Origin origin(Plan plan, Progress progress) {
        Snapshot earlier = repository.at(plan.branch(), plan.good(), progress);
        return plan.release().containsKey(Carries.NAME) ? new ReleaseEdit.Origin(earlier, place(earlier, plan)) : null;
    }

    /** By the declaration of that commit, where its branch holds it. */
    private static Target declared(Snapshot at, Target target, String branch, Request request) {
        return declaration(at, branch, request)
                .map(declaration -> declaration.target(request.application(), request.environment()))
                .orElse(target);
    }

    private static Optional<Declaration> declaration(Snapshot at, String branch, Request request) {
        return branch.equals(request.defaultBranch()) ? Declarations.find(at, branch) : Optional.empty();
    }

    /** What is another target's stays, and what environments with a gate are built from does not go back past their gates. */
    private void requireOthersUntouched(
            Plan plan, Optional<Declaration> configured, Snapshot tip, ReleaseEdit.Outcome outcome) {
        Request request = plan.request();
        Optional<Declaration> rules = declaration(tip, plan.branch(), request).or(() -> configured);
        Declarations.requireOwn(rules, request.defaultBranch(), plan.target(), outcome);
        List<String> environments = List.of(request.environment());
        rules.map(rule -> Declarations.others(rule, request.defaultBranch(), request.application(), environments))
                .ifPresent(others -> edit.requireUnchanged(others, tip, outcome));
        rules.filter(declaration -> plan.pass().isEmpty()
                        && declaration
                                .target(request.application(), request.environment())
                                .environment()
                                .takesBumps())
                .ifPresent(declaration -> Declarations.requireNoGateAbove(
                        declaration, request.defaultBranch(), plan.branch(), tip, outcome));
    }

    /**
     * Writes it: one commit, exactly once for each request, in the turn of its target where a gate decided about it.
     * Blocking; safe to repeat.
     *
     * @throws RefusedException if the target has moved on since the plan, or takes the release only through its gate;
     *     nothing was committed
     * @throws StoppedException if the target is locked, rollbacks included, or another controller changes it now
     */
    public BumpResult commit(Plan plan, Progress progress) {
        Request request = plan.request();
        return plan.turn().isPresent()
                ? stops.inTurn(
                        repository, plan.turn().get(), request.author(), progress, stop -> commit(plan, stop, progress))
                : commit(
                        plan,
                        stops.ofRollback(repository, request.application(), request.environment(), progress),
                        progress);
    }

    private BumpResult commit(Plan plan, Optional<StoppedException> stop, Progress progress) {
        Request request = plan.request();
        Target target = plan.target();
        // What a gate decided about, or somebody overrode, is not asked about other gates.
        boolean asks = plan.pass().isEmpty() || target.application().carries() != null;
        Optional<Declaration> configured = asks && !plan.branch().equals(request.defaultBranch())
                ? Declarations.find(repository.tip(request.defaultBranch(), progress), request.defaultBranch())
                : Optional.empty();
        Trailers trailers = Trailers.NONE
                .with(Trailers.ROLLS_BACK, plan.bad())
                .with(Trailers.ROLLBACK_TO, plan.good())
                .with(Trailers.REASON, Optional.of(request.reason()).filter(reason -> !reason.isBlank()))
                .with(
                        Trailers.HOLD,
                        plan.policy().hold() == RollbackPolicy.HoldMode.NONE ? Optional.of("none") : Optional.empty())
                .with(Trailers.DECIDED_AT, Durations.time(request.decidedAt()))
                .with(Trailers.OBJECTIVE, plan.policy().objective().toString())
                .withAll(request.provenance().withoutChange().trailers())
                .withAll(plan.pass().orElse(Trailers.NONE));
        ReleaseEdit.Origin origin = origin(plan, progress);
        return new ReleaseCommit(
                        plan.branch(),
                        request.id(),
                        request.application() + ": roll back " + request.environment() + " to "
                                + Release.text(plan.release()),
                        request.application(),
                        List.of(request.environment()),
                        plan.release(),
                        trailers,
                        request.author(),
                        Optional.of(request.decidedAt()),
                        target.environment().delivery().map(Proposal.Terms::of),
                        stop,
                        tip -> {
                            Target now = declared(tip, target, plan.branch(), request);
                            Declarations.requireDelivery(now, target);
                            if (plan.pass().isEmpty()) {
                                plan.standing().requirePass(now);
                            }
                            ReleaseEdit.Place place = place(tip, plan);
                            requireUnmoved(target, plan.replaced(), edit.images(tip, place), plan.release());
                            ReleaseEdit.Outcome outcome = edit.apply(tip, List.of(place), plan.release(), origin);
                            requireOthersUntouched(plan, configured, tip, outcome);
                            return outcome;
                        })
                .make(repository, progress);
    }
}
