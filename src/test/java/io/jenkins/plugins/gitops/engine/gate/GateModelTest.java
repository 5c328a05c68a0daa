package io.jenkins.plugins.gitops.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Drives gates with random people, clicks, replays, clocks, check results, full disks and restarts, and has every event and every
 * open gate judged by {@link GateJudge}. {@code -Dgates.sequences=} runs more.
 */
class GateModelTest {

    private static final int SEQUENCES = Integer.getInteger("gates.sequences", 100_000);
    private static final String[] IDS = {"anna", "bob", "cleo", "dora", "eve", "frank"};
    private static final String[] GROUPS = {"rm", "qa", "dev"};
    private static final String[] CHECKS = {"soak", "registry", "lock", Gate.TURN};
    private static final String[] ITEMS = {"plan", "on call"};
    /** The model has no threads: what a check says is handed in. */
    private static final ScheduledExecutorService NEVER = Executors.newScheduledThreadPool(0);

    private static final String[] REASONS = {"fire", "fire", "fire", " "};

    @BeforeAll
    static void stopThreads() {
        NEVER.shutdown();
    }

    @Test
    void noRandomHistoryBreaksAGate() {
        AtomicInteger granted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger restarts = new AtomicInteger();
        Set<Class<?>> happened = ConcurrentHashMap.newKeySet();
        IntStream.range(0, SEQUENCES).parallel().forEach(seed -> {
            Play play = new Play(seed);
            play.run();
            granted.addAndGet(play.live.gate().granted().isPresent() ? 1 : 0);
            refused.addAndGet(play.refusals);
            restarts.addAndGet(play.restarts);
            play.stored.forEach(event -> happened.add(event.getClass()));
        });
        assertThat(granted).as("histories that ended in a promotion").hasValueGreaterThan(SEQUENCES / 20);
        assertThat(refused).as("decisions refused").hasValueGreaterThan(SEQUENCES);
        assertThat(restarts).as("restarts between two events").hasValueGreaterThan(SEQUENCES / 4);
        List<Class<?>> all = new ArrayList<>(events(GateEvent.class));
        // Declarations change in GatedPromotionModelTest.
        all.remove(GateEvent.Amended.class);
        assertThat(happened).containsAll(all);
    }

    private static List<Class<?>> events(Class<?> kind) {
        return kind.isSealed()
                ? Arrays.stream(kind.getPermittedSubclasses())
                        .flatMap(each -> events(each).stream())
                        .toList()
                : List.of(kind);
    }

    /** One history: what was tried, and what the world was like when. */
    private static final class Play {

        private final SplittableRandom random;
        private final int seed;
        private final Map<String, Set<String>> groups = new HashMap<>();
        private final List<GateEvent> stored = new ArrayList<>();
        private final List<String> clicks = new ArrayList<>();
        private final Map<String, Person> clicked = new HashMap<>();
        private final Map<String, CheckResult> world = new HashMap<>();
        private final GateJudge judge;
        private LiveGate live;
        private Instant now = Gates.NOON;
        private int refusals;
        private int restarts;

        Play(int seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            for (String id : IDS) {
                groups.put(id, some(3, GROUPS));
            }
            GateDefinition definition = definition();
            List<String> checks = List.copyOf(some(2, CHECKS));
            judge = new GateJudge(definition, checks, groups, Set.of("anna", "dora"));
            GateEvent opened = new GateEvent.Opened(now, Gates.subject("anna", "dora"), definition, checks);
            store(opened);
            live = live(Gate.of(List.of(opened)));
        }

        private LiveGate live(Gate gate) {
            return new LiveGate(
                    new LiveGates(NEVER, NEVER, () -> now, Duration.ofDays(1)), gate, List.of(), this::store);
        }

        /** Another controller finds what was stored; what was granted and not committed, it may find committed. */
        private void restart() {
            restarts++;
            live = live(
                    Gate.restore(stored.stream().map(GateJson::write).toList()).orElseThrow());
            if (live.gate().status().isGranted() && random.nextInt(4) > 0) {
                live.reopen("Jenkins restarted");
            }
            live.settle(world);
        }

