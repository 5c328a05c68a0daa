package io.jenkins.plugins.gitops.engine.argocd.verdict;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Condition;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Deployment;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Operation;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Scope;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Trait;
import io.jenkins.plugins.gitops.engine.argocd.OperationPhase;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.Words;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Need;
import io.jenkins.plugins.gitops.engine.model.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides what a wait makes of one Application: a pure function of what is expected, the policy, what was seen, how
 * commits relate, and the time.
 *
 * <p>The Application is there when three things hold together: it was compared at the commit or one after it (or its
 * live images are the expected ones), the sync of that revision succeeded (or there was nothing to sync), and it is
 * Healthy by a look taken after that sync. Each alone is a trap: the revision moves before anything is applied, a sync
 * succeeds before pods are replaced, and health stays Healthy for a moment after either.
 */
public final class VerdictRule {

    /** Argo CD starts an automatic sync within moments. */
    private static final Duration AUTO_SYNC = Duration.ofSeconds(30);

    /** Argo CD's times have whole seconds. */
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Expectation expectation;
    private final Policy policy;
    private final String mark;
    private final Track track;
    private final ObservedApplication app;
    private final Instant now;
    private final Lineage lineage;
    private final Sighting seen;
    private final StateWords words;
    /** Of the last comparison. */
    private final Kinship compared;
    /** Of the last sync. */
    private final Kinship synced;

    private VerdictRule(SyncRequest request, Track track, ObservedApplication app, Lineage lineage, Instant now) {
        this.expectation = request.expectation();
        this.policy = request.policy();
        this.mark = request.id();
        this.track = track;
        this.app = app;
        this.now = now;
        this.lineage = lineage;
        this.seen = new Sighting(expectation, app, lineage);
        this.words = new StateWords(seen);
        this.compared = seen.compared();
        this.synced = seen.synced();
    }

    /** The verdict at {@code now}; pending turns into timed out when the request's deadline is reached. */
    @NonNull
    public static Verdict decide(
            @NonNull SyncRequest request, @NonNull Track track, @NonNull Lineage lineage, @NonNull Instant now) {
        Verdict verdict = regardlessOfTheDeadline(request, track, lineage, now);
        if (verdict instanceof Verdict.Pending pending && !now.isBefore(request.deadline())) {
            return new Verdict.TimedOut(pending.explanation());
        }
        return verdict;
    }

    /** The same, and what is pending stays so: for who has something to add to it before it turns into timed out. */
    @NonNull
    public static Verdict regardlessOfTheDeadline(SyncRequest request, Track track, Lineage lineage, Instant now) {
        return track.application()
                .map(app -> new VerdictRule(request, track, app, lineage, now).decide())
                .orElseGet(() -> missing(request.policy(), track, now));
    }

    private static Verdict missing(Policy policy, Track track, Instant now) {
        if (track.seen() == Track.Presence.ONCE) {
            return new Verdict.Failed("it was deleted while waiting for it", FailureReport.EMPTY);
        }
        Instant giveUp = track.missingSince().orElse(now).plus(policy.appearance());
        if (!now.isBefore(giveUp)) {
            return new Verdict.Failed(
                    "there is no such Application; check its name and namespace, and that the connection may read it",
                    FailureReport.EMPTY);
        }
        return new Verdict.Pending(
                "there is no such Application yet, waiting " + Durations.text(policy.appearance())
                        + " for it to appear",
                Set.of(),
                Optional.of(giveUp));
    }

    private Verdict decide() {
        if (app.is(Trait.DELETING)) {
            return failed("it is being deleted");
        }
        Optional<Verdict> broken = brokenSync().or(this::trouble);
        if (broken.isPresent()) {
            return broken.get();
        }
        Optional<Operation> running =
                app.operation().filter(last -> !last.phase().isFinished());
        if (running.isPresent()) {
            return pending(words.operation(running.get()), unlessArrived());
        }
        if (isApplied()) {
            return applied();
        }
        return rolledBack().orElseGet(this::notApplied);
    }

    // --- what has failed ---

    private Optional<Verdict> brokenSync() {
        if (isOwnSyncAwaited()) {
            return Optional.empty();
        }
        Optional<Operation> failure =
                app.operation().filter(last -> last.phase().isFailed());
        if (failure.isPresent() && isOurs(failure.get())) {
            return Optional.of(wasSyncedBefore(failure.get()) ? overtaken(failure.get()) : syncFailed(failure.get()));
        }
        return compared.hasArrived()
                ? app.conditions().stream()
                        .filter(condition -> condition.type().equals("SyncError"))
                        .findFirst()
                        .map(condition -> failed("Argo CD will not sync it again: " + condition.message()))
                : Optional.empty();
    }

    /** A sync that failed before it came to know its revision counts for what was compared. */
    private boolean isOurs(Operation last) {
        return (last.revisions().isEmpty() ? compared : synced).hasArrived() && isAfterBaselineOrForCommit(last);
    }

