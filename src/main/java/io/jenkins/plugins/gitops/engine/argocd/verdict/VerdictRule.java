package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Condition;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Trait;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Need;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides what a wait makes of one Application: a pure function of what is expected, the policy, what was seen, how
 * commits relate, and the time.
 *
 * <p>The Application is live when all of this holds in one observation: it is Synced at the commit or one after it, no
 * sync is requested, under way or failed, and it is Healthy. Synced carries the proof: what is Synced was read from the
 * cluster after the commit's manifests were applied, and its health is computed from the same look. The comparison right
 * after a sync can read the cluster as it was before; it then shows OutOfSync and the old Healthy, which proves nothing.
 *
 * <p>Two cases have no commit to go by: a wait without one, and an Application that follows another branch. There a
 * comparison counts only if it began after the wait, which is known from our own accepted refresh.
 */
public final class VerdictRule {

    /** Argo CD starts an automatic sync within moments. */
    private static final Duration AUTO_SYNC = Duration.ofSeconds(30);

    /** A dry commit that is not hydrated within this time after it was looked at has nothing to hydrate. */
    private static final Duration HYDRATION = Duration.ofSeconds(60);

    /** For how long Argo CD may resolve a branch from its cache, and so compare with a commit of before. */
    private static final Duration REVISION_CACHE = Duration.ofMinutes(3);

    /** For which the pods of a version that was replaced may still be listed. */
    private static final Duration TERMINATION = Duration.ofMinutes(3);

    private final Expectation expectation;
    private final Policy policy;
    private final Timeline timeline;
    private final Observation app;
    private final Instant now;
    private final CommitPosition position;
    private final FailureRule failures;
    private final Explanation words;
    /** Of the last comparison. */
    private final CommitRelation compared;
    /** Of the last sync. */
    private final CommitRelation synced;

    private VerdictRule(
            Expectation expectation,
            Policy policy,
            String mark,
            Timeline timeline,
            Observation app,
            Function<String, CommitRelation> relations,
            Instant now) {
        this.expectation = expectation;
        this.policy = policy;
        this.timeline = timeline;
        this.app = app;
        this.now = now;
        this.position = new CommitPosition(expectation, app, relations);
        this.failures = new FailureRule(policy, mark, timeline, position, now);
        this.words = new Explanation(position);
        this.compared = position.compared();
        this.synced = position.synced();
    }

    /**
     * The verdict at {@code now}, whatever the deadline.
     *
     * @param mark by which a sync that this wait requested is recognised
     */
    public static Verdict decide(
            Expectation expectation,
            Policy policy,
            String mark,
            Timeline timeline,
            Function<String, CommitRelation> relations,
            Instant now) {
        return timeline.application()
                .map(app -> new VerdictRule(expectation, policy, mark, timeline, app, relations, now).decide())
                .orElseGet(() -> FailureRule.missing(policy, timeline, now));
    }

    private Verdict decide() {
        if (app.is(Trait.DELETING)) {
            return failures.fail("it is being deleted");
        }
        Optional<Verdict> failure = failures.find();
        if (failure.isPresent()) {
            return failure.get();
        }
        Optional<Operation> running = app.operation().filter(last -> !last.isFinished());
        if (running.isPresent()) {
            return failures.syncing(running.get(), unlessArrived());
        }
        if (app.is(Trait.OPERATION_REQUESTED)) {
            return pending("a sync is about to start; " + words.sync(), unlessArrived());
        }
        if (isArrived()) {
            return arrived();
        }
        return rolledBack().orElseGet(this::notArrived);
    }

    // --- Synced at the commit, or accepted as such ---

    private boolean isArrived() {
        return isKnown() && compared.hasArrived() && (app.sync() == SyncState.SYNCED || isAcceptedOutOfSync());
    }

    /** Without a commit to tell by, what was compared before this wait is none of ours. */
    private boolean isKnown() {
        return expectation.commit().isPresent() || timeline.isFresh();
    }

