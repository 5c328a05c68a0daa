package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.Applications;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.ScriptedArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wait while new pods cannot start, or a Rollout is paused. */
@Timeout(240)
class StoppedRolloutsTest {

    private static final String COMMIT = "a".repeat(40);
    private static final String STUCK =
            "ImagePullBackOff, container api of ghcr.io/acme/shop:2, Back-off pulling image ghcr.io/acme/shop:2";

    private static final ResourceState ROLLOUT =
            new ResourceState("Rollout", "shop", "shop", HealthState.SUSPENDED, "is paused at step 2 of 5 (pause)");

    private static final ResourceState TIMED = new ResourceState(
            "Rollout", "shop", "shop", HealthState.PROGRESSING, "is paused at step 4 of 5 (pause of 10m)");
    private static final Policy RESUMING = new Policy(
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ZERO,
            Policy.DEFAULT.refresh(),
            Set.of(Policy.Option.RESUME));

    private final ScriptedArgoCd argoCd = new ScriptedArgoCd();
    private final RecordingListener listener = new RecordingListener();
    private volatile Duration ahead = Duration.ZERO;
    private final SyncWaits waits =
            new SyncWaits(name -> argoCd, () -> Instant.now().plus(ahead), new Random(7), Duration.ofMillis(200));

    @AfterEach
    void stop() {
        waits.close();
    }

    @Test
    void aPodThatCannotPullItsImageIsNamedAtOnceAndFailsTheWaitAfterItsGraceTime() {
        argoCd.unhealthy(pod("api-1", STUCK));
        argoCd.put(Applications.progressing("shop", COMMIT, 2));

        begin(Policy.DEFAULT);

        await().untilAsserted(() -> assertThat(listener.heard())
                .anySatisfy(line -> assertThat(line)
                        .contains(
                                "health Progressing, Pod/api-1 " + STUCK + ", failing unless it passes within 2 min")));
        assertThat(listener.ended()).isEmpty();
        later(Duration.ofSeconds(121));
        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.FAILED);
        assertThat(listener.awaitEnd().summary()).contains("Pod/api-1 " + STUCK + " (for 2 min");
        assertThat(listener.awaitEnd().details()).anyMatch(line -> line.contains("Pod shop/api-1: Degraded, " + STUCK));
    }

    @Test
    void aPodThatRecoversFailsNothing() {
        argoCd.unhealthy(pod("api-1", "CrashLoopBackOff, container api of ghcr.io/acme/shop:2"));
        argoCd.put(Applications.progressing("shop", COMMIT, 2));
        begin(Policy.DEFAULT);
        await().until(() -> listener.heard().stream().anyMatch(line -> line.contains("failing unless")));

        argoCd.unhealthy();
        int asked = argoCd.resourcesAsked.get();
        later(Duration.ofSeconds(60));
        await().until(() -> argoCd.resourcesAsked.get() > asked);
        later(Duration.ofSeconds(90));
        argoCd.change(Applications.at("1000", Applications.live("shop", COMMIT, 2)));

        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
    }

    @Test
    void whatWasHeardOfAnEarlierSyncSaysNothingOfTheNext() {
        argoCd.unhealthy(pod("api-1", STUCK));
        argoCd.put(Applications.progressing("shop", COMMIT, 2));
        begin(new Policy(
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofMillis(1),
                Policy.DEFAULT.refresh(),
                Policy.DEFAULT.options()));
        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.FAILED);

        argoCd.unhealthy();
        RecordingListener next = new RecordingListener();
        later(Duration.ofSeconds(1));
        waits.await(request(Policy.DEFAULT), next);
        await().until(() -> next.heard().stream().anyMatch(line -> line.contains("Progressing")));

        assertThat(next.heard()).noneMatch(line -> line.contains("api-1"));
    }

    @Test
    void aPausedRolloutIsNamedAndLeftAlone() {
        argoCd.unhealthy(ROLLOUT);
        argoCd.put(Applications.suspended("shop", COMMIT, 2));

        begin(Policy.DEFAULT);

        await().until(() -> listener.heard().stream()
                .anyMatch(line -> line.contains("Rollout/shop is paused at step 2 of 5 (pause), resume it or accept")));
        assertThat(argoCd.actions).isEmpty();
    }

    @Test
    void aPausedRolloutIsResumedWhereThePolicySaysSo() {
        argoCd.unhealthy(ROLLOUT);
        argoCd.put(Applications.suspended("shop", COMMIT, 2));

        begin(RESUMING);

        await().until(() -> argoCd.actions.equals(List.of("Rollout/shop resume")));
        endHealthy();
        assertThat(argoCd.actions).hasSize(1);
    }

    /** A list of Argo CD's API server has the health of resources, in which every pause is Suspended. */
    @Test
    void aPauseThatEndsByItselfIsNotCutShort() {
        argoCd.unhealthy(TIMED);
        argoCd.put(Applications.suspended("shop", COMMIT, 2)
                .with(List.of(new ResourceState("Rollout", "shop", "shop", HealthState.SUSPENDED, "CanaryPauseStep"))));

        begin(RESUMING);

        await().until(() -> listener.heard().stream()
                .anyMatch(line ->
                        line.contains("Rollout/shop is paused at step 4 of 5 (pause of 10m), which ends by itself")));
        endHealthy();
        assertThat(argoCd.actions).isEmpty();
    }

    @Test
    void aRolloutThatHasGoneOnSinceItWasLookedAtIsLeftAlone() {
        argoCd.unhealthy(ROLLOUT);
        argoCd.rollouts(TIMED);
        argoCd.put(Applications.suspended("shop", COMMIT, 2));

        begin(RESUMING);

        await().until(() -> argoCd.rolloutsAsked.get() > 0);
        endHealthy();
        assertThat(argoCd.actions).isEmpty();
    }

    private void endHealthy() {
        argoCd.unhealthy();
        argoCd.change(Applications.at("1000", Applications.live("shop", COMMIT, 2)));
        assertThat(listener.awaitEnd().kind()).isEqualTo(Verdict.Kind.HEALTHY);
    }

    private void begin(Policy policy) {
        waits.await(request(policy), listener);
    }

    private SyncRequest request(Policy policy) {
        return new SyncRequest(
                "wait-1",
                List.of(AwaitedApplications.named("main", "shop")),
                new Expectation(Optional.of(COMMIT), Map.of(), Optional.empty(), Optional.empty()),
                policy,
                Optional.of((ancestor, descendant) -> ancestor.equals(descendant)),
                Instant.now().plus(Duration.ofHours(1)));
    }

    /** Time passes, and something of no importance happens. */
    private void later(Duration time) {
        ahead = ahead.plus(time);
        argoCd.change(
                Applications.at(String.valueOf(100 + ahead.toSeconds()), Applications.progressing("shop", COMMIT, 2)));
    }

    private static ResourceState pod(String name, String message) {
        return new ResourceState(
                "Pod",
                "shop",
                name,
                HealthState.DEGRADED,
                message,
                Optional.of(Instant.parse("2026-08-01T10:00:01Z")),
                Optional.empty());
    }
}
