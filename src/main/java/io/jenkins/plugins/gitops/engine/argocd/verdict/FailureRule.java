package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Condition;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Trait;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Need;
import io.jenkins.plugins.gitops.engine.model.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What of an Application will not become live by itself: a failed sync, a condition that lasts. A failed sync is final
 * only once Argo CD has compared again and stayed at its revision: in a busy repository a newer commit, which contains
 * ours, is often synced within the same second.
 */
final class FailureRule {

    private final Expectation expectation;
    private final Policy policy;
    private final String mark;
    private final Timeline timeline;
    private final CommitPosition position;
    private final Observation app;
    private final Instant now;
    private final Explanation words;

    /** @param mark by which a sync that this wait requested is recognised */
    FailureRule(Policy policy, String mark, Timeline timeline, CommitPosition position, Instant now) {
        this.expectation = position.expectation();
        this.policy = policy;
        this.mark = mark;
        this.timeline = timeline;
        this.position = position;
        this.app = position.app();
        this.now = now;
        this.words = new Explanation(position);
    }

    /** A verdict of failure, or a pending one that names what is wrong; empty where nothing is. */
    Optional<Verdict> find() {
        return sync().or(this::trouble);
    }

    private Optional<Verdict> sync() {
        if (isOwnSyncAwaited() || app.is(Trait.OPERATION_REQUESTED)) {
            return Optional.empty();
        }
        Optional<Operation> failure =
                app.operation().filter(last -> last.isFailed()).filter(this::isOurs);
        if (failure.isPresent()) {
            return Optional.of(wasSyncedBefore(failure.get()) ? superseded(failure.get()) : failed(failure.get()));
        }
        return app.isSyncing() || !position.compared().hasArrived() ? Optional.empty() : givenUp();
    }

    private Optional<Verdict> givenUp() {
        return app.conditions().stream()
                .filter(condition -> condition.type().equals("SyncError"))
                .findFirst()
                .map(condition -> fail("Argo CD will not sync it again: " + condition.message()));
    }

    /** When the wait starts the sync itself, the failure of an earlier one is not its own. */
    private boolean isOwnSyncAwaited() {
        return policy.has(Policy.Option.SYNC)
                && app.operation()
                        .filter(last -> last.marks().containsValue(mark))
                        .isEmpty()
                && app.sync() != SyncState.SYNCED;
    }

    /** A sync that failed before it came to know its revision counts for what was compared. */
    private boolean isOurs(Operation last) {
        return (last.revisions().isEmpty() ? position.compared() : position.synced()).hasArrived()
                && isAfterFirstLookOrForCommit(last);
    }

    /** Without a commit to tell by, only a sync that ended after the wait began is ours. */
    private boolean isAfterFirstLookOrForCommit(Operation last) {
        return expectation.commit().isPresent()
                || timeline.first()
                        .flatMap(Observation::reconciledAt)
                        .map(before -> last.finishedAt()
                                .filter(at -> at.isAfter(before))
                                .isPresent())
                        .orElse(true);
    }

    private boolean wasSyncedBefore(Operation failure) {
        return position.synced() == CommitRelation.NEWER
                && app.history().stream()
                        .anyMatch(entry -> !entry.equals(failure.revisions()) && position.isCommit(entry));
    }

    private Verdict failed(Operation failure) {
        String text =
                "the sync to " + words.name(failure.revisions(), position.synced()) + " " + Explanation.ended(failure);
        Instant giveUp = timeline.steadySince().orElse(now).plus(policy.trouble());
        return isFinal(failure) || !now.isBefore(giveUp)
                ? fail(text)
                : new Verdict.Pending(
                        text + "; waiting for Argo CD to compare again", Set.of(Need.REFRESH), Optional.of(giveUp));
    }

    /** Without auto-sync nothing follows; with it Argo CD says so, or has compared since and found nothing newer. */
    private boolean isFinal(Operation failure) {
        return !app.is(Trait.AUTO_SYNC)
                || givenUp().isPresent()
                || app.reconciledAt().isPresent()
                        && failure.finishedAt()
                                .filter(app.reconciledAt().get()::isAfter)
                                .isPresent()
                        && (failure.revisions().isEmpty() || app.revisions().equals(failure.revisions()));
    }

    private static Verdict superseded(Operation failure) {
        return new Verdict.Superseded("it was synced, and the sync of the later commit "
                + Explanation.revision(failure.revisions()) + " " + Explanation.ended(failure));
    }

    /** Errors that often pass by themselves: fail when they have not within the grace time. */
    private Optional<Verdict> trouble() {
        if (timeline.troubledSince().isEmpty()) {
            return Optional.empty();
        }
        return app.conditions().stream()
                .filter(condition -> condition.isError() && !condition.type().equals("SyncError"))
                .reduce((earlier, later) -> later)
                .map(Condition::toString)
                .or(this::failedHydration)
                .map(problem -> withinGrace(timeline.troubledSince().get(), problem));
    }

    private Optional<String> failedHydration() {
        return app.hydration()
                .filter(hydration -> hydration.phase().equals("Failed"))
                .filter(hydration -> hydration.attempted().isEmpty()
                        || expectation.commit().isEmpty()
                        || position.relations().apply(hydration.attempted()) != CommitRelation.OLDER)
                .map(hydration -> "hydrating " + Explanation.shortened(hydration.attempted()) + " failed: "
                        + hydration.message());
    }

    Verdict withinGrace(Instant since, String text) {
        Instant giveUp = since.plus(policy.trouble());
        if (!now.isBefore(giveUp)) {
            return fail(text + " (for " + Durations.text(Duration.between(since, now)) + ")");
        }
        return new Verdict.Pending(
                text + ", failing unless it passes within " + Durations.text(policy.trouble()),
                position.compared().hasArrived() ? Set.of() : Set.of(Need.REFRESH),
                Optional.of(giveUp));
    }

    Verdict fail(String explanation) {
        return new Verdict.Failed(explanation, FailureReport.of(app));
    }
}
