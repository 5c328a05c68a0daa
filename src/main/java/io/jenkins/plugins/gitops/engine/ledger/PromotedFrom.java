package io.jenkins.plugins.gitops.engine.ledger;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds the deployment that a promotion took its release from. What a promotion names is the commit that Argo CD was at,
 * which may come after the one that deployed the release; then the last deployment there of the same images is meant.
 */
final class PromotedFrom {

    private final List<Deployment> newestFirst;
    private final Function<Trailers, Map<String, ImageReference>> images;
    private final Map<Target, List<Integer>> ofTarget = new HashMap<>();
    private final Map<Made, Integer> byCommit = new HashMap<>();

    private record Target(String application, String environment) {}

    private record Made(Target target, String commit) {}

    /** @param images as {@link Trailers#images()} reads them */
    PromotedFrom(
            @NonNull List<Deployment> newestFirst, @NonNull Function<Trailers, Map<String, ImageReference>> images) {
        this.newestFirst = newestFirst;
        this.images = images;
        for (int at = 0; at < newestFirst.size(); at++) {
            Deployment deployment = newestFirst.get(at);
            Target target = new Target(deployment.application(), deployment.environment());
            ofTarget.computeIfAbsent(target, first -> new ArrayList<>()).add(at);
            byCommit.putIfAbsent(new Made(target, deployment.commit()), at);
        }
    }

    /**
     * Where in the list the source is; empty when it is not there, or the deployment is no promotion.
     *
     * @param promotion where in the list the promotion is
     */
    @NonNull
    Optional<Integer> source(int promotion) {
        Deployment to = newestFirst.get(promotion);
        String[] from = to.trailers().value(Trailers.RELEASE_FROM).orElse("").split("@", 2);
        if (from.length < 2) {
            return Optional.empty();
        }
        Target there = new Target(to.application(), from[0]);
        Integer named = byCommit.get(new Made(there, from[1]));
        return named == null ? lastBefore(promotion, there) : Optional.of(named);
    }

    private Optional<Integer> lastBefore(int promotion, Target there) {
        Set<Map.Entry<String, ImageReference>> promoted =
                images.apply(newestFirst.get(promotion).trailers()).entrySet();
        return ofTarget.getOrDefault(there, List.of()).stream()
                .filter(at -> at > promotion)
                .filter(at -> newestFirst.get(at).images().entrySet().containsAll(promoted))
                .findFirst();
    }
}
