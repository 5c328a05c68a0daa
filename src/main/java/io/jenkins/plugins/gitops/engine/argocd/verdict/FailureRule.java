package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Condition;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Trait;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Timeline.Trouble;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Need;
import io.jenkins.plugins.gitops.engine.model.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What of an Application will not become live by itself: a failed sync, a condition that lasts. A failed sync is final
 * only once Argo CD has compared again and stayed at its revision: in a busy repository a newer commit, which contains
 * ours, is often synced within the same second.
 */
final class FailureRule {

    /** A comparison error that no second comparison has confirmed may last so many grace times: longer than Argo CD's poll. */
    private static final int UNCONFIRMED = 4;

    /** SyncError conditions that are final, and what they are about: a list, in brackets, of the revisions. */
    private static final Pattern GIVEN_UP =
            Pattern.compile("(?s)(?:Failed (?:last )?|Skipping )sync attempt to \\[?([^]:]*)]?:.*");

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

    /** Of an Application that is not there: it may appear, unless it was there before. */
    static Verdict missing(Policy policy, Timeline timeline, Instant now) {
        if (timeline.first().isPresent()) {
            return new Verdict.Failed("it was deleted during the wait", FailureReport.EMPTY);
        }
        Instant giveUp = timeline.since().missing().orElse(now).plus(policy.appearance());
        if (!now.isBefore(giveUp)) {
            return new Verdict.Failed(
                    "the Application does not exist; check its name and namespace, and that the connection may read it",
                    FailureReport.EMPTY);
        }
        return new Verdict.Pending(
                "the Application does not exist yet, waiting " + Durations.text(policy.appearance())
                        + " for it to appear",
                Set.of(),
                Optional.of(giveUp));
    }

    /** A verdict of failure, or a pending one that names what is wrong; empty where nothing is. */
    Optional<Verdict> find() {
        return sync().or(this::trouble);
    }

    private Optional<Verdict> sync() {
        if (isOfBefore() || isOwnSyncAwaited() || app.is(Trait.OPERATION_REQUESTED)) {
            return Optional.empty();
        }
        Optional<Operation> failure =
                app.operation().filter(last -> last.isFailed()).filter(this::isOurs);
        if (failure.isPresent()) {
            return failure.map(this::failed);
        }
        return app.isSyncing() || !position.compared().hasArrived()
                ? Optional.empty()
                : syncError()
                        .filter(this::isGivenUp)
                        .map(condition -> fail("Argo CD will not sync it again: " + condition.message()));
    }

    /** Without a commit to tell by, what was compared before this wait may have failed for a commit before ours. */
    private boolean isOfBefore() {
        return expectation.commit().isEmpty() && !timeline.isFresh();
    }

    /** Why Argo CD did not start a sync when it compared last, or, while a sync window is closed, before that. */
    Optional<Condition> syncError() {
        return app.conditions().stream().filter(Condition::isSyncError).findFirst();
    }

    /**
     * Whether Argo CD will not sync what it compared last. A condition about another revision is one that a closed sync
     * window keeps it from renewing, and any other text is that of a Kubernetes API that did not take the request:
     * Argo CD makes it again.
     */
    private boolean isGivenUp(Condition syncError) {
        Matcher about = GIVEN_UP.matcher(syncError.message());
        return about.matches()
                && (about.group(1).isEmpty() || about.group(1).equals(String.join(" ", app.revisions())));
    }

    /** When the wait starts the sync itself, the failure of an earlier one is not its own. */
    private boolean isOwnSyncAwaited() {
        return policy.has(Policy.Option.SYNC)
                && app.operation()
                        .filter(last -> last.marks().containsValue(mark))
                        .isEmpty()
                && app.sync() != SyncState.SYNCED;
    }

    /** A sync that failed before it came to know its revision counts for what was compared, unless it is an old one. */
    private boolean isOurs(Operation last) {
        boolean ours = last.revisions().isEmpty()
                ? position.compared().hasArrived() && !wasThereBefore(last)
                : position.synced().hasArrived();
        return ours && isAfterFirstLookOrForCommit(last);
    }

    private boolean wasThereBefore(Operation last) {
        return timeline.first().flatMap(Observation::operation).equals(Optional.of(last));
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
        boolean before = wasSyncedBefore(failure);
        String sync = before
                ? "it was synced, and the sync of the later commit " + Explanation.revision(failure.revisions())
                : "the sync to " + words.name(failure.revisions(), position.synced());
        String text = sync + " " + Explanation.ended(failure);
        Instant giveUp = timeline.since().steady().orElse(now).plus(policy.trouble());
        if (!isFinal(failure) && now.isBefore(giveUp)) {
            return new Verdict.Pending(
                    text + "; waiting for Argo CD to compare again", Set.of(Need.REFRESH), Optional.of(giveUp));
        }
        return before ? new Verdict.Superseded(text) : fail(text);
    }

    /** Without auto-sync nothing follows; with it Argo CD says so, or has compared since and found nothing newer. */
    private boolean isFinal(Operation failure) {
        return !app.is(Trait.AUTO_SYNC)
                || syncError().filter(this::isGivenUp).isPresent()
                || app.reconciledAt().isPresent()
                        && failure.finishedAt()
                                .filter(app.reconciledAt().get()::isAfter)
                                .isPresent()
                        && (failure.revisions().isEmpty() || app.revisions().equals(failure.revisions()));
    }