    /** OutOfSync counts where it is accepted, once the sync of the commit is done and its images alone run. */
    private boolean isAcceptedOutOfSync() {
        return policy.has(Policy.Option.ACCEPT_OUT_OF_SYNC)
                && app.sync() == SyncState.OUT_OF_SYNC
                && hasSynced()
                && position.areImagesLive();
    }

    private boolean hasSynced() {
        return synced.hasArrived()
                && app.operation()
                        .filter(last -> last.phase() == Operation.Phase.SUCCEEDED)
                        .isPresent();
    }

    private Verdict arrived() {
        String at = synced.hasArrived()
                ? "synced to " + words.name(app.operation().orElseThrow().revisions(), synced)
                : "in sync at " + words.name(app.revisions(), compared);
        if (!timeline.isHealthCurrent()) {
            return compareAgain(at + ", waiting for Argo CD to compare it after the sync");
        }
        Instant hydrating = timeline.since().compared().orElse(now).plus(HYDRATION);
        if (position.mayBeHydrated() && now.isBefore(hydrating)) {
            return new Verdict.Pending(
                    at + ", unless Argo CD is about to hydrate the commit", Set.of(), Optional.of(hydrating));
        }
        ImageEvidence images = position.images();
        if (expectation.commit().isEmpty() && !expectation.images().isEmpty() && images != ImageEvidence.CONFIRMED) {
            return pending(at + ", " + words.images(images), Set.of(Need.REFRESH));
        }
        return switch (app.health().state()) {
            case HEALTHY ->
                switch (images) {
                    case CONTRADICTED -> contradicted(at);
                    case MIXED -> mixed(at);
                    default -> healthy(at + " and Healthy");
                };
            case SUSPENDED ->
                policy.has(Policy.Option.ACCEPT_SUSPENDED)
                        ? healthy(at + " and Suspended, which is accepted")
                        : pending(at + "; " + words.suspended(policy), words.whenSuspended());
            case DEGRADED, MISSING -> unhealthy(at);
            case PROGRESSING, UNKNOWN ->
                failures.stuck(at).orElseGet(() -> pending(at + "; " + words.health(), Set.of(Need.RESOURCES)));
        };
    }

    private Verdict unhealthy(String at) {
        return failures.brokenRollout(at)
                .or(() -> failures.stuck(at).filter(Verdict.Failed.class::isInstance))
                .orElseGet(() -> FailureRule.withResources(
                        failures.withinGrace(timeline.since().unhealthy().orElse(now), at + "; " + words.health())));
    }

    /**
     * Argo CD compares again by itself when the cluster changes; ask it to where that does not come. Not before the doubt
     * after the sync is over by the cluster's clock, too, as far as that is not far ahead of ours.
     */
    private Verdict compareAgain(String text) {
        Instant next = timeline.since().steady().orElse(now).plus(Observation.STALE_LOOK);
        Instant sure = app.operation()
                .flatMap(Operation::finishedAt)
                .map(finished -> finished.plus(Observation.STALE_LOOK))
                .filter(at -> at.isBefore(next.plus(Observation.STALE_LOOK)))
                .filter(next::isBefore)
                .orElse(next);
        return now.isBefore(sure)
                ? new Verdict.Pending(text, Set.of(), Optional.of(sure))
                : pending(text, Set.of(Need.REFRESH));
    }

