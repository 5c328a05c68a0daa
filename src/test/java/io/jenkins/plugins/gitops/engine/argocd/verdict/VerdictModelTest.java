package io.jenkins.plugins.gitops.engine.argocd.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Condition;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.Rendered;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedApplication;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.client.ApplicationReader;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Drives random legal histories of an Application and asks after every step what the rule makes of it: never Healthy
 * before the commit, or one after it, has really been applied and its pods really are healthy, nor later than when a
 * comparison has shown it; never Failed for what passes within its grace time; always an answer by the deadline.
 *
 * <p>The histories have what a real Argo CD does: comparisons that take their time and swallow refreshes, stale looks,
 * sync windows, syncs that could not be requested, branches resolved from a cache, parts that do not answer, and the source
 * hydrator.
 */
class VerdictModelTest {

    private static final int HISTORIES = Integer.getInteger("gitops.verdict.histories", 2_000);
    private static final int STEPS = 60;
    private static final Duration GRACE = Duration.ofSeconds(60);

    @Test
    void randomHistoriesNeverGetAFalseVerdict() {
        int[] ends = new int[Verdict.Kind.values().length];
        for (int seed = 0; seed < HISTORIES; seed++) {
            ends[new History(seed).play().ordinal()]++;
        }
        assertThat(ends[Verdict.Kind.PENDING.ordinal()])
                .as("histories without an answer")
                .isZero();
        // A model that never gets anywhere would prove nothing.
        assertThat(ends[Verdict.Kind.HEALTHY.ordinal()]).isGreaterThan(HISTORIES / 5);
        assertThat(ends[Verdict.Kind.FAILED.ordinal()]).isGreaterThan(HISTORIES / 50);
        assertThat(ends[Verdict.Kind.SUPERSEDED.ordinal()]).isPositive();
        assertThat(ends[Verdict.Kind.TIMED_OUT.ordinal()]).isPositive();
    }

    /** One Application, one wait, one line of commits. */
    private static final class History {

        private final int seed;
        private final Random random;
        private final List<String> log = new ArrayList<>();
        private final SimulatedApplication app;
        private final int ours;
        private final SyncRequest request;
        private final boolean hydrated;

        private Instant now = Instant.parse("2026-08-01T10:00:00Z");
        /** The cluster's clock is not ours. */
        private final Duration skew;

        /** For so long a comparison may read the cluster as it was before the last sync. */
        private Instant staleUntil = Instant.MIN;

        private int head;
        /** What is synced: of the dry commits, the one that was hydrated last. */
        private int hydratedHead;

        private Optional<Instant> lookedAtDry = Optional.empty();
        private Optional<Integer> hydrating = Optional.empty();

        private boolean windowClosed;
        private boolean refreshing;
        private boolean takenUp;
        private Optional<Integer> comparing = Optional.empty();
        private Instant comparingSince = Instant.MIN;
        private int version = 1;
        private Optional<ArgoCd.Accepted> accepted = Optional.empty();

        /** Comparisons since it has been seen to be live, without a break. */
        private int liveComparisons;

        private boolean operationFailed;
        private Optional<Instant> unhealthySince = Optional.empty();
        private Optional<Instant> conditionSince = Optional.empty();
        private Timeline timeline = Timeline.START;

        History(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.skew = Duration.ofSeconds(random.nextInt(-7_200, 7_200));
            ObjectNode spec = JsonNodeFactory.instance.objectNode();
            this.hydrated = random.nextInt(5) == 0;
            (hydrated ? spec.putObject("sourceHydrator").putObject("drySource") : spec.putObject("source"))
                    .put("repoURL", "https://git.example.com/acme/config.git");
            if (random.nextInt(4) > 0) {
                spec.putObject("syncPolicy").putObject("automated");
            }
            this.app = new SimulatedApplication(new ApplicationName("argocd", "shop"), spec);
            deployFirst();
            this.ours = ++head;
            this.request = new SyncRequest(
                    "wait",
                    List.of(AwaitedApplications.named("main", "shop")),
                    new Expectation(
                            random.nextInt(6) == 0 ? Optional.empty() : Optional.of(Commits.commit(ours)),
                            Map.of("api", ImageReference.parse(Commits.image(ours))),
                            Optional.empty(),
                            Optional.of("main")),
                    new Policy(GRACE, Duration.ofMinutes(2), Duration.ofMinutes(2), ArgoCd.Refresh.NORMAL, Set.of()),
                    Optional.empty(),
                    now.plusSeconds(1_000));
        }

        private void deployFirst() {
            if (hydrated) {
                app.endHydrating(Commits.commit(0));
            }
            app.compare(Commits.rendered(hydrated, 0), cluster());
            app.beginSync(Commits.rendered(hydrated, 0), JsonNodeFactory.instance.objectNode(), cluster());
            app.completeSync(cluster());
            app.runs(List.of(Commits.image(0)), HealthState.HEALTHY, "");
            app.compare(Commits.rendered(hydrated, 0), cluster());
        }

