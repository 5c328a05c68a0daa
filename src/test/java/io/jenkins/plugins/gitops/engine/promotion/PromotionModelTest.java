package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.ledger.Ledgers;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.model.Environment.AfterPolicy;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.registry.ReleaseVerification;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Promotes through random orders of environments while releases come, clusters fall ill and people push by hand, and
 * judges every promotion and every refusal by the order as it was drawn. For every hundred {@code
 * -Dpromotions.sequences=} it plays one.
 */
class PromotionModelTest {

    private static final int SEQUENCES = Integer.getInteger("promotions.sequences", 100_000) / 100;

    @Test
    void noRandomOrderLetsAReleaseSkipAnEnvironment() {
        AtomicInteger promoted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger overtaken = new AtomicInteger();
        IntStream.range(0, SEQUENCES).parallel().forEach(seed -> {
            Play play = new Play(seed);
            play.run();
            promoted.addAndGet(play.promoted);
            refused.addAndGet(play.refused);
            overtaken.addAndGet(play.overtaken);
        });
        assertThat(promoted).as("promotions").hasValueGreaterThan(SEQUENCES / 2);
        assertThat(refused).as("refusals").hasValueGreaterThan(SEQUENCES / 2);
        assertThat(overtaken).as("targets that moved meanwhile").hasValueGreaterThan(SEQUENCES / 20);
    }

    /**
     * One world: what the environments' files said at each commit, and which commit each cluster is healthy at. In half of
     * them a carried file moves with the image; a release is then {@code 1.1.4/2}, and {@code /0} where there is no file.
     */
    private static final class Play {

        private final int seed;
        private final SplittableRandom random;
        private final MemoryRepository repository = new MemoryRepository(Clock.fixed(Gates.NOON, ZoneOffset.UTC));
        private final DrawnOrder order;
        private final boolean carries;
        private final Map<Version, String> configurations = new HashMap<>();
        private final Map<String, Map<String, String>> filesAt = new HashMap<>();
        private final Map<String, String> files = new HashMap<>();
        private final Map<String, Liveness.State> clusters = new HashMap<>();
        private final List<String> story = new ArrayList<>();
        private int versions;
        private int ids;
        private int promoted;
        private int refused;
        private int overtaken;

        Play(int seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            carries = random.nextBoolean();
            StringBuilder declaration =
                    new StringBuilder("""
                        version: 1
                        applications:
                          shop:
                            images: { api: ghcr.io/acme/shop-api }
                        %s    environments:
                        """.formatted(carries ? "    carries: { files: [a/**] }\n" : ""));
            Map<String, String> begin = new HashMap<>();
            order = DrawnOrder.draw(random);
            for (DrawnOrder.Place place : order.places()) {
                declaration.append(yaml(place));
                begin.put(file(place), line("1.0.0/0"));
                files.put(place.name(), "1.0.0/0");
            }
            begin.put("gitops.yaml", declaration.toString());
            seen(repository.push("main", "Begin", begin));
            configurations(order.places().get(0));
            order.places()
                    .forEach(place -> clusters.put("shop/" + place.name(), new Liveness.State.Healthy(tip(), null)));
            story.add(declaration.toString());
        }

        private static String yaml(DrawnOrder.Place place) {
            String names = String.join(", ", place.after());
            String after = place.after().isEmpty()
                    ? ""
                    : "        after: "
                            + (place.policy() == AfterPolicy.ANY ? "{ any: [" + names + "] }" : "[" + names + "]")
                            + "\n";
            return "      " + place.name() + ":\n" + after + "        kustomization: " + file(place)
                    + "\n        folder: " + folder(place) + "\n";
        }

        private static String folder(DrawnOrder.Place place) {
            return "folders/" + place.name();
        }

        private static String carried(DrawnOrder.Place place) {
            return folder(place) + "/a/file";
        }

        /** Remembers by which digest a release names what an environment carries now. */
        private void configurations(DrawnOrder.Place place) {
            if (carries) {
                ReleaseEdit.Place there = Bump.place(
                        Declarations.read(repository.tip("main", Progress.SILENT), "main")
                                .application("shop"),
                        place.name());
                configurations.put(
                        new ReleaseEdit(new LineEditor())
                                .images(repository.tip("main", Progress.SILENT), there)
                                .get(Carries.NAME),
                        configuration(files.get(place.name())));
            }
        }

        private static String configuration(String version) {
            return version.substring(version.indexOf('/') + 1);
        }

        private static String file(DrawnOrder.Place place) {
            return "envs/" + place.name();
        }

