package io.jenkins.plugins.gitops.engine.promotion;

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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Drives gates with random people, clicks, replays, clocks and check results, and judges every history by rules that are
 * written again here, in another and simpler way. {@code -Dgates.sequences=} runs more.
 */
class GateModelTest {

    private static final int SEQUENCES = Integer.getInteger("gates.sequences", 100_000);
    private static final String[] IDS = {"anna", "bob", "cleo", "dora", "eve", "frank"};
    private static final String[] GROUPS = {"rm", "qa", "dev"};
    private static final String[] CHECKS = {"soak", "registry", Gate.TURN};

    @Test
    void noRandomHistoryBreaksAGate() {
        int granted = 0;
        int refused = 0;
        for (int seed = 0; seed < SEQUENCES; seed++) {
            Play play = new Play(seed);
            play.run();
            granted += play.gate().granted().isPresent() ? 1 : 0;
            refused += play.refusals;
        }
        assertThat(granted).as("histories that ended in a promotion").isGreaterThan(SEQUENCES / 20);
        assertThat(refused).as("decisions refused").isGreaterThan(SEQUENCES);
    }

    /** One history: what was tried, and what the world was like when. */
    private static final class Play {

        private final SplittableRandom random;
        private final int seed;
        private final Map<String, Set<String>> groups = new HashMap<>();
        private final List<GateEvent> stored = new ArrayList<>();
        private final List<String> clicks = new ArrayList<>();
        private final Map<String, CheckResult> world = new HashMap<>();
        private final GateDefinition definition;
        private final GateKeeper keeper;
        private Instant now = Gates.NOON;
        private int refusals;

        Play(int seed) {
            this.seed = seed;
            random = new SplittableRandom(seed);
            for (String id : IDS) {
                Set<String> memberships = new HashSet<>();
                for (String group : GROUPS) {
                    if (random.nextInt(3) == 0) {
                        memberships.add(group);
                    }
                }
                groups.put(id, memberships);
            }
            definition = definition();
            List<String> checks = List.of(CHECKS).stream()
                    .filter(check -> random.nextBoolean())
                    .toList();
            keeper = GateKeeper.open(
                    new GateEvent.Opened(now, Gates.subject("anna", "dora"), definition, checks),
                    event -> stored.add(event),
                    event -> {},
                    () -> now);
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
                    Gates.definition(approvals, random.nextBoolean() ? new String[] {"plan"} : new String[0]),
                    random.nextBoolean() ? SeparationOfDuties.NONE : SeparationOfDuties.STARTER_AND_AUTHORS,
                    random.nextBoolean()
                            ? FreezeCalendar.ALWAYS_OPEN
                            : new FreezeCalendar(ZoneId.of("UTC"), List.of(), List.of(nights)),
                    random.nextInt(3) == 0 ? Duration.ofHours(30) : null,
                    random.nextInt(3) == 0 ? Duration.ofHours(5) : null);
        }

        Gate gate() {
            return keeper.gate();
        }

        void run() {
            for (int step = 4 + random.nextInt(16); step > 0; step--) {
                int before = stored.size();
                try {
                    act();
                } catch (GateRefusedException refusal) {
                    refusals++;
                    check(stored.size() == before, "a refusal changed the gate");
                    check(
                            refusal.getMessage().endsWith(".")
                                    && !refusal.getMessage().contains("\n"),
                            "not a sentence");
                }
                for (int i = before; i < stored.size(); i++) {
                    if (stored.get(i) instanceof GateEvent.Granted) {
                        judgeGrant(stored.subList(0, i), (GateEvent.Granted) stored.get(i));
                    }
                }
                check(keeper.explain().startsWith("The gate for shop/prod "), "unexplained");
            }
            judgeHistory();
        }

