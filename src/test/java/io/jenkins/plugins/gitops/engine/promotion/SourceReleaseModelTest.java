package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.model.Application;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.Environment.AfterPolicy;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.RollbackPolicy;
import io.jenkins.plugins.gitops.engine.model.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Sends releases through random orders of environments that fall ill and get well. {@code -Dpromotions.sequences=} runs
 * another number of them.
 */
class SourceReleaseModelTest {

    private static final int SEQUENCES = Integer.getInteger("promotions.sequences", 100_000);

    @Test
    void aReleaseHasBeenHealthyInEveryEnvironmentBeforeTheOneItGoesTo() {
        int promoted = 0;
        int refused = 0;
        for (int seed = 0; seed < SEQUENCES; seed++) {
            Play play = new Play(seed);
            play.run();
            promoted += play.promoted;
            refused += play.refused;
        }
        assertThat(promoted).as("promotions").isGreaterThan(SEQUENCES);
        assertThat(refused).as("refusals").isGreaterThan(SEQUENCES);
    }

    private static final class Play {

        private final int seed;
        private final SplittableRandom random;
        private final DrawnOrder order;
        private final Application application;
        private final Map<String, Integer> runs = new HashMap<>();
        private final Set<String> ill = new HashSet<>();
        /** Environment and release, for everything that was ever live and healthy somewhere. */
        private final Set<String> proven = new HashSet<>();

        private int releases;
        private int promoted;
        private int refused;

        Play(int seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            order = DrawnOrder.draw(random);
            Map<String, Environment> environments = new LinkedHashMap<>();
            for (DrawnOrder.Place place : order.places()) {
                environments.put(place.name(), environment(place));
                runs.put(place.name(), 0);
                proven.add(place.name() + " 0");
            }
            application = new Application("shop", Map.of("api", "ghcr.io/acme/shop-api"), environments);
        }

        private static Environment environment(DrawnOrder.Place place) {
            return new Environment(
                    place.name(),
                    place.after(),
                    place.policy(),
                    null,
                    null,
                    List.of(new ManifestFile.Kustomization(place.name())),
                    Map.of(),
                    List.of(),
                    null,
                    RollbackPolicy.DEFAULT,
                    null,
                    null,
                    null);
        }

        void run() {
            for (int step = 4 + random.nextInt(12); step > 0; step--) {
                DrawnOrder.Place place = order.any(random);
                switch (random.nextInt(6)) {
                    case 0 -> {
                        if (place.after().isEmpty()) {
                            arrive(place, ++releases);
                        }
                    }
                    case 1 -> ill.add(place.name());
                    case 2 -> {
                        ill.remove(place.name());
                        proven.add(place.name() + " " + runs.get(place.name()));
                    }
                    default -> promote(place);
                }
            }
        }

        private void arrive(DrawnOrder.Place place, int release) {
            runs.put(place.name(), release);
            if (!ill.contains(place.name())) {
                proven.add(place.name() + " " + release);
            }
        }

        private void promote(DrawnOrder.Place to) {
            String from = random.nextInt(3) == 0 ? order.any(random).name() : null;
            Optional<Integer> allowed = to.allowed(from, this::healthy);
            SourceRelease found;
            try {
                found = SourceRelease.choose(
                        new Target(application, application.environment(to.name())), from, this::read);
            } catch (RefusedException refusal) {
                refused++;
                check(allowed.isEmpty(), "refused: " + refusal.getMessage());
                return;
            }
            int release = Integer.parseInt(found.images().get("api").shortText());
            check(allowed.equals(Optional.of(release)), "let " + release + " into " + to + " from " + from);
            check(to.after().contains(found.target().environment().name()), "came from elsewhere");
            long before = to.after().stream()
                    .filter(name -> proven.contains(name + " " + release))
                    .count();
            check(
                    to.policy() == AfterPolicy.ANY
                            ? before > 0
                            : before == to.after().size(),
                    "skipped one");
            arrive(to, release);
            promoted++;
        }

        private Optional<Integer> healthy(String environment) {
            return ill.contains(environment) ? Optional.empty() : Optional.of(runs.get(environment));
        }

        private SourceRelease read(Target target) {
            int release =
                    healthy(target.environment().name()).orElseThrow(() -> new RefusedException(target + " is ill."));
            return new SourceRelease(
                    target, "c", Map.of("api", ImageReference.parse("ghcr.io/acme/shop-api:" + release)));
        }

        private void check(boolean holds, String broken) {
            if (!holds) {
                throw new AssertionError(
                        "seed " + seed + ": " + broken + "; " + order + " run " + runs + ", ill " + ill);
            }
        }
    }
}