        void run() {
            for (int step = 6 + random.nextInt(14); step > 0; step--) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> arrive();
                    case 2, 3 -> turn();
                    default -> promote();
                }
            }
        }

        /** A build's release where releases enter, or now and then by hand anywhere. */
        private void arrive() {
            DrawnOrder.Place place = order.any(random);
            if (place.after().isEmpty() || random.nextInt(6) == 0) {
                pushByHand(place);
            }
        }

        private void pushByHand(DrawnOrder.Place place) {
            String configuration = carries ? String.valueOf(random.nextInt(4)) : "0";
            String version =
                    "1.1." + (random.nextInt(4) == 0 ? random.nextInt(versions + 1) : ++versions) + "/" + configuration;
            files.put(place.name(), version);
            seen(repository.push(
                    "main",
                    "Push",
                    Map.of(
                            file(place), line(version).getBytes(StandardCharsets.UTF_8),
                            carried(place), configuration.getBytes(StandardCharsets.UTF_8)),
                    configuration.equals("0") ? Map.of(carried(place), CommitRequest.GONE) : Map.of()));
            configurations(place);
            story.add("push " + version + " to " + place.name());
        }

        private void turn() {
            DrawnOrder.Place place = order.any(random);
            List<CommitInfo> log = repository.log("main");
            int age = random.nextInt(3) == 0 ? random.nextInt(log.size()) : 0;
            Liveness.State state =
                    switch (random.nextInt(8)) {
                        case 0, 1 -> new Liveness.State.NotHealthy("pods crash");
                        case 2 -> new Liveness.State.Unwatched();
                        default ->
                            new Liveness.State.Healthy(
                                    log.get(log.size() - 1 - age).commit(), null);
                    };
            clusters.put("shop/" + place.name(), state);
            story.add(place.name() + " " + state);
        }

        private void promote() {
            DrawnOrder.Place to = order.any(random);
            String from = random.nextInt(3) == 0 ? order.any(random).name() : null;
            Optional<String> allowed = to.allowed(from, this::runs);
            story.add("promote to " + to.name() + " from " + from);
            Promotion.Plan plan;
            try {
                plan = promotion().plan(request(to, from), Progress.SILENT);
            } catch (RefusedException refusal) {
                refused++;
                check(allowed.isEmpty(), "refused: " + refusal.getMessage());
                return;
            }
            check(allowed.isPresent(), "skipped an environment");
            check(version(plan).equals(allowed.get()), "another release: " + version(plan) + " for " + allowed.get());
            check(runs(plan.subject().sourceEnvironment()).equals(allowed), "not from where it is healthy");
            check(to.after().contains(plan.subject().sourceEnvironment()), "not from before");
            commit(to, plan);
        }

        private void commit(DrawnOrder.Place to, Promotion.Plan plan) {
            String before = files.get(to.name());
            if (random.nextInt(4) == 0) {
                DrawnOrder.Place elsewhere = order.any(random);
                if (random.nextBoolean()) {
                    repository.interfere(() -> pushByHand(elsewhere));
                } else {
                    pushByHand(elsewhere);
                }
            }
            BumpResult done;
            try {
                done = write(plan);
            } catch (RefusedException moved) {
                overtaken++;
                check(!files.get(to.name()).equals(before), "refused: " + moved.getMessage());
                check(text(to).equals(written(files.get(to.name()))), "wrote although it refused");
                return;
            }
            check(
                    files.get(to.name()).equals(before) || files.get(to.name()).equals(version(plan)),
                    "wrote over what somebody else put there");
            files.put(to.name(), version(plan));
            check(text(to).equals(written(version(plan))), "wrote something else");
            seen(tip());
            if (done.outcome() instanceof CommitOutcome.Committed) {
                repeat(plan, done);
            }
            order.places().stream()
                    .filter(other -> !other.equals(to))
                    .forEach(other -> check(text(other).equals(written(files.get(other.name()))), "changed " + other));
            promoted++;
        }

        /** The release that is live and healthy there; where nobody watches, the one that is written there. */
        private Optional<String> runs(String environment) {
            Liveness.State state = clusters.get("shop/" + environment);
            if (state instanceof Liveness.State.Healthy healthy) {
                return Optional.of(filesAt.get(healthy.commit()).get(environment));
            }
            return state instanceof Liveness.State.Unwatched ? Optional.of(files.get(environment)) : Optional.empty();
        }

        private Promotion promotion() {
            return new Promotion(
                    repository,
                    new LineEditor(),
                    target -> clusters.get(target.toString()),
                    ReleaseVerification.NONE,
                    new Ledgers(),
                    new Stops(InstantSource.system()));
        }

        private Promotion.Request request(DrawnOrder.Place to, String from) {
            return new Promotion.Request(
                    "promotion-" + ids++,
                    "https://git.example.org/config.git",
                    "main",
                    "shop",
                    to.name(),
                    from,
                    Provenance.UNKNOWN,
                    Shop.JENKINS);
        }

        /** As a step does that a restart kept from hearing that it had committed. */
        private void repeat(Promotion.Plan plan, BumpResult done) {
            pushByHand(order.any(random));
            int commits = repository.log("main").size();
            check(write(plan).commit().equals(done.commit()), "it came to another commit");
            check(repository.log("main").size() == commits, "one promotion was committed twice");
        }

        private BumpResult write(Promotion.Plan plan) {
            return promotion()
                    .commit(
                            plan.subject(),
                            Optional.empty(),
                            Provenance.UNKNOWN,
                            Shop.JENKINS,
                            Optional.empty(),
                            Progress.SILENT);
        }

        private String version(Promotion.Plan plan) {
            Map<String, Version> release = plan.subject().release();
            return release.get("api").shortText() + "/"
                    + (carries ? configurations.get(release.get(Carries.NAME)) : "0");
        }

        private void seen(String commit) {
            filesAt.put(commit, Map.copyOf(files));
        }

        private String tip() {
            return repository.tip("main", Progress.SILENT).commit();
        }

        private String text(DrawnOrder.Place place) {
            String configuration = repository.modes("main").containsKey(carried(place))
                    ? repository.text("main", carried(place))
                    : "0";
            return repository.text("main", file(place)) + configuration;
        }

        private static String line(String version) {
            return "ghcr.io/acme/shop-api:" + version.substring(0, version.indexOf('/')) + "\n";
        }

        private static String written(String version) {
            return line(version) + configuration(version);
        }

        private void check(boolean holds, String broken) {
            if (!holds) {
                throw new AssertionError("seed " + seed + ": " + broken + "; " + String.join("\n", story));
            }
        }
    }
}