        private void store(GateEvent event) {
            if (!stored.isEmpty()) {
                if (random.nextInt(50) == 0) {
                    throw new DiskFull();
                }
                judge.event(stored, event, world, clicked).ifPresent(this::broken);
            }
            stored.add(event);
        }

        private GateDefinition definition() {
            List<Approvals> approvals = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                approvals.add(new Approvals(
                        1 + random.nextInt(2),
                        random.nextInt(6) == 0
                                ? List.of()
                                : List.of(GROUPS[random.nextInt(2)], IDS[random.nextInt(6)])));
            }
            Window nights =
                    new Window.Weekly(EnumSet.allOf(DayOfWeek.class), LocalTime.of(20, 0), LocalTime.of(6, 0), "night");
            return Gates.with(
                    Gates.definition(approvals, some(2, ITEMS).toArray(String[]::new)),
                    random.nextBoolean() ? SeparationOfDuties.NONE : SeparationOfDuties.STARTER_AND_AUTHORS,
                    random.nextBoolean()
                            ? FreezeCalendar.ALWAYS_OPEN
                            : new FreezeCalendar(ZoneId.of("UTC"), List.of(), List.of(nights)),
                    random.nextInt(3) == 0 ? Duration.ofHours(12) : null,
                    random.nextInt(3) == 0 ? Duration.ofHours(5) : null);
        }

        /** Each with a chance of one in so many. */
        private Set<String> some(int oneIn, String... all) {
            Set<String> some = new TreeSet<>();
            for (String each : all) {
                if (random.nextInt(oneIn) == 0) {
                    some.add(each);
                }
            }
            return some;
        }

        void run() {
            for (int step = 4 + random.nextInt(16); step > 0; step--) {
                int before = stored.size();
                boolean settled = false;
                try {
                    settled = act();
                } catch (GateRefusedException refusal) {
                    refusals++;
                    check(stored.size() == before, "a refusal changed the gate");
                    check(
                            refusal.getMessage().endsWith(".")
                                    && !refusal.getMessage().contains("\n"),
                            "not a sentence");
                } catch (DiskFull full) {
                    check(live.gate().events().equals(stored), "an event that was not stored happened");
                }
                if (settled && live.gate().status() == GateStatus.OPEN) {
                    judge.open(stored, world, now).ifPresent(this::broken);
                }
                if (step % 3 == 1) {
                    check(live.explain().startsWith("The gate for shop/prod "), "unexplained");
                }
            }
            judgeHistory();
        }

        /** Does something; true when the gate acts at once on what time and checks bring about. */
        private boolean act() {
            switch (random.nextInt(15)) {
                case 0, 1, 2, 3 -> decide((gate, decision) -> GateDecisions.approve(gate, decision, ""));
                case 4 -> decide(GateDecisions::withdraw);
                case 5, 6 -> decide((gate, decision) -> GateDecisions.tick(gate, decision, item()));
                case 7 -> decide((gate, decision) -> GateDecisions.untick(gate, decision, item()));
                case 8 -> {
                    if (random.nextInt(4) == 0) {
                        decide((gate, decision) -> GateDecisions.reject(gate, decision, reason()));
                    }
                    return false;
                }
                case 9 -> decide((gate, decision) -> GateDecisions.override(gate, decision, reason(), skipped()));
                case 10, 11 -> {
                    for (String check : CHECKS) {
                        world.put(check, answer(check));
                    }
                    live.settle(world);
                }
                case 12 -> {
                    now = now.plus(Duration.ofMinutes(random.nextInt(600)));
                    if (random.nextInt(4) == 0) {
                        return false;
                    }
                    live.settle(world);
                }
                case 13 -> restart();
                default -> {
                    end();
                    return false;
                }
            }
            return true;
        }