        Verdict.Kind play() {
            Verdict verdict = look();
            for (int step = 0; step < STEPS && verdict instanceof Verdict.Pending; step++) {
                now = now.plusMillis(random.nextInt(5) == 0 ? random.nextInt(40_000) : random.nextInt(2_500));
                version++;
                move();
                verdict = look();
                check(verdict);
                request(verdict);
            }
            if (verdict instanceof Verdict.Pending) {
                lookedAtDry.ifPresent(looked -> hydrate());
                now = request.deadline();
                verdict = look();
                check(verdict);
            }
            return verdict.kind();
        }

        private Verdict look() {
            timeline = timeline.next(Optional.of(observed()), accepted, now);
            Verdict verdict = VerdictRule.decide(
                    request.expectation(), request.policy(), request.id(), timeline, Commits::relation, now);
            return verdict instanceof Verdict.Pending && !now.isBefore(request.deadline())
                    ? new Verdict.TimedOut(verdict.explanation())
                    : verdict;
        }

        private Observation observed() {
            ObjectNode resource = app.resource();
            ObjectNode metadata = (ObjectNode) resource.path("metadata");
            metadata.put("resourceVersion", String.valueOf(version));
            if (refreshing) {
                metadata.putObject("annotations").put(ApplicationReader.REFRESH_ANNOTATION, "normal");
            }
            return ApplicationReader.read(resource);
        }

        /** While another refresh is under way it is lost. */
        private void request(Verdict verdict) {
            if (!refreshing
                    && verdict instanceof Verdict.Pending pending
                    && (pending.needs().contains(Verdict.Need.REFRESH)
                            || pending.needs().contains(Verdict.Need.RENDER))) {
                say("request a refresh");
                refreshing = true;
                version++;
                boolean hard = pending.needs().contains(Verdict.Need.RENDER);
                accepted = Optional.of(new ArgoCd.Accepted(
                        String.valueOf(version), hard ? ArgoCd.Refresh.HARD : ArgoCd.Refresh.NORMAL));
            }
        }

        private void move() {
            if (lookedAtDry.filter(at -> now.isAfter(at.plusSeconds(50))).isPresent()) {
                hydrate();
            }
            switch (random.nextInt(15)) {
                case 0, 1, 2, 3 -> compare();
                case 4 -> push();
                case 5, 6 -> finishSync();
                case 7, 8 -> rollOut();
                case 9 -> turn(HealthState.DEGRADED, "CrashLoopBackOff");
                case 10 -> retryOrRollBack();
                case 11 -> hydrate();
                case 12 -> windowClosed = random.nextInt(3) == 0;
                case 13 -> refreshing |= random.nextInt(3) == 0;
                default -> breakOrMend();
            }
            boolean unhealthy = app.observed().health().state() == HealthState.DEGRADED;
            unhealthySince = unhealthy ? unhealthySince.or(() -> Optional.of(now)) : Optional.empty();
        }

        private void compare() {
            if (now.isBefore(staleUntil) && random.nextInt(3) > 0) {
                say("compare by a stale cache");
                app.compareStale(app.applied().orElseThrow(), cluster());
                return;
            }
            if (comparing.isEmpty()) {
                comparing = Optional.of(resolve());
                comparingSince = cluster();
                takenUp = refreshing;
                say("begin to compare " + comparing.get());
                return;
            }
            Rendered target = Commits.rendered(hydrated, comparing.get());
            comparing = Optional.empty();
            refreshing &= !takenUp;
            say("compared");
            Optional<Condition> before = app.observed().conditions().stream()
                    .filter(condition -> condition.type().equals("SyncError"))
                    .findFirst();
            boolean due = app.compare(target, comparingSince);
            conditionSince = Optional.empty();
            if (windowClosed) {
                app.condition(before, cluster());
            } else if (due && random.nextInt(6) == 0) {
                say("cannot request the sync");
                app.condition(
                        Optional.of(new Condition("SyncError", "etcdserver: request timed out", Optional.empty())),
                        cluster());
            } else if (due && random.nextInt(3) > 0) {
                begin(target);
            }
            liveComparisons = isSeenLive() ? liveComparisons + 1 : 0;
        }

        /** Only a requested refresh is sure to ask the repository. */
        private int resolve() {
            int newest = hydrated ? hydratedHead : head;
            return !refreshing && !hydrated && newest > 1 && random.nextInt(8) == 0 ? newest - 1 : newest;
        }

