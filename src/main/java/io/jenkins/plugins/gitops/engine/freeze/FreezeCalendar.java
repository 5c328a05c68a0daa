package io.jenkins.plugins.gitops.engine.freeze;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When promotions are allowed: in one of the windows that allow, if there are any, and in none that denies.
 *
 * @param zone the time zone of every window
 * @param allow empty means always
 */
public record FreezeCalendar(
        @NonNull ZoneId zone,
        @NonNull List<Window> allow,
        @NonNull List<Window> deny) {

    /** Never a freeze. */
    public static final FreezeCalendar ALWAYS_OPEN = new FreezeCalendar(ZoneId.of("UTC"), List.of(), List.of());

    /** Windows that follow each other without a gap are looked through up to this number, for each one declared. */
    private static final int MOST_STEPS = 1000;

    /** Look-ups of windows until an end is no longer in sight, however many windows are declared. */
    private static final int MOST_LOOKUPS = 10_000;

    public FreezeCalendar {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }

    /**
     * What the calendar says about an instant.
     *
     * @param until when it opens, while it is frozen: null when no end is in sight
     * @param reason empty when open; otherwise a clause such as {@code frozen: Christmas}
     */
    public record Verdict(
            @NonNull State state,
            @Nullable Instant until,
            @NonNull String reason) {

        /** The end of the freeze, if one is in sight. */
        @NonNull
        public Optional<Instant> end() {
            return Optional.ofNullable(until);
        }
    }

    /** Whether promotions may pass. */
    public enum State {
        OPEN,
        FROZEN
    }

    /** Whether it never freezes. */
    public boolean isEmpty() {
        return allow.isEmpty() && deny.isEmpty();
    }

    @NonNull
    public Verdict at(@NonNull Instant instant) {
        Optional<Window> denying = denying(instant);
        if (denying.isPresent()) {
            return frozen(instant, "frozen" + suffix(denying.get()));
        }
        if (!allow.isEmpty() && allowing(instant).isEmpty()) {
            return frozen(instant, "outside the hours that allow promotions");
        }
        return new Verdict(State.OPEN, null, "");
    }

    private Verdict frozen(Instant instant, String reason) {
        return new Verdict(State.FROZEN, opens(instant).orElse(null), reason);
    }

    /** The first instant from the given one on at which promotions may pass; empty when none is in sight. */
    @NonNull
    private Optional<Instant> opens(Instant from) {
        Instant time = from;
        int steps = Math.min(MOST_STEPS, MOST_LOOKUPS / (1 + allow.size() + deny.size()));
        for (int step = 0; step <= steps; step++) {
            Instant now = time;
            Optional<Instant> freezeEnds = deny.stream()
                    .flatMap(window -> window.containing(now, zone).stream())
                    .map(Period::to)
                    .max(Instant::compareTo);
            if (freezeEnds.isPresent()) {
                time = freezeEnds.get();
            } else if (allow.isEmpty() || allowing(now).isPresent()) {
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

    private Optional<Window> denying(Instant instant) {
        return within(deny.stream(), instant);
    }

    private Optional<Window> allowing(Instant instant) {
        return within(allow.stream(), instant);
    }

    private Optional<Window> within(Stream<Window> windows, Instant instant) {
        return windows.filter(window -> window.containing(instant, zone).isPresent())
                .findFirst();
    }

    private static String suffix(Window window) {
        return window.reason().isEmpty() ? "" : ": " + window.reason();
    }
}