    /** Errors that often pass by themselves: fail when they have not within the grace time. */
    private Optional<Verdict> trouble() {
        return timeline.since()
                .troubled()
                .flatMap(trouble -> app.conditions().stream()
                        .filter(Condition::isTrouble)
                        .reduce((earlier, later) -> later)
                        .map(condition -> error(condition, trouble))
                        .or(() -> failedHydration().map(problem -> withinGrace(trouble.since(), problem))));
    }

    /** An error says nothing of the commit as long as Argo CD's own parts do not answer each other. */
    private Verdict error(Condition condition, Trouble trouble) {
        if (condition.isOutage()) {
            return new Verdict.Pending(
                    condition + "; waiting for Argo CD to respond", Set.of(Need.REFRESH), Optional.empty());
        }
        // At load the next comparison may be minutes away: one error need not last because nothing has looked since.
        boolean confirmed =
                !condition.type().equals("ComparisonError") || timeline.comparisons() > trouble.comparisons();
        Duration grace = policy.trouble().multipliedBy(confirmed ? 1 : UNCONFIRMED);
        return withinGrace(trouble.since(), grace, condition.toString());
    }

    private Optional<String> failedHydration() {
        return app.hydration()
                .filter(Observation.Hydration::isFailed)
                .filter(hydration -> hydration.attempted().isEmpty()
                        || expectation.commit().isEmpty()
                        || position.relations().apply(hydration.attempted()) != CommitRelation.OLDER)
                .map(hydration -> "hydrating " + Explanation.shortened(hydration.attempted()) + " failed: "
                        + hydration.message());
    }

    /** A sync that lasts may wait for pods before it applies the rest. */
    Verdict syncing(Operation running, Set<Need> unlessArrived) {
        String text = words.operation(running);
        if (running.isBlocked()) {
            return new Verdict.Pending(text, Set.of(Need.REASON), Optional.empty());
        }
        Instant late = timeline.since().steady().orElse(now).plus(Observation.STALE_LOOK);
        if (!position.synced().hasArrived() || now.isBefore(late)) {
            return new Verdict.Pending(
                    text,
                    unlessArrived,
                    Optional.of(late).filter(any -> position.synced().hasArrived()));
        }
        Set<Need> needs =
                position.compared().hasArrived() ? Set.of(Need.RESOURCES) : Set.of(Need.REFRESH, Need.RESOURCES);
        return stuck(running).orElseGet(() -> new Verdict.Pending(text, needs, Optional.empty()));
    }

    /** A Rollout that was aborted, or did not progress in time, stays so until somebody does something. */
    Optional<Verdict> brokenRollout(String at) {
        return app.resources().stream()
                .filter(resource -> resource.isRollout() && resource.health() == HealthState.DEGRADED)
                .findFirst()
                .map(rollout ->
                        fail(at + "; health " + app.health().state() + ", " + Explanation.of(rollout) + analyses()));
    }

    /** The analyses that failed, with the metric and what was measured. */
    private String analyses() {
        return app.resources().stream()
                .filter(resource -> resource.kind().equals("AnalysisRun"))
                .map(run -> "; " + Explanation.of(run))
                .collect(Collectors.joining());
    }

    /**
     * What becomes of a new pod that cannot start, or crashes again and again.
     *
     * @param at where the Application stands
     */
    Optional<Verdict> stuck(String at) {
        return stuck(any -> true, pod -> at + "; " + words.health(pod));
    }

    /**
     * The same while a sync is under way, which waits for the pods of one wave before it applies the next: only pods that
     * came after it had begun are known to be its own.
     */
    Optional<Verdict> stuck(Operation running) {
        Instant begun = running.startedAt().orElse(Instant.MAX);
        boolean ours = position.synced().hasArrived();
        return stuck(
                pod -> ours
                        && pod.newPodSince().filter(at -> !at.isBefore(begun)).isPresent(),
                pod -> words.operation(running) + "; " + Explanation.of(pod));
    }

    private Optional<Verdict> stuck(Predicate<ResourceState> some, Function<ResourceState, String> text) {
        return timeline.stuck().longest(app, some).map(sight -> {
            String told = text.apply(sight.pod());
            return policy.stuck().isZero()
                    ? new Verdict.Pending(told, Set.of(Need.RESOURCES), Optional.empty())
                    : withResources(withinGrace(sight.since(), policy.stuck(), told));
        });
    }

    /** Which resources are unhealthy is asked for while it lasts. */
    static Verdict withResources(Verdict verdict) {
        return verdict instanceof Verdict.Pending pending
                ? new Verdict.Pending(pending.explanation(), Set.of(Need.RESOURCES), pending.reviewAt())
                : verdict;
    }

    Verdict withinGrace(Instant since, String text) {
        return withinGrace(since, policy.trouble(), text);
    }

    private Verdict withinGrace(Instant since, Duration grace, String text) {
        Instant giveUp = since.plus(grace);
        if (!now.isBefore(giveUp)) {
            return fail(text + " (for " + Durations.text(Duration.between(since, now)) + ")");
        }
        return new Verdict.Pending(
                text + ", failing unless it passes within " + Durations.text(grace),
                position.compared().hasArrived() && !isOfBefore() ? Set.of() : Set.of(Need.REFRESH),
                Optional.of(giveUp));
    }

    Verdict fail(String explanation) {
        return new Verdict.Failed(explanation, FailureReport.of(app));
    }
}
