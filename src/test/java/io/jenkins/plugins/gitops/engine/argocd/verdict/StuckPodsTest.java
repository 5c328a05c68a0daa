package io.jenkins.plugins.gitops.engine.argocd.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.Applications;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Since when new pods cannot start. */
class StuckPodsTest {

    private static final Instant START = Instant.parse("2026-08-01T10:00:00Z");
    private static final String COMMIT = "a".repeat(40);

    @Test
    void theTimeOfAPodRunsFromItsFirstSight() {
        assertThat(longest(seen(0, "a"), seen(30, "a", "b"))).contains(START);
        assertThat(longest(seen(0, "a"), seen(30, "b"))).contains(START.plusSeconds(30));
    }

    @Test
    void aPodThatIsNotStuckNowCountsForNothing() {
        assertThat(longest(seen(0, "a"), seen(5))).isEmpty();
    }

    @Test
    void aCrashLoopRunsForAMomentBetweenItsCrashes() {
        assertThat(longest(seen(0, "a"), seen(100, "a"), seen(110), seen(119, "a")))
                .contains(START);
    }

    @Test
    void theTimeOfAPodThatRecoversStartsAnew() {
        assertThat(longest(seen(0, "a"), seen(10), seen(31), seen(35, "a"))).contains(START.plusSeconds(35));
    }

    @Test
    void everyPodOfARollingUpdateHasATimeOfItsOwn() {
        assertThat(longest(seen(0, "a"), seen(40, "b"), seen(80, "c"), seen(130, "d")))
                .contains(START.plusSeconds(130));
    }

    @Test
    void anotherSyncStartsAnew() {
        Timeline timeline = Timeline.START
                .next(Optional.of(at(COMMIT, "a")), Optional.empty(), START)
                .next(Optional.of(at("b".repeat(40), "a")), Optional.empty(), START.plusSeconds(300));

        assertThat(timeline.stuck().longest(timeline.application().orElseThrow(), any -> true))
                .map(StuckPods.Sight::since)
                .contains(START.plusSeconds(300));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ImagePullBackOff, container api of shop:2",
                "ErrImagePull",
                "ErrImageNeverPull",
                "InvalidImageName",
                "RegistryUnavailable",
                "CrashLoopBackOff",
                "CreateContainerConfigError, container api of shop:2, secret \"shop\" not found",
                "CreateContainerError",
                "RunContainerError",
                "Back-off pulling image \"shop:2\"",
                "back-off 2m40s restarting failed container=api pod=api-1_shop(1)"
            })
    void aContainerThatCannotStartIsKnownByKubeletsWords(String message) {
        assertThat(pod("a", message, Optional.of(START)).isStuck()).isTrue();
        // Not known to be new.
        assertThat(pod("a", message, Optional.empty()).isStuck()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Unschedulable, 0/3 nodes are available", "containers with unready status: [api]"})
    void aPodThatMayYetStartIsNotStuck(String message) {
        assertThat(pod("a", message, Optional.of(START)).isStuck()).isFalse();
    }

    private record Look(long second, Observation application) {}

    private static Look seen(long second, String... pods) {
        return new Look(second, at(COMMIT, pods));
    }

    private static Observation at(String commit, String... pods) {
        List<ResourceState> stuck = Arrays.stream(pods)
                .map(name -> pod(name, "CrashLoopBackOff", Optional.of(START)))
                .toList();
        return Applications.progressing("shop", commit, 2).with(stuck);
    }

    private static ResourceState pod(String name, String message, Optional<Instant> since) {
        return new ResourceState("Pod", "shop", name, HealthState.DEGRADED, message, since, Optional.empty());
    }

    private static Optional<Instant> longest(Look... looks) {
        StuckPods pods = StuckPods.NONE;
        for (Look look : looks) {
            pods = pods.next(look.application(), START.plusSeconds(look.second()));
        }
        return pods.longest(looks[looks.length - 1].application(), any -> true).map(StuckPods.Sight::since);
    }
}