        private void hydrate() {
            if (!hydrated) {
                return;
            }
            if (hydrating.isPresent()) {
                say("hydrated");
                hydratedHead = hydrating.get();
                app.endHydrating(Commits.commit(hydratedHead));
                hydrating = Optional.empty();
            } else if (lookedAtDry.isPresent()) {
                say("hydrating");
                app.beginHydrating(Commits.commit(head));
                hydrating = Optional.of(head);
                lookedAtDry = Optional.empty();
            } else if (head > hydratedHead) {
                say("look at the dry commit");
                app.lookAtDry(Commits.commit(head));
                lookedAtDry = Optional.of(now);
            }
        }

        /** The ground truth, as it is published: Synced at the commit or later, no sync failed or under way, Healthy. */
        private boolean isSeenLive() {
            Observation seen = app.observed();
            return seen.isLive()
                    && seen.sync() == Observation.SyncState.SYNCED
                    && seen.operation().filter(last -> last.isFailed()).isEmpty()
                    && seen.conditions().isEmpty()
                    && Commits.number(seen.revisions().get(0)) >= ours
                    && seen.images().equals(List.of(Commits.image(ours)))
                    && lookedAtDry.isEmpty()
                    && hydrating.isEmpty();
        }

        private void push() {
            if (head < ours + 3 && random.nextInt(3) == 0) {
                say("push");
                head++;
            }
        }

        private void begin(Rendered target) {
            say("begin " + target.revision().charAt(39));
            app.beginSync(target, JsonNodeFactory.instance.objectNode(), cluster());
            operationFailed = false;
        }

        private void finishSync() {
            if (!app.isSyncing()) {
                return;
            }
            if (random.nextInt(6) == 0) {
                say("fail");
                app.failSync("one or more objects failed to apply", List.of(), cluster());
                operationFailed = true;
            } else {
                say("complete");
                Rendered target = app.syncing().orElseThrow();
                app.completeSync(cluster());
                app.runsAlso(target.images());
                staleUntil = now.plusSeconds(7);
            }
        }

        private void rollOut() {
            if (random.nextBoolean() && !app.isSyncing()) {
                turn(HealthState.HEALTHY, "");
            }
            if (!now.isBefore(staleUntil)) {
                say("look");
                app.lookAtHealth(cluster());
            }
        }

        private void turn(HealthState state, String message) {
            say("turn " + state);
            app.runs(app.applied().orElseThrow().images(), state, message);
            app.lookAtHealth(cluster());
        }

        private void retryOrRollBack() {
            if (app.isSyncing()) {
                say("retry");
                app.retrySync("one or more objects failed to apply", cluster());
            } else if (!app.isAutoSync() && random.nextBoolean()) {
                begin(Commits.rendered(hydrated, random.nextBoolean() ? 0 : hydrated ? hydratedHead : head));
            }
        }

        private void breakOrMend() {
            boolean broken = random.nextBoolean();
            boolean outage = random.nextBoolean();
            say(broken ? outage ? "outage" : "break" : "mend");
            String message = outage ? "rpc error: code = Unavailable desc = connection refused" : "timeout";
            app.condition(
                    broken
                            ? Optional.of(new Condition("ComparisonError", message, Optional.empty()))
                            : Optional.empty(),
                    cluster());
            liveComparisons = 0;
            conditionSince = broken && !outage ? conditionSince.or(() -> Optional.of(now)) : Optional.empty();
        }

        private void check(Verdict verdict) {
            if (verdict instanceof Verdict.Healthy) {
                int applied = Commits.number(app.applied().orElseThrow().revision());
                assertThat(applied).as(story(verdict)).isGreaterThanOrEqualTo(ours);
                assertThat(app.runsHealthy(app.applied().orElseThrow().images()))
                        .as(story(verdict))
                        .isTrue();
                assertThat(Commits.image(applied)).as(story(verdict)).isEqualTo(Commits.image(ours));
            }
            if (verdict instanceof Verdict.Failed) {
                boolean degraded = lasted(unhealthySince);
                boolean condition = lasted(conditionSince);
                assertThat(operationFailed || degraded || condition)
                        .as(story(verdict))
                        .isTrue();
            }
            if (verdict instanceof Verdict.Pending) {
                assertThat(liveComparisons).as(story(verdict)).isLessThan(2);
            }
            if (verdict instanceof Verdict.TimedOut) {
                assertThat(now).as(story(verdict)).isAfterOrEqualTo(request.deadline());
            }
        }

        private boolean lasted(Optional<Instant> since) {
            return since.filter(begun -> !now.isBefore(begun.plus(GRACE))).isPresent();
        }

        private Instant cluster() {
            return now.plus(skew);
        }

        private void say(String what) {
            log.add(now.toString().substring(11) + " " + what);
        }

        private String story(Verdict verdict) {
            return "seed " + seed + ": " + verdict + " after " + log;
        }
    }
}
