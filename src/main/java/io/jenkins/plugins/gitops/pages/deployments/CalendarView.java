package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What keeps promotions out in the days ahead; the JSON form is the pages' contract (docs/openapi.yaml).
 *
 * @param ready false while a config repository is being read
 * @param entries by environment, and of each in the order in which they begin
 */
record CalendarView(boolean ready, List<Entry> entries) {

    private static final int MOST = 500;
    private static final int MOST_NAMES = 10;

    /**
     * @param what for people, as {@link AheadStop} has it
     * @param from ISO 8601
     * @param until likewise; null where no end is in sight
     * @param applications that it concerns, the first few by name
     * @param more how many others it concerns
     */
    record Entry(
            String environment,
            AheadStop.Kind kind,
            String what,
            String from,
            @CheckForNull String until,
            List<String> applications,
            int more) {

        /** Of a stop, for each environment in which it concerns an application that may be seen. */
        static Stream<Entry> of(AheadStop stop, Set<String> visible) {
            return stop.places().entrySet().stream().flatMap(place -> {
                List<String> seen =
                        place.getValue().stream().filter(visible::contains).toList();
                return seen.isEmpty()
                        ? Stream.empty()
                        : Stream.of(new Entry(
                                place.getKey(),
                                stop.kind(),
                                stop.what(),
                                stop.from().toString(),
                                Objects.toString(stop.until(), null),
                                seen.stream().limit(MOST_NAMES).toList(),
                                Math.max(0, seen.size() - MOST_NAMES)));
            });
        }
    }

    static CalendarView of(boolean ready, Stream<Entry> entries) {
        return new CalendarView(
                ready,
                entries.sorted(Comparator.comparing(Entry::environment)
                                .thenComparing(Entry::from)
                                .thenComparing(Entry::what))
                        .limit(MOST)
                        .toList());
    }
}
