package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.ledger.Ledger;
import io.jenkins.plugins.gitops.engine.lock.Locks;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.Environment;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.NamedFreeze;
import io.jenkins.plugins.gitops.engine.model.Target;
import io.jenkins.plugins.gitops.engine.promotion.Stops;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What keeps promotions out of environments in the days ahead.
 *
 * @param what for people: the name of the freeze and its reason, who locked it and why, or what soaks
 * @param from when it begins, or when it was read if it holds already
 * @param until null where no end is in sight
 * @param places applications by environment
 */
record AheadStop(
        Kind kind, String what, Instant from, @CheckForNull Instant until, Map<String, List<String>> places) {

    /** How far ahead. */
    private static final Duration AHEAD = Duration.ofDays(30);

    /** Times of each freeze. */
    private static final int MOST_TIMES = 10;

    /** Freezes whose times are looked up, those of gates included. */
    private static final int MOST_FREEZES = 100;

    private static final int MOST_LOCKS = 200;

    /** What it is. */
    enum Kind {
        FREEZE,
        LOCK,
        SOAK
    }

    /** Of one config repository. Computes only; nothing is asked. */
    static List<AheadStop> of(Declaration declaration, Ledger ledger, Locks locks, Stops stops, Instant now) {
        List<AheadStop> all = new ArrayList<>();
        freezes(declaration)
                .forEach((freeze, places) -> stops.ahead(freeze.windows(), now, now.plus(AHEAD), MOST_TIMES)
                        .forEach(time -> all.add(new AheadStop(
                                Kind.FREEZE, text(freeze.name(), time.reason()), time.from(), time.until(), places))));
        locks.inForce(now)
                .limit(MOST_LOCKS)
                .forEach(lock -> all.add(new AheadStop(
                        Kind.LOCK,
                        text(lock.by(), lock.reason()),
                        now,
                        lock.end().orElse(null),
                        places(declaration, lock::covers))));
        declaration.targets().forEach(target -> all.addAll(soaks(target, ledger, now)));
        return all.stream().filter(one -> !one.places().isEmpty()).toList();
    }

    private static String text(String name, String reason) {
        return Stream.of(name, reason).filter(part -> !part.isEmpty()).collect(Collectors.joining(": "));
    }

    /** Those that hold for several targets once, and those of gates, which have no name. */
    private static Map<NamedFreeze, Map<String, List<String>>> freezes(Declaration declaration) {
        Map<NamedFreeze, Map<String, List<String>>> freezes = new LinkedHashMap<>();
        declaration.freezes().stream()
                .limit(MOST_FREEZES)
                .forEach(freeze -> freezes.put(freeze, places(declaration, freeze::covers)));
        declaration.targets().forEach(target -> {
            FreezeCalendar own =
                    target.environment().gate().orElse(GateDefinition.NONE).freeze();
            NamedFreeze unnamed = new NamedFreeze("", List.of(), List.of(), own);
            if (!own.isEmpty() && (freezes.containsKey(unnamed) || freezes.size() < MOST_FREEZES)) {
                add(freezes.computeIfAbsent(unnamed, first -> new LinkedHashMap<>()), target);
            }
        });
        return freezes;
    }

    /** What is healthy where releases come from, and not yet for as long as the gate asks. */
    private static List<AheadStop> soaks(Target target, Ledger ledger, Instant now) {
        Environment to = target.environment();
        Duration soak = to.gate().orElse(GateDefinition.NONE).soak();
        String application = target.application().name();
        if (soak.isZero()) {
            return List.of();
        }
        return to.after().stream()
                .flatMap(from -> ledger.current(application, from).stream())
                .filter(there -> there.outcome().isHealthy()
                        && ledger.current(application, to.name())
                                .filter(here -> here.images().equals(there.images()))
                                .isEmpty())
                .flatMap(there -> there.liveAt().stream()
                        .map(since -> since.plus(soak))
                        .filter(now::isBefore)
                        .map(end -> new AheadStop(
                                Kind.SOAK, there.environment(), now, end, Map.of(to.name(), List.of(application)))))
                .toList();
    }

    private static Map<String, List<String>> places(Declaration declaration, BiPredicate<String, String> covers) {
        Map<String, List<String>> places = new LinkedHashMap<>();
        declaration
                .targets()
                .filter(target -> covers.test(
                        target.application().name(), target.environment().name()))
                .forEach(target -> add(places, target));
        return places;
    }

    private static void add(Map<String, List<String>> places, Target target) {
        places.computeIfAbsent(target.environment().name(), first -> new ArrayList<>())
                .add(target.application().name());
    }
}
