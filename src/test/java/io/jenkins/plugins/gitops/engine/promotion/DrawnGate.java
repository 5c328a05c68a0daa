package io.jenkins.plugins.gitops.engine.promotion;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The gate of shop/prod as a random test draws it, and the freezes around it: what a judge goes by, and {@code gitops.yaml}
 * for the engine. {@code edge} has the same gate and nothing before it.
 *
 * @param isDeclared whether there is a gate at all
 * @param soak in minutes; 0 for none
 * @param sleeps whether the gate itself is frozen from 20:00 to 06:00
 * @param hotfix null where it takes none
 * @param freeze first and last frozen hour of each day for the environments, or none
 */
record DrawnGate(
        boolean isDeclared,
        List<Quorum> approvals,
        boolean separates,
        int soak,
        boolean sleeps,
        Hotfix hotfix,
        boolean guardsRollbacks,
        List<String> frozen,
        int freezeFrom) {

    static final String[] PEOPLE = {"anna", "bob", "cleo", "dora", "eve", "frank"};

    private static final String[] GROUPS = {"rm", "qa"};

    /** @param from users and groups; empty for anybody */
    record Quorum(int required, List<String> from) {}

    /** @param review in hours; 0 for none */
    record Hotfix(List<Quorum> approvals, Set<String> skips, int review) {}

    /** So many that reading them does not take longer than the test. */
    private static final List<DrawnGate> ALL = IntStream.range(0, 240)
            .mapToObj(SplittableRandom::new)
            .map(DrawnGate::of)
            .toList();

    static DrawnGate draw(SplittableRandom random, PlayedRelease release) {
        return ALL.get(random.nextInt(release == PlayedRelease.IMAGE ? ALL.size() : ALL.size() / 4));
    }

    private static DrawnGate of(SplittableRandom random) {
        return new DrawnGate(
                random.nextInt(16) > 0,
                quorums(random, random.nextInt(3)),
                random.nextInt(3) > 0,
                random.nextInt(3) == 0 ? 40 : 0,
                random.nextInt(4) == 0,
                random.nextBoolean() ? hotfix(random) : null,
                random.nextInt(4) == 0,
                random.nextBoolean() ? List.of() : random.nextBoolean() ? List.of("prod") : List.of("prod", "edge"),
                random.nextInt(2) * 2 + 13);
    }

    private static Hotfix hotfix(SplittableRandom random) {
        Set<String> skips = new TreeSet<>();
        for (String each : List.of("source", "soak", "freeze", "hold")) {
            if (random.nextInt(3) == 0) {
                skips.add(each);
            }
        }
        return new Hotfix(quorums(random, 1), skips, random.nextBoolean() ? 2 : 0);
    }

    private static List<Quorum> quorums(SplittableRandom random, int groups) {
        List<Quorum> quorums = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            quorums.add(new Quorum(
                    1 + random.nextInt(2),
                    random.nextInt(4) == 0
                            ? List.of()
                            : List.of(GROUPS[random.nextInt(2)], PEOPLE[random.nextInt(2) * 3])));
        }
        return quorums;
    }

    String yaml(PlayedRelease release) {
        String gate = isDeclared ? gate() : "";
        return "version: 1\n" + freezes() + """
                applications:
                  shop:
                """ + release.declaration() + """
                    environments:
                      dev:
                """ + release.declaration("dev") + """
                      prod:
                        after: dev
                """
                + release.declaration("prod") + gate
                + (guardsRollbacks ? "        rollback: { gate: required }\n" : "")
                + "      edge:\n" + release.declaration("edge") + gate;
    }

    private String gate() {
        return "        gate:\n"
                + "          separationOfDuties: " + separates + "\n"
                + (approvals.isEmpty() ? "" : "          approvals: " + text(approvals) + "\n")
                + (soak == 0 ? "" : "          soak: " + soak + "m\n")
                + (sleeps
                        ? "          freeze: { timeZone: UTC, deny: { days: mon-sun, hours: \"20:00-06:00\" } }\n"
                        : "")
                + (hotfix == null
                        ? ""
                        : "          hotfix: { approvals: " + text(hotfix.approvals()) + ", skips: " + hotfix.skips()
                                + (hotfix.review() == 0 ? "" : ", review: " + hotfix.review() + "h") + " }\n");
    }

    private String freezes() {
        return frozen.isEmpty()
                ? ""
                : "freezes:\n  daily: { environments: " + frozen + ", timeZone: UTC, deny: { days: mon-sun, hours: \""
                        + freezeFrom + ":00-" + (freezeFrom + 3) + ":00\" } }\n";
    }

    private static String text(List<Quorum> quorums) {
        return quorums.stream()
                .map(one ->
                        "{ required: " + one.required() + (one.from().isEmpty() ? "" : ", from: " + one.from()) + " }")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Whether the gate's own window keeps promotions. */
    boolean isAsleep(Instant at) {
        int hour = at.atOffset(ZoneOffset.UTC).getHour();
        return isDeclared && sleeps && (hour >= 20 || hour < 6);
    }

    /** Whether the window around all gates keeps promotions from the environment. */
    boolean isFrozen(String environment, Instant at) {
        int hour = at.atOffset(ZoneOffset.UTC).getHour();
        return frozen.contains(environment) && hour >= freezeFrom && hour < freezeFrom + 3;
    }
}
