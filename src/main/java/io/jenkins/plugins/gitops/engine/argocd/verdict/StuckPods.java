package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * New pods that cannot be started or crash again and again, and since when each has been seen so. The time of a pod that
 * recovers starts anew; a crash loop runs for moments between its crashes, which is no recovery.
 *
 * @param sights by the pod's namespace and name
 */
record StuckPods(Map<String, Sight> sights) {

    static final StuckPods NONE = new StuckPods(Map.of());

    /** A pod that is not stuck for this long has recovered. */
    private static final Duration RECOVERY = Duration.ofSeconds(20);

    /**
     * @param since when it was first seen stuck
     * @param well since when it has not been, if it is not now
     */
    record Sight(ResourceState pod, Instant since, Optional<Instant> well) {

        boolean hasRecovered(Instant now) {
            return well.filter(at -> !now.isBefore(at.plus(RECOVERY))).isPresent();
        }
    }

    StuckPods {
        sights = Map.copyOf(sights);
    }

    /** After another look at the same sync. */
    StuckPods next(Observation application, Instant now) {
        Map<String, Sight> next = new TreeMap<>(sights);
        next.replaceAll((name, sight) ->
                new Sight(sight.pod(), sight.since(), Optional.of(sight.well().orElse(now))));
        next.values().removeIf(sight -> sight.hasRecovered(now));
        for (ResourceState pod : stuck(application)) {
            next.compute(
                    pod.namespace() + "/" + pod.name(),
                    (name, before) -> new Sight(pod, before == null ? now : before.since(), Optional.empty()));
        }
        return new StuckPods(next);
    }

    private static List<ResourceState> stuck(Observation application) {
        return application.resources().stream().filter(ResourceState::isStuck).toList();
    }

    /** Of those that the last look showed to be stuck, and of these only some, the one that has been so for longest. */
    Optional<Sight> longest(Observation application, Predicate<ResourceState> some) {
        List<ResourceState> stuck = stuck(application);
        return sights.values().stream()
                .filter(sight -> stuck.contains(sight.pod()) && some.test(sight.pod()))
                .min(Comparator.comparing(Sight::since));
    }
}