    /**
     * Synced and Healthy, and other images: of pods of finished Jobs, of a later commit, or because the manifests were
     * rendered from a stale cache. Once the very commit was synced, or its manifests were rendered again, only finished
     * pods are left.
     */
    private Verdict contradicted(String at) {
        boolean later = synced == CommitRelation.NEWER || compared == CommitRelation.NEWER;
        if (synced == CommitRelation.SAME && hasSynced() && isWhole() || timeline.isRendered() && !later) {
            return healthy(at + " and Healthy");
        }
        List<String> others = position.otherImages();
        boolean stale = timeline.first().orElse(app).images().containsAll(others);
        if (stale && !timeline.isRendered()) {
            return pending(
                    at + ", but it still runs " + String.join(", ", others) + "; rendering the manifests again",
                    Set.of(Need.RENDER));
        }
        String runs = String.join(", ", others);
        if (!later) {
            return pending(at + ", but it runs " + runs, Set.of(Need.RENDER));
        }
        // Right after a rollout the list of images may still be that of the pods before.
        Instant sure = timeline.since().steady().orElse(now).plus(Observation.STALE_LOOK);
        return now.isBefore(sure)
                ? new Verdict.Pending(at + ", but it runs " + runs, Set.of(), Optional.of(sure))
                : new Verdict.Superseded(at + ", which runs " + runs);
    }

    /** Pods of both versions, perhaps after a later commit was synced. Those that end have ended after a time. */
    private Verdict mixed(String at) {
        LaterSync later = new LaterSync(timeline, position);
        if (synced != CommitRelation.NEWER || later.hasBroughtOurs()) {
            return healthy(at + " and Healthy");
        }
        String text = at + ", and pods of other versions still run: " + String.join(", ", position.otherImages());
        Instant sure = timeline.since().steady().orElse(now).plus(TERMINATION);
        if (now.isBefore(sure)) {
            return new Verdict.Pending(text, Set.of(), Optional.of(sure));
        }
        return later.isFirst() ? healthy(at + " and Healthy") : new Verdict.Superseded(text);
    }

    private boolean isWhole() {
        return app.operation().isPresent() && !app.is(Trait.PARTLY_SYNCED);
    }

    // --- not there yet ---

    /** A sync of the commit, and after it one of something before it: somebody went back. */
    private Optional<Verdict> rolledBack() {
        if (expectation.commit().isEmpty() || app.history().isEmpty()) {
            return Optional.empty();
        }
        List<List<String>> history = app.history();
        List<String> last = history.get(history.size() - 1);
        boolean wasThere = history.stream().anyMatch(position::isCommit);
        boolean wentBack = synced == CommitRelation.OLDER
                && app.operation().orElseThrow().revisions().equals(last);
        if (!wasThere || !wentBack) {
            return Optional.empty();
        }
        String older = words.name(last, CommitRelation.OLDER);
        Instant sure = timeline.since().steady().orElse(now).plus(REVISION_CACHE);
        return Optional.of(
                app.is(Trait.AUTO_SYNC) && now.isBefore(sure)
                        ? new Verdict.Pending(
                                "auto-sync went back to " + older + ", waiting for Argo CD to compare again",
                                Set.of(Need.REFRESH),
                                Optional.of(sure))
                        : new Verdict.Superseded("it was synced, and then rolled back to " + older));
    }

    private Verdict notArrived() {
        if (areImagesProof()) {
            return healthy("its images are live and Healthy, " + words.sync());
        }
        if (compared.hasArrived() && app.sync() == SyncState.OUT_OF_SYNC) {
            return outOfSync();
        }
        if (app.revisions().isEmpty()) {
            return pending("not compared with its sources yet", Set.of(Need.REFRESH));
        }
        return pending(words.hydrating() + words.sync() + "; " + words.health() + hint(), Set.of(Need.REFRESH));
    }

    /**
     * Images stand in for the commit only where the Application can never arrive at it, because it follows another
     * branch, or because nothing syncs it and OutOfSync is accepted: live by a comparison that began after the wait. While the relation of the revisions is unknown, or a dry
     * commit is being hydrated, they prove nothing: a commit need not change an image.
     */
    private boolean areImagesProof() {
        boolean elsewhere = (compared == CommitRelation.OLDER || compared == CommitRelation.UNRELATED)
                && !position.followsTheBranch();
        boolean leftOutOfSync = compared.hasArrived() && !app.is(Trait.AUTO_SYNC) && !policy.has(Policy.Option.SYNC);
        return expectation.commit().isPresent()
                && (elsewhere || leftOutOfSync)
                && app.hydration().isEmpty()
                && position.areImagesLive()
                && (app.sync() == SyncState.SYNCED
                        || policy.has(Policy.Option.ACCEPT_OUT_OF_SYNC) && app.sync() == SyncState.OUT_OF_SYNC)
                && timeline.isFresh()
                && app.isHealthCurrent()
                && app.health().state() == HealthState.HEALTHY;
    }

