package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.model.Environment.AfterPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * An order of environments drawn by lot, and what it allows, written again in another way than the engine's.
 *
 * @param places each after some of those before it; the first after none
 */
record DrawnOrder(List<Place> places) {

    /** An environment and those it comes after. */
    record Place(String name, List<String> after, AfterPolicy policy) {

        /**
         * The release that may be promoted there now.
         *
         * @param from what the user asked for, or null
         * @param runs the release that is live and healthy in an environment, if one is
         */
        <R> Optional<R> allowed(String from, Function<String, Optional<R>> runs) {
            if (after.isEmpty() || (from != null && !after.contains(from))) {
                return Optional.empty();
            }
            if (policy == AfterPolicy.ANY) {
                List<String> candidates = from == null ? after : List.of(from);
                return candidates.stream().map(runs).flatMap(Optional::stream).findFirst();
            }
            List<Optional<R>> all = after.stream().map(runs).distinct().toList();
            return all.size() == 1 ? all.get(0) : Optional.empty();
        }
    }

    static DrawnOrder draw(RandomGenerator random) {
        List<Place> places = new ArrayList<>();
        for (int count = 3 + random.nextInt(4); count > 0; count--) {
            List<String> after = new ArrayList<>();
            for (Place earlier : places) {
                if (random.nextInt(5) < 2) {
                    after.add(random.nextInt(after.size() + 1), earlier.name());
                }
            }
            AfterPolicy policy = !after.isEmpty() && random.nextInt(3) == 0 ? AfterPolicy.ANY : AfterPolicy.ALL;
            places.add(new Place("e" + places.size(), after, policy));
        }
        return new DrawnOrder(places);
    }

    Place any(RandomGenerator random) {
        return places.get(random.nextInt(places.size()));
    }
}