        private void act() {
            String id = IDS[random.nextInt(IDS.length)];
            Set<Person.Permission> permissions = random.nextInt(8) == 0
                    ? Set.of()
                    : id.equals("frank") ? EnumSet.allOf(Person.Permission.class) : Set.of(Person.Permission.APPROVE);
            Person person = new Person(
                    random.nextInt(5) == 0 ? id.toUpperCase(java.util.Locale.ROOT) : id,
                    id,
                    id + "@example.org",
                    groups.get(id),
                    permissions);
            String click = !clicks.isEmpty() && random.nextInt(6) == 0
                    ? clicks.get(random.nextInt(clicks.size()))
                    : "click-" + clicks.size();
            clicks.add(click);
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3 ->
                    keeper.decide(click, person, (gate, decision) -> GateRules.approve(gate, decision, ""));
                case 4 -> keeper.decide(click, person, GateRules::withdraw);
                case 5, 6 -> keeper.decide(click, person, (gate, decision) -> GateRules.tick(gate, decision, "plan"));
                case 7 -> keeper.decide(click, person, (gate, decision) -> GateRules.untick(gate, decision, "plan"));
                case 8 -> {
                    if (random.nextInt(4) == 0) {
                        keeper.decide(click, person, (gate, decision) -> GateRules.reject(gate, decision, "no"));
                    }
                }
                case 9 -> {
                    Set<String> skipped = new HashSet<>();
                    for (String waivable : GateRules.waivable(keeper.gate())) {
                        if (random.nextInt(3) == 0) {
                            skipped.add(waivable);
                        }
                    }
                    keeper.decide(
                            click, person, (gate, decision) -> GateRules.override(gate, decision, "fire", skipped));
                }
                case 10, 11 -> {
                    for (String check : CHECKS) {
                        world.put(
                                check,
                                random.nextInt(3) == 0
                                        ? CheckResult.pending(check, "wait", now.plusSeconds(60))
                                        : CheckResult.passed(check, "fine"));
                    }
                    keeper.settle(world);
                }
                case 12 -> {
                    now = now.plus(Duration.ofMinutes(random.nextInt(600)));
                    keeper.settle(world);
                }
                default -> end();
            }
        }

        private void end() {
            switch (random.nextInt(8)) {
                case 0 -> keeper.close("the run was aborted");
                case 1 -> keeper.supersede("a newer release");
                case 2, 3, 4 -> keeper.promoted("c".repeat(40));
                case 5 -> keeper.failed("the target moved on");
                default -> keeper.settle(world);
            }
        }

        /** Every requirement is looked at again, the slow and obvious way. */
        private void judgeGrant(List<GateEvent> before, GateEvent.Granted granted) {
            Set<String> waived = new HashSet<>();
            Map<String, String> standing = new HashMap<>();
            Set<String> ticked = new HashSet<>();
            for (GateEvent event : before) {
                if (event instanceof GateEvent.Overridden overridden) {
                    waived.addAll(overridden.skipped());
                    check(
                            overridden.by().id().equalsIgnoreCase("frank"),
                            "override by somebody without the permission");
                } else if (event instanceof GateEvent.Approved approved) {
                    check(
                            standing.put(approved.by().name(), approved.by().name()) == null,
                            "one person approved twice");
                } else if (event instanceof GateEvent.Withdrawn withdrawn) {
                    standing.remove(withdrawn.by().name());
                } else if (event instanceof GateEvent.Ticked tick) {
                    ticked.add(tick.item());
                } else if (event instanceof GateEvent.Unticked untick) {
                    ticked.remove(untick.item());
                }
            }
            if (!waived.contains(Gate.APPROVALS)) {
                List<Approvals> seats = new ArrayList<>();
                definition.approvals().forEach(approvals -> {
                    for (int i = 0; i < approvals.required(); i++) {
                        seats.add(approvals);
                    }
                });
                check(canSeat(seats, 0, new HashSet<>(standing.keySet())), "promoted below quorum");
            }
            if (definition.separationOfDuties() != SeparationOfDuties.NONE) {
                check(!standing.containsKey("anna") && !standing.containsKey("dora"), "approved their own change");
            }
            int hour = granted.at().atOffset(ZoneOffset.UTC).getHour();
            check(
                    definition.freeze().isEmpty() || (hour >= 6 && hour < 20) || waived.contains(Gate.FREEZE),
                    "promoted in a freeze");
            check(ticked.containsAll(definition.checklist()) || waived.contains(Gate.CHECKLIST), "checklist open");
            for (String check : ((GateEvent.Opened) stored.get(0)).checks()) {
                check(
                        waived.contains(check)
                                || (world.containsKey(check) && world.get(check).state() == CheckResult.State.PASSED),
                        check + " did not pass");
            }
            check(!waived.contains(Gate.TURN), "two promotions at one target");
            check(
                    definition.expiry().isEmpty()
                            || granted.at()
                                    .isBefore(
                                            Gates.NOON.plus(definition.expiry().get())),
                    "granted after the expiry");
        }

        private boolean canSeat(List<Approvals> seats, int seat, Set<String> people) {
            if (seat == seats.size()) {
                return true;
            }
            for (String person : List.copyOf(people)) {
                List<String> from = seats.get(seat).from();
                boolean fits = from.isEmpty()
                        || from.contains(person)
                        || groups.get(person).stream().anyMatch(from::contains);
                if (fits) {
                    Set<String> rest = new HashSet<>(people);
                    rest.remove(person);
                    if (canSeat(seats, seat + 1, rest)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private void judgeHistory() {
            Gate gate = keeper.gate();
            check(gate.events().equals(stored), "kept and stored histories differ");
            check(count(GateEvent.Granted.class) <= 1 && count(GateEvent.Promoted.class) <= 1, "two promotions");
            check(count(GateEvent.Promoted.class) <= count(GateEvent.Granted.class), "promoted without a grant");
            Set<String> decisions = new HashSet<>();
            for (GateEvent event : stored) {
                if (event instanceof GateEvent.Decided decided) {
                    check(decisions.add(decided.decision()), "a click counted twice");
                }
            }
            Gate again = Gate.of(stored);
            check(again.status() == gate.status(), "the same events gave another state");
            check(again.approvals().equals(gate.approvals()), "the same events gave other approvals");
            if (seed % 50 == 0) {
                check(
                        GateJson.read(stored.stream().map(GateJson::write).toList())
                                .equals(stored),
                        "JSON lost something");
            }
        }

        private long count(Class<? extends GateEvent> kind) {
            return stored.stream().filter(kind::isInstance).count();
        }

        private void check(boolean holds, String broken) {
            if (!holds) {
                throw new AssertionError("seed " + seed + ": " + broken + "; " + stored);
            }
        }
    }
}
