package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.forge.PullRequest;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.GateSubject.CommitSummary;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.ledger.Hold;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the release that is live and healthy in one environment to the next: first a {@link #plan}, which writes
 * nothing and is what a gate decides about, then the {@link #commit}. Between the two may lie days; the commit therefore
 * looks again whether the target still runs what the plan was made against, and refuses when it does not.
 */
public final class Promotion {

    private final ConfigRepository repository;
    private final ReleaseEdit edit;
    private final SourceReleases releases;
    private final ReleaseVerification verification;
    private final Ledgers ledgers;
    private final Stops stops;

    /**
     * What to promote.
     *
     * @param id unique; gate and commit carry it, so the same request never promotes twice
     * @param repositoryUrl without a password, for the gate's page
     * @param from the environment the release comes from, or null for the one that the declaration names
     * @param hotfix why the release goes through the gate's hotfix part, or null for an ordinary promotion
     * @param author of the commits that this controller makes, which are not those of an author of the change
     */
    public record Request(
            String id,
            String repositoryUrl,
            String defaultBranch,
            String application,
            String environment,
            @Nullable String from,
            ReleaseChoice choice,
            @Nullable String hotfix,
            Provenance provenance,
            Identity author) {

        /** An ordinary promotion of what is live. */
        public Request(
                String id,
                String repositoryUrl,
                String defaultBranch,
                String application,
                String environment,
                @Nullable String from,
                Provenance provenance,
                Identity author) {
            this(
                    id,
                    repositoryUrl,
                    defaultBranch,
                    application,
                    environment,
                    from,
                    new ReleaseChoice.Live(),
                    null,
                    provenance,
                    author);
        }

        /** Whether only what was live and healthy before the target may be promoted. */
        private boolean needsProof(Target target, Optional<GateDefinition> gate) {
            return !target.environment().after().isEmpty() && !skipsSource(gate);
        }

        private boolean skipsSource(Optional<GateDefinition> gate) {
            return hotfix != null
                    && gate.map(part -> part.hotfix().orElseThrow().skips().contains(GateRequirements.SOURCE))
                            .orElse(true);
        }
    }

    /**
     * What a promotion would do, before anything is written.
     *
     * @param subject what a gate decides about, and what the log previews
     * @param gate what the target's gate needs for it; empty for a target without a gate
     * @param hold of a rollback of the target, if it keeps this release from it
     */
    public record Plan(
            Target target, GateSubject.Promotion subject, Optional<GateDefinition> gate, Optional<Hold> hold) {

        /** Whether the target runs the release already. */
        public boolean isEmpty() {
            return subject.files().isEmpty();
        }

        /**
         * For a target without a gate, where nobody could be asked.
         *
         * @throws RefusedException if a rollback holds the release
         */
        public void requireNotHeld() {
            hold.ifPresent(held -> {
                throw new RefusedException(target + " is " + held
                        + ": promote a newer release, or lift the hold with a reason (gitopsRollback lift: '…').");
            });
        }
    }

    public Promotion(
            ConfigRepository repository,
            ManifestFiles editor,
            Liveness liveness,
            ReleaseVerification verification,
            Ledgers ledgers,
            Stops stops) {
        this.stops = stops;
        this.ledgers = ledgers;
        this.repository = repository;
        this.edit = new ReleaseEdit(editor);
        this.releases = new SourceReleases(repository, edit, liveness);
        this.verification = verification;
    }

    /**
     * What would be promoted, from where, and what it would change. Blocking; writes nothing.
     *
     * @throws RefusedException if the order forbids it or the source is not healthy
     * @throws io.jenkins.plugins.gitops.engine.GitOpsException if a name, a file or an image stands in the way
     */
    public Plan plan(Request request, Progress progress) {
        Snapshot declared = repository.tip(request.defaultBranch(), progress);
        Declaration declaration = Declarations.read(declared, request.defaultBranch());
        Target target = declaration.target(request.application(), request.environment());
        Declarations.requireJob(target.application(), request.provenance());
        Optional<GateDefinition> gate = gate(target, request);
        boolean isLive = request.choice() instanceof ReleaseChoice.Live;
        SourceRelease source = isLive
                ? SourceRelease.choose(
                        target, request.from(), candidate -> live(candidate, request, gate, declaration, progress))
                : chosen(target, request, gate, declaration, progress);
        source.images().values().forEach(Version::requireImmutable);
        if (source.isEmpty()) {
            throw new RefusedException("The files of " + source.target() + " hold none of the images of '"
                    + target.application().name() + "' at commit " + CommitInfo.abbreviate(source.commit())
                    + ": bump it first.");
        }
        boolean isProven = !source.commit().isEmpty();
        // What takes time, such as a scan, is waited for at the gate; without a gate it must be done now.
        ReleaseVerification now = gate.isPresent() ? verification.beforeGate() : verification;
        Release release = now.verify(
                new Release(source.images(), null, target.application().versions()), progress);
        String branch = target.environment().branch().orElse(request.defaultBranch());
        Snapshot tip = repository.tip(branch, progress);
        ReleaseEdit.Place place =
                Bump.place(target.application(), target.environment().name());
        ReleaseEdit.Outcome outcome = edit.apply(tip, List.of(place), release.images(), source.origin());
        Declarations.requireOwn(Optional.of(declaration), request.defaultBranch(), target, outcome);
        edit.requireUnchanged(
                Declarations.others(
                        declaration, request.defaultBranch(), request.application(), List.of(request.environment())),
                tip,
                outcome);
        ChangeAuthors.Found change = outcome.isEmpty()
                ? ChangeAuthors.Found.NOTHING
                : !isProven
                        ? new ChangeAuthors(repository, edit, request.author(), progress)
                                .ofUnproven(
                                        new ChangeAuthors.At(target, branch, tip.commit()),
                                        release.images(),
                                        outcome.images(),
                                        ledgers.of(repository, request.defaultBranch(), declaration, progress),
                                        request.defaultBranch())
                        : new ChangeAuthors(repository, edit, request.author(), progress)
                                .of(
                                        ChangeAuthors.At.of(source.target(), request.defaultBranch(), source.commit()),
                                        new ChangeAuthors.At(target, branch, tip.commit()),
                                        outcome.images());
        Set<String> authors = new LinkedHashSet<>(request.provenance().changeAuthors());
        authors.addAll(change.authors());
        Optional<Ledger> ledger = outcome.isEmpty()
                ? Optional.empty()
                : Optional.of(ledgers.of(repository, request.defaultBranch(), declaration, progress));
        List<CommitSummary> gateChanges = ledger.filter(known -> gate.isPresent())
                .flatMap(known -> known.current(request.application(), request.environment()))
                .map(deployed -> new GateHistory(
                                repository, request.defaultBranch(), request.application(), request.environment())
                        .since(deployed, declared.commit(), branch))
                .orElse(List.of());
        return new Plan(
                target,
                new GateSubject.Promotion(
                        request.id(),
                        request.repositoryUrl(),
                        request.defaultBranch(),
                        target.application().name(),
                        target.environment().name(),
                        branch,
                        release.images(),
                        outcome.images(),
                        outcome.files(),
                        isProven ? source.target().environment().name() : "",
                        source.commit(),
                        change.commits(),
                        List.copyOf(authors),
                        request.provenance().startedBy(),
                        request.provenance().run(),
                        request.provenance().starters(),
                        change.unknown().orElse(request.provenance().authorsUnknown()),
                        isLive ? GateSubject.Origin.LIVE : GateSubject.Origin.CHOSEN,
                        request.hotfix() == null ? GateSubject.Procedure.ORDINARY : GateSubject.Procedure.HOTFIX,
                        request.hotfix() == null ? request.provenance().reason() : request.hotfix(),
                        gateChanges),
                gate,
                ledger.flatMap(known -> known.hold(request.application(), request.environment(), release.images())));
    }

    /** The part of the gate that the promotion goes through. */
    private static Optional<GateDefinition> gate(Target target, Request request) {
        Optional<GateDefinition> gate = target.environment().gate();
        if (request.hotfix() == null) {
            return gate;
        }
        return gate.map(whole -> whole.forHotfix(whole.hotfix()
                .orElseThrow(() -> new RefusedException("The gate of " + target
                        + " does not allow a hotfix: promote without 'hotfix', or declare 'hotfix' in the gate."))));
    }

    /** What is live in an environment before the target, and verified there, unless a hotfix does without. */
    private SourceRelease live(
            Target candidate,
            Request request,
            Optional<GateDefinition> gate,
            Declaration declaration,
            Progress progress) {
        SourceRelease release = releases.live(candidate, request.defaultBranch(), progress);
        return request.skipsSource(gate)
                ? release
                : VerifiedSource.require(
                        release,
                        () -> releases.knowing(
                                ledgers.of(repository, request.defaultBranch(), declaration, progress),
                                release,
                                request.defaultBranch(),
                                progress));
    }

    private SourceRelease chosen(
            Target target, Request request, Optional<GateDefinition> gate, Declaration declaration, Progress progress) {
        String branch = target.environment().branch().orElse(request.defaultBranch());
        Ledger ledger = ledgers.of(repository, request.defaultBranch(), declaration, progress);
        return new ChosenRelease(target, request.choice(), ledger)
                .find(
                        request.from(),
                        request.needsProof(target, gate),
                        deployment -> releases.of(deployment, target.application(), request.defaultBranch(), progress),
                        () -> edit.images(
                                repository.tip(branch, progress),
                                Bump.place(
                                        target.application(),
                                        target.environment().name())));
    }

    /** Whether the promotion's commit is in the branch already, for example because only its answer was lost. */
    public boolean isCommitted(GateSubject.Promotion subject, Progress progress) {
        return ReleaseCommit.find(repository, subject.branch(), subject.gate(), progress)
                .isPresent();
    }

    /**
     * Writes the release into the target: one commit, exactly once for each subject. Blocking; safe to repeat.
     *
     * @param grant who let it pass; empty for a target without a gate
     * @param triedSince when this may have been tried first, if it is tried again after a restart
     * @throws RefusedException if the target, without a gate, has moved on since the plan; nothing was committed
     * @throws StoppedException if the target is locked, or frozen and without a gate, or another controller commits a
     *     promotion of it; if it has moved on since the plan, and its gate has to look again; nothing was committed
     */
    public BumpResult commit(
            GateSubject.Promotion subject,
            Optional<Gate> grant,
            Provenance provenance,
            Identity author,
            Optional<Instant> triedSince,
            Progress progress) {
        Declaration declaration =
                Declarations.read(repository.tip(subject.defaultBranch(), progress), subject.defaultBranch());
        Declarations.requireJob(declaration.application(subject.application()), provenance);
        if (grant.isPresent()) {
            return stops.inTurn(
                    repository,
                    subject,
                    author,
                    progress,
                    stop -> commit(subject, grant, provenance, author, triedSince, stop, declaration, progress));
        }
        Optional<StoppedException> stop = stops.ofChange(
                repository, declaration, subject.application(), List.of(subject.environment()), progress);
        return commit(subject, grant, provenance, author, triedSince, stop, declaration, progress);
    }

    private BumpResult commit(
            GateSubject.Promotion subject,
            Optional<Gate> grant,
            Provenance provenance,
            Identity author,
            Optional<Instant> triedSince,
            Optional<StoppedException> stop,
            Declaration declaration,
            Progress progress) {
        PromotionCommit commit = new PromotionCommit(subject, declaration, edit, provenance, author);
        boolean isDelivered = commit.delivery().isPresent();
        return commit.granted(
                        grant,
                        triedSince,
                        grant.filter(gate -> stop.isEmpty() && isDelivered)
                                .flatMap(gate -> stops.sinceGranted(declaration, subject, gate))
                                .or(() -> stop),
                        releases.origin(subject, declaration, progress))
                .make(repository, progress);
    }

    /**
     * Opens the pull request of a promotion for reviews, while its gate is open, and keeps it up to date. Merges nothing.
     *
     * @return empty where commits bring releases into the target
     * @throws PendingDelivery while its server does not answer
     * @throws PullRequestClosedException if somebody closed or merged it
     */
    Optional<PullRequest> propose(
            GateSubject.Promotion subject, Gate open, Provenance provenance, Identity author, Progress progress) {
        Declaration declaration =
                Declarations.read(repository.tip(subject.defaultBranch(), progress), subject.defaultBranch());
        PromotionCommit commit = new PromotionCommit(subject, declaration, edit, provenance, author);
        return commit.delivery().isEmpty()
                ? Optional.empty()
                : Optional.of(commit.proposed(open, releases.origin(subject, declaration, progress))
                        .propose(repository, progress));
    }

    /** Closes its pull request, if there is one that is open. Blocking. */
    void abandon(GateSubject.Promotion subject, String reason) {
        PendingDelivery.abandon(
                repository,
                subject.defaultBranch(),
                subject.application(),
                List.of(subject.environment()),
                subject.gate(),
                reason,
                Progress.SILENT);
    }
}
