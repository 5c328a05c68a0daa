package io.jenkins.plugins.gitops.engine.freeze;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When the events of a published calendar take place. A value.
 *
 * @param fixed those at an instant
 * @param local those by the clock of whoever reads them, such as whole days
 */
public record Occurrences(List<Window.Period> fixed, List<Window.Once> local) {

    /** So many in all. */
    public static final int MOST = 5_000;

    public Occurrences {
        fixed = List.copyOf(fixed);
        local = List.copyOf(local);
    }

    /** Adds them one by one. */
    public static final class Collected {

        private final List<Window.Period> fixed = new ArrayList<>();
        private final List<Window.Once> local = new ArrayList<>();

        /** @throws IllegalArgumentException with a clause, if there are too many */
        public void add(Window.Period period) {
            fixed.add(period);
            limit();
        }

        /** @throws IllegalArgumentException with a clause, if there are too many */
        public void add(Window.Once once) {
            local.add(once);
            limit();
        }

        private void limit() {
            if (fixed.size() + local.size() > MOST) {
                throw new IllegalArgumentException("its events take place more than " + MOST + " times in a year");
            }
        }

        public Occurrences occurrences() {
            return new Occurrences(fixed, local);
        }
    }

    /** The window that they are together, in a time zone. */
    Window in(ZoneId zone) {
        List<Window.Period> sorted = Stream.concat(
                        fixed.stream(), local.stream().map(once -> once.period(zone)))
                .filter(period -> period.from().isBefore(period.to()))
                .sorted(Comparator.comparing(Window.Period::from))
                .toList();
        List<Window.Period> longest = new ArrayList<>();
        for (Window.Period period : sorted) {
            Window.Period before = longest.isEmpty() ? period : longest.get(longest.size() - 1);
            longest.add(before.to().isAfter(period.to()) ? before : period);
        }
        return new Sorted(sorted, longest);
    }

    /**
     * Periods in order.
     *
     * @param longest of each and those before it, the one that ends last
     */
    record Sorted(List<Window.Period> periods, List<Window.Period> longest) implements Window {

        @Override
        public Optional<Period> containing(Instant instant, ZoneId zone) {
            int at = begunAt(instant);
            return Optional.ofNullable(at == 0 ? null : longest.get(at - 1)).filter(period -> period.contains(instant));
        }

        @Override
        public Optional<Instant> next(Instant after, ZoneId zone) {
            int at = begunAt(after);
            return at == periods.size()
                    ? Optional.empty()
                    : Optional.of(periods.get(at).from());
        }

        /** How many have begun. */
        private int begunAt(Instant instant) {
            int low = 0;
            int high = periods.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (periods.get(middle).from().isAfter(instant)) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }
    }
}