    /** Without a commit to tell by, only a sync that ended after the wait began is ours. */
    private boolean isAfterBaselineOrForCommit(Operation last) {
        return expectation.commit().isPresent()
                || track.baseline()
                        .map(baseline -> last.finishedAt()
                                .filter(at -> at.isAfter(baseline))
                                .isPresent())
                        .orElse(true);
    }

    private boolean wasSyncedBefore(Operation failure) {
        return synced == Kinship.NEWER
                && app.history().stream()
                        .anyMatch(entry -> !entry.revisions().equals(failure.revisions()) && seen.isCommit(entry));
    }

    private Verdict syncFailed(Operation failure) {
        return failed("the sync to " + words.name(failure.revisions(), synced) + " ended " + failure.phase()
                + (failure.message().isEmpty() ? "" : ": " + failure.message()));
    }

    private Verdict overtaken(Operation failure) {
        return new Verdict.Superseded(
                "it was synced, and the sync of the later commit " + Words.revision(failure.revisions()) + " ended "
                        + failure.phase() + (failure.message().isEmpty() ? "" : ": " + failure.message()),
                Words.first(failure.revisions()));
    }

    /** Errors that often pass by themselves: fail when they have not within the grace time. */
    private Optional<Verdict> trouble() {
        if (track.troubledSince().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> text = app.conditions().stream()
                .filter(condition -> condition.isError() && !condition.type().equals("SyncError"))
                .reduce((earlier, later) -> later)
                .map(Condition::toString)
                .or(this::failedHydration);
        return text.map(problem -> withinGrace(track.troubledSince().get(), problem));
    }

    private Optional<String> failedHydration() {
        return app.hydration()
                .filter(hydration -> hydration.phase().equals("Failed"))
                .filter(hydration -> hydration.attempted().isEmpty()
                        || expectation.commit().isEmpty()
                        || lineage.of(hydration.attempted()) != Kinship.OLDER)
                .map(hydration ->
                        "hydrating " + Words.shortened(hydration.attempted()) + " failed: " + hydration.message());
    }

    private Verdict withinGrace(Instant since, String text) {
        Instant giveUp = since.plus(policy.trouble());
        if (!now.isBefore(giveUp)) {
            return failed(text + " (for " + Durations.text(Duration.between(since, now)) + ")");
        }
        return new Verdict.Pending(
                text + ", failing unless it passes within " + Durations.text(policy.trouble()),
                unlessArrived(),
                Optional.of(giveUp));
    }

    // --- what has been applied ---

    /** Whether the cluster has the commit's manifests. */
    private boolean isApplied() {
        if (expectation.commit().isEmpty() && !track.isFresh()) {
            return false;
        }
        boolean bySync = synced.hasArrived()
                && app.operation()
                        .filter(last -> last.phase() == OperationPhase.SUCCEEDED && last.scope() == Scope.WHOLE)
                        .isPresent()
                && (expectation.commit().isPresent() || app.sync() == SyncState.SYNCED);
        boolean nothingToSync =
                compared.hasArrived() && app.sync() == SyncState.SYNCED && !app.is(Trait.OPERATION_REQUESTED);
        return bySync || nothingToSync;
    }

    private Verdict applied() {
        String at = synced.hasArrived()
                ? "synced to " + words.name(app.operation().orElseThrow().revisions(), synced)
                : "in sync at " + words.name(app.revisions(), compared);
        if (!track.isHealthCurrent()) {
            return lookAgain(at + ", waiting for Argo CD to look at its health after the sync");
        }
        ImageEvidence images = seen.images();
        if (expectation.commit().isEmpty() && !expectation.images().isEmpty() && images != ImageEvidence.CONFIRMED) {
            return pending(at + ", " + words.images(images), Set.of(Need.REFRESH));
        }
        return switch (app.health().state()) {
            case HEALTHY -> images == ImageEvidence.CONTRADICTED ? contradicted(at) : healthy(at + " and Healthy");
            case SUSPENDED ->
                policy.accepts(Policy.Acceptance.SUSPENDED)
                        ? healthy(at + " and Suspended, which is accepted")
                        : pending(at + "; health Suspended, resume it or accept Suspended", Set.of());
            case DEGRADED, MISSING -> withinGrace(track.unhealthySince().orElse(now), at + "; " + words.health());
            case PROGRESSING, UNKNOWN -> pending(at + "; " + words.health(), Set.of());
        };
    }

    /** A look in the second the sync ended in could not be told from one before the end. */
    private Verdict lookAgain(String text) {
        Instant next = track.steadySince().orElse(now).plus(SECOND);
        return now.isBefore(next)
                ? new Verdict.Pending(text, Set.of(), Optional.of(next))
                : pending(text, Set.of(Need.LOOK));
    }

    /** Healthy, but other images: manifests were rendered from a stale cache, or a later commit moved the images on. */
    private Verdict contradicted(String at) {
        String others =
                String.join(", ", ImageEvidence.others(expectation.images().values(), app.images()));
        boolean later = synced == Kinship.NEWER || (compared == Kinship.NEWER && !synced.hasArrived());
        if (later && isLookedAtAgain()) {
            List<String> revisions =
                    synced == Kinship.NEWER ? app.operation().orElseThrow().revisions() : app.revisions();
            return new Verdict.Superseded(at + ", which runs " + others, Words.first(revisions));
        }
        return pending(at + ", but it still runs " + others, Set.of(Need.REFRESH));
    }

    /** A look in the very second the sync ended may have missed the pods it replaced. */
    private boolean isLookedAtAgain() {
        Optional<Instant> finished = app.operation().flatMap(Operation::finishedAt);
        return finished.isEmpty()
                || app.reconciledAt().filter(at -> at.isAfter(finished.get())).isPresent();
    }

    // --- what has not been applied ---

    /** A sync of the commit, and after it one of something before it: somebody went back. */
    private Optional<Verdict> rolledBack() {
        if (expectation.commit().isEmpty() || app.history().isEmpty()) {
            return Optional.empty();
        }
        List<Deployment> history = app.history();
        Deployment last = history.get(history.size() - 1);
        boolean wasThere = history.stream().anyMatch(seen::isCommit);
        boolean wentBack = synced == Kinship.OLDER
                && app.operation().orElseThrow().revisions().equals(last.revisions());
        return wasThere && wentBack
                ? Optional.of(new Verdict.Superseded(
                        "it was synced, and then taken back to " + words.name(last.revisions(), Kinship.OLDER),
                        Words.first(last.revisions())))
                : Optional.empty();
    }

    private Verdict notApplied() {
        boolean comparedOrAccepted = app.sync() == SyncState.SYNCED || policy.accepts(Policy.Acceptance.OUT_OF_SYNC);
        if (seen.areImagesLive()
                && comparedOrAccepted
                && track.isFresh()
                && track.isHealthCurrent()
                && !app.is(Trait.OPERATION_REQUESTED)
                && app.health().state() == HealthState.HEALTHY) {
            return healthy("its images are live and Healthy, " + words.sync());
        }
        if (app.is(Trait.OPERATION_REQUESTED)) {
            return pending("a sync is about to start; " + words.sync(), unlessArrived());
        }
        if (compared.hasArrived() && app.sync() == SyncState.OUT_OF_SYNC) {
            return outOfSync();
        }
        if (app.revisions().isEmpty()) {
            return pending("not compared with its sources yet", Set.of(Need.REFRESH));
        }
        return pending(words.hydrating() + words.sync() + "; " + words.health() + hint(), Set.of(Need.REFRESH));
    }

    private Verdict outOfSync() {
        String at = "OutOfSync at " + words.name(app.revisions(), compared);
        if (policy.syncing() == Policy.Syncing.REQUESTED) {
            return pending(at + ", asking for a sync", Set.of(Need.SYNC));
        }
        if (policy.accepts(Policy.Acceptance.OUT_OF_SYNC)
                && seen.areImagesLive()
                && !(track.isFresh() && track.isHealthCurrent())) {
            return pending(at + ", its images are live, waiting for Argo CD to look again", Set.of(Need.REFRESH));
        }
        if (!app.is(Trait.AUTO_SYNC)) {
            return pending(at + " and auto-sync is off: sync it in Argo CD, or let this step ask for it", Set.of());
        }
        Instant late = track.steadySince().orElse(now).plus(AUTO_SYNC);
        return now.isBefore(late)
                ? new Verdict.Pending(at + ", waiting for auto-sync", Set.of(), Optional.of(late))
                : pending(
                        at + ", still waiting for auto-sync: a sync window may be closed, or the difference is one that"
                                + " auto-sync leaves alone",
                        Set.of(Need.REASON));
    }

    private String hint() {
        if (!words.hydrating().isEmpty()
                || !track.isFresh()
                || app.sync() != SyncState.SYNCED
                || compared != Kinship.OLDER) {
            return "";
        }
        return ". Argo CD looked again and stayed there: either it has not fetched the commit yet, or the Application"
                + " follows another branch, or the commit touches nothing of it";
    }

    // --- pieces ---

    /** When the wait starts the sync itself, the failure of an earlier one is not its own. */
    private boolean isOwnSyncAwaited() {
        return policy.syncing() == Policy.Syncing.REQUESTED
                && app.operation()
                        .filter(last -> last.marks().containsValue(mark))
                        .isEmpty()
                && app.sync() != SyncState.SYNCED;
    }

    private Set<Need> unlessArrived() {
        return compared.hasArrived() ? Set.of() : Set.of(Need.REFRESH);
    }

    private Verdict healthy(String explanation) {
        return new Verdict.Healthy(explanation);
    }

    private Verdict failed(String explanation) {
        return new Verdict.Failed(explanation, FailureReport.of(app));
    }

    private Verdict pending(String explanation, Set<Need> needs) {
        return new Verdict.Pending(explanation, needs, Optional.empty());
    }
}
