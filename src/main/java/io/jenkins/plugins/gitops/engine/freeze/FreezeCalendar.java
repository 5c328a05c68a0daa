package io.jenkins.plugins.gitops.engine.freeze;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * When promotions are allowed: in one of the windows that allow, if there are any, in none that denies, and during no
 * event of a published calendar.
 *
 * @param zone the time zone of every window, and of the calendar's whole days
 * @param allow empty means always
 * @param calendar http or https address of an iCalendar file whose events deny; null for none. What is here knows its
 *     windows alone
 */
public record FreezeCalendar(
        ZoneId zone,
        List<Window> allow,
        List<Window> deny,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable URI calendar) {

    /** Never a freeze. */
    public static final FreezeCalendar ALWAYS_OPEN = new FreezeCalendar(ZoneId.of("UTC"), List.of(), List.of());

    private static final String OUTSIDE = "outside the hours that allow promotions";

    /** Windows that follow each other without a gap are looked through up to this number, for each one declared. */
    private static final int MOST_STEPS = 1000;

    /** Look-ups of windows until an end is no longer in sight, however many windows are declared. */
    private static final int MOST_LOOKUPS = 10_000;

    public FreezeCalendar {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /** Of windows alone. */
    public FreezeCalendar(ZoneId zone, List<Window> allow, List<Window> deny) {
        this(zone, allow, deny, null);
    }

    /**
     * Why no promotion may pass.
     *
     * @param until when promotions may pass again; null when no end is in sight
     * @param reason of the window or event that denies, empty where it gives none; null outside the windows that allow
     */
    public record Freeze(@Nullable Instant until, @Nullable String reason) {

        /**
         * A clause such as {@code frozen by 'holidays': Christmas}.
         *
         * @param by what declares it, such as {@code " by 'holidays'"}; empty for a calendar without a name
         */
        public String clause(String by) {
            return reason == null && by.isEmpty()
                    ? OUTSIDE
                    : Stream.of("frozen" + by, what())
                            .filter(part -> !part.isEmpty())
                            .collect(Collectors.joining(": "));
        }

        /** The reason alone, which may be empty. */
        private String what() {
            return reason == null ? OUTSIDE : reason;
        }
    }

    /**
     * A time in which no promotion may pass.
     *
     * @param from its beginning, or that of the look ahead where it holds already
     * @param reason may be empty
     */
    public record Ahead(Instant from, @Nullable Instant until, String reason) {}

    /** Whether it never freezes. */
    public boolean isEmpty() {
        return allow.isEmpty() && deny.isEmpty() && calendar == null;
    }

    /** The address of a calendar; empty for windows alone. */
    public Optional<URI> published() {
        return Optional.ofNullable(calendar);
    }

    /** With the events of its calendar among its windows. */
    public FreezeCalendar with(Occurrences events) {
        return new FreezeCalendar(
                zone,
                allow,
                Stream.concat(deny.stream(), Stream.of(events.in(zone))).toList());
    }

    /** Empty when promotions may pass. */
    public Optional<Freeze> at(Instant instant) {
        return at(instant, new int[] {MOST_LOOKUPS});
    }

    /** @param left look-ups of windows, of which it takes some */
    private Optional<Freeze> at(Instant instant, int[] left) {
        Optional<Window.Period> denied = containing(deny, instant);
        boolean isOutside = !allow.isEmpty() && containing(allow, instant).isEmpty();
        return denied.isEmpty() && !isOutside
                ? Optional.empty()
                : Optional.of(new Freeze(
                        opens(instant, left).orElse(null),
                        denied.map(Window.Period::reason).orElse(null)));
    }

    private int lookups() {
        return 1 + allow.size() + deny.size();
    }

    /**
     * The next times in which no promotion may pass, in order: those that begin in a period, or hold at its beginning. Of
     * very many windows, as many as can be told with the look-ups that one instant may take.
     *
     * @param most so many at most
     */
    public List<Ahead> ahead(Instant from, Instant to, int most) {
        List<Ahead> ahead = new ArrayList<>();
        Optional<Instant> time = Optional.of(from);
        int[] left = {MOST_LOOKUPS};
        while (left[0] >= 0 && ahead.size() < most) {
            left[0] -= lookups();
            Optional<Instant> now = time.filter(instant -> instant.isBefore(to));
            if (now.isEmpty()) {
                break;
            }
            Optional<Freeze> freeze = at(now.get(), left);
            if (left[0] < 0 && !ahead.isEmpty() && freeze.map(Freeze::until).isEmpty()) {
                break; // of this one the end was not looked for long enough
            }
            freeze.ifPresent(found -> ahead.add(new Ahead(now.get(), found.until(), found.what())));
            time = freeze.isPresent() ? freeze.map(Freeze::until) : closes(now.get());
        }
        return List.copyOf(ahead);
    }

    /** When promotions may perhaps pass no more, after an instant at which they may. */
    private Optional<Instant> closes(Instant now) {
        return Stream.concat(
                        deny.stream().flatMap(window -> window.next(now, zone).stream()),
                        allow.stream()
                                .flatMap(window -> window.containing(now, zone).stream())
                                .map(Window.Period::to))
                .min(Instant::compareTo);
    }

    /** The first instant from the given one on at which promotions may pass; empty when none is in sight. */
    private Optional<Instant> opens(Instant from, int[] left) {
        Instant time = from;
        for (int step = 0; step <= MOST_STEPS && left[0] >= 0; step++) {
            left[0] -= lookups();
            Instant now = time;
            Optional<Instant> freezeEnds = deny.stream()
                    .flatMap(window -> window.containing(now, zone).stream())
                    .map(Window.Period::to)
                    .max(Instant::compareTo);
            if (freezeEnds.isPresent()) {
                time = freezeEnds.get();
            } else if (allow.isEmpty() || containing(allow, now).isPresent()) {
                return Optional.of(now);
            } else {
                Optional<Instant> next = allow.stream()
                        .flatMap(window -> window.next(now, zone).stream())
                        .min(Instant::compareTo);
                if (next.isEmpty()) {
                    return next;
                }
                time = next.get();
            }
        }
        return Optional.empty();
    }

    private Optional<Window.Period> containing(List<Window> windows, Instant instant) {
        return windows.stream()
                .flatMap(window -> window.containing(instant, zone).stream())
                .findFirst();
    }
}