    private Verdict outOfSync() {
        String at = "OutOfSync at " + words.name(app.revisions(), compared);
        if (hasSynced()
                && isWhole()
                && app.operation().orElseThrow().revisions().equals(app.revisions())) {
            return syncedButOutOfSync(
                    "synced to " + words.name(app.operation().orElseThrow().revisions(), synced) + ", still OutOfSync");
        }
        if (policy.has(Policy.Option.SYNC)) {
            return pending(at + ", requesting a sync", Set.of(Need.SYNC));
        }
        if (!app.is(Trait.AUTO_SYNC)) {
            String text = at + ", its images are live, waiting for Argo CD to compare again";
            boolean accepted = policy.has(Policy.Option.ACCEPT_OUT_OF_SYNC) && position.areImagesLive();
            if (accepted && !timeline.isFresh()) {
                return pending(text, Set.of(Need.REFRESH));
            }
            return accepted && !app.isHealthCurrent()
                    ? compareAgain(text)
                    : pending(at + " and auto-sync is off: sync it in Argo CD, or set 'sync: true'", Set.of());
        }
        Instant late = timeline.since().steady().orElse(now).plus(AUTO_SYNC);
        Optional<Condition> error = failures.syncError();
        if (error.isPresent()) {
            return pending(
                    at + ", waiting for auto-sync, which did not start: "
                            + error.get().message(),
                    Set.of(Need.REFRESH, Need.REASON));
        }
        return now.isBefore(late)
                ? new Verdict.Pending(
                        at + ", waiting for auto-sync", isKnown() ? Set.of() : Set.of(Need.REFRESH), Optional.of(late))
                : pending(
                        at + ", still waiting for auto-sync: a sync window may be closed, or auto-sync ignores the"
                                + " difference",
                        Set.of(Need.REASON));
    }

    /** The comparison right after the sync read the cluster as it was before, or the Application always differs. */
    private Verdict syncedButOutOfSync(String text) {
        HealthState state = app.health().state();
        if (app.isHealthCurrent() && (state == HealthState.DEGRADED || state == HealthState.MISSING)) {
            return unhealthy(text);
        }
        Instant steady = timeline.since().steady().orElse(now);
        Instant fresh = steady.plus(Observation.STALE_LOOK);
        Instant late = steady.plus(AUTO_SYNC);
        if (now.isBefore(late)) {
            return now.isBefore(fresh)
                    ? new Verdict.Pending(text, Set.of(), Optional.of(fresh))
                    : new Verdict.Pending(text, Set.of(Need.REFRESH), Optional.of(late));
        }
        String remedy = app.is(Trait.NEEDS_PRUNING)
                ? ": a resource is no longer in Git; prune it in Argo CD"
                : ": remove the difference, exclude it with ignoreDifferences";
        return pending(text + remedy + ", or set 'acceptOutOfSync: true'", Set.of(Need.REFRESH));
    }

    private String hint() {
        if (!words.hydrating().isEmpty()
                || !timeline.isFresh()
                || app.sync() != SyncState.SYNCED
                || compared != CommitRelation.OLDER) {
            return "";
        }
        return ". Argo CD compared it again with the same result: either its copy of the repository does not have the"
                + " commit yet, or the Application follows another branch";
    }

    // --- pieces ---

    private Set<Need> unlessArrived() {
        return compared.hasArrived() ? Set.of() : Set.of(Need.REFRESH);
    }

    private static Verdict healthy(String explanation) {
        return new Verdict.Healthy(explanation);
    }

    private static Verdict pending(String explanation, Set<Need> needs) {
        return new Verdict.Pending(explanation, needs, Optional.empty());
    }
}