        private void decide(BiFunction<Gate, GateDecisions.Decision, GateEvent> rule) {
            String id = IDS[random.nextInt(IDS.length)];
            Set<Person.Permission> permissions = random.nextInt(8) == 0
                    ? Set.of()
                    : id.equals("frank") ? EnumSet.allOf(Person.Permission.class) : Set.of(Person.Permission.APPROVE);
            Person person = new Person(
                    random.nextInt(5) == 0 ? id.toUpperCase(Locale.ROOT) : id,
                    id,
                    id + "@example.org",
                    groups.get(id),
                    permissions);
            String click = !clicks.isEmpty() && random.nextInt(6) == 0
                    ? clicks.get(random.nextInt(clicks.size()))
                    : "click-" + clicks.size();
            clicks.add(click);
            clicked.put(click, person);
            live.decide(click, person, rule);
        }

        private String item() {
            return ITEMS[random.nextInt(ITEMS.length)];
        }

        private String reason() {
            return REASONS[random.nextInt(REASONS.length)];
        }

        private Set<String> skipped() {
            String[] waivable = GateDecisions.waivable(live.gate()).toArray(String[]::new);
            Set<String> skipped = some(3, waivable);
            skipped.addAll(some(20, Gate.TURN, "lock", "coffee"));
            return skipped;
        }

        private CheckResult answer(String check) {
            return switch (random.nextInt(12)) {
                case 0, 1 -> CheckResult.pending(check, "wait", now.plusSeconds(60));
                case 2, 3 -> CheckResult.failed(check, "no");
                case 4 ->
                    random.nextInt(4) == 0
                            ? CheckResult.obsolete(check, "it was rolled back")
                            : CheckResult.passed(check, "fine");
                default -> CheckResult.passed(check, "fine");
            };
        }

        private void end() {
            switch (random.nextInt(10)) {
                case 0 -> live.close("the run was aborted");
                case 1 -> live.supersede("a newer release");
                case 2, 3, 4 -> live.promoted("c".repeat(40));
                case 5, 6 -> live.reopen("Jenkins restarted");
                default -> live.close("the target moved on");
            }
        }

        private void judgeHistory() {
            Gate gate = live.gate();
            check(gate.events().equals(stored), "kept and stored histories differ");
            Gate again = Gate.of(stored);
            check(again.status() == gate.status(), "the same events gave another state");
            check(again.approvals().equals(gate.approvals()), "the same events gave other approvals");
            check(
                    count(GateEvent.Granted.class) <= 1 + count(GateEvent.Reopened.class)
                            && count(GateEvent.Promoted.class) <= 1,
                    "two promotions");
            check(gate.status() == expected(), "ended as " + gate.status());
            if (seed % 100 == 0) {
                check(
                        stored.stream()
                                .map(GateJson::write)
                                .map(GateJson::read)
                                .toList()
                                .equals(stored),
                        "JSON lost something");
            }
        }

        /** The state that the last event alone tells. */
        private GateStatus expected() {
            GateEvent last = stored.get(stored.size() - 1);
            boolean granted = count(GateEvent.Granted.class) > count(GateEvent.Reopened.class)
                    && !(last instanceof GateEvent.Closed);
            GateStatus status = GateStatus.OPEN;
            if (granted) {
                status = count(GateEvent.Overridden.class) > 0 ? GateStatus.OVERRIDDEN : GateStatus.APPROVED;
            } else if (last instanceof GateEvent.Rejected) {
                status = GateStatus.REJECTED;
            } else if (last instanceof GateEvent.Expired) {
                status = GateStatus.EXPIRED;
            } else if (last instanceof GateEvent.Superseded) {
                status = GateStatus.SUPERSEDED;
            } else if (last instanceof GateEvent.Closed) {
                status = GateStatus.CLOSED;
            }
            return status;
        }

        private long count(Class<? extends GateEvent> kind) {
            return stored.stream().filter(kind::isInstance).count();
        }

        private void check(boolean holds, String broken) {
            if (!holds) {
                broken(broken);
            }
        }

        private void broken(String how) {
            throw new AssertionError("seed " + seed + ": " + how + "; " + stored);
        }
    }

    /** What a store throws. */
    private static final class DiskFull extends IllegalStateException {
        private static final long serialVersionUID = 1L;
    }
}
