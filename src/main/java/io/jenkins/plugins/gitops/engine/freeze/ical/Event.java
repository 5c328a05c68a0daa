package io.jenkins.plugins.gitops.engine.freeze.ical;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.freeze.Occurrences;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code VEVENT} (RFC 5545, 3.6.1): when it takes place, and which of its times it leaves out. */
final class Event {

    private static final int LONGEST_SUMMARY = 200;

    private static final Pattern DURATION = Pattern.compile(
            "\\+?P(?:(\\d{1,5})W|(?:(\\d{1,5})D)?(?:T(?:(\\d{1,6})H)?(?:(\\d{1,6})M)?(?:(\\d{1,6})S)?)?)");

    /**
     * How long it lasts: days by the clock, then time that passes. A {@code DTEND} is so much time after the start, at
     * every repetition (RFC 5545, 3.8.5.3).
     */
    private record Length(long days, Duration time) {}

    private final Component component;
    private final Zones zones;
    private final Moment start;
    private final Length length;
    private final Set<LocalDateTime> leftOut = new HashSet<>();
    private final Set<LocalDate> daysLeftOut = new HashSet<>();

    Event(Component component, Zones zones) {
        this.component = component;
        this.zones = zones;
        this.start = component
                .one("DTSTART")
                .map(property -> Moment.one(property, zones))
                .orElseThrow(() -> new IllegalArgumentException("the event '" + summary() + "' has no DTSTART"));
        this.length = length();
        component.one("EXRULE").ifPresent(rule -> {
            throw rule.invalid("is obsolete and not supported");
        });
        component.all("EXDATE").forEach(dates -> Moment.all(dates, zones).forEach(this::leaveOut));
    }

    /** Empty where it has none; no other event belongs to it then. */
    String uid() {
        return component.one("UID").map(Component.Property::value).orElse("");
    }

    /** Which repetition of another event it takes the place of; null for none. */
    @Nullable
    Moment replaces() {
        Component.Property id = component.one("RECURRENCE-ID").orElse(null);
        if (id == null) {
            return null;
        }
        if (id.parameter("RANGE").isPresent()) {
            throw id.invalid("has a RANGE, which is not supported");
        }
        return Moment.one(id, zones);
    }

    boolean isCancelled() {
        return component
                .one("STATUS")
                .filter(status -> status.value().strip().equalsIgnoreCase("CANCELLED"))
                .isPresent();
    }

    /** It does not take place then. */
    void leaveOut(Moment time) {
        if (time.isDate()) {
            daysLeftOut.add(time.local().toLocalDate());
        } else {
            leftOut.add(time.localIn(start.zone()));
        }
    }

    /** Adds the times at which it takes place, as far as they end after one instant and begin before another. */
    void addTo(Occurrences.Collected all, Instant earliest, Instant latest, Budget budget) {
        // By whatever clock, a day more on either side is enough; a time that is not needed does no harm.
        LocalDateTime first = LocalDateTime.ofInstant(earliest, ZoneOffset.UTC)
                .minusDays(length.days() + 1)
                .minus(length.time());
        LocalDateTime last = LocalDateTime.ofInstant(latest, ZoneOffset.UTC).plusDays(1);
        List<LocalDateTime> times = new ArrayList<>();
        List<Component.Property> rules = component.all("RRULE");
        if (rules.isEmpty()) {
            times.add(start.local());
        }
        for (Component.Property rule : rules) {
            RecurrenceRule.of(rule, start, zones).times(first, last, budget, times::add);
        }
        for (Component.Property dates : component.all("RDATE")) {
            if (dates.parameter("VALUE").filter("PERIOD"::equalsIgnoreCase).isPresent()) {
                throw dates.invalid("has periods, which are not supported");
            }
            Moment.all(dates, zones).forEach(date -> times.add(date.localIn(start.zone())));
        }
        times.stream()
                .filter(time -> !time.isBefore(first) && !time.isAfter(last))
                .filter(time -> !leftOut.contains(time) && !daysLeftOut.contains(time.toLocalDate()))
                .distinct()
                .forEach(time -> addTo(all, time));
    }

    private void addTo(Occurrences.Collected all, LocalDateTime time) {
        LocalDateTime day = time.plusDays(length.days());
        ZoneRules zone = start.zone();
        if (zone == null) {
            all.add(new Window.Once(time, day.plus(length.time()), summary()));
        } else {
            all.add(new Window.Period(
                    Window.Period.beginning(time, zone),
                    Window.Period.beginning(day, zone).plus(length.time()),
                    summary()));
        }
    }

    private Length length() {
        Component.Property end = component.one("DTEND").orElse(null);
        if (end != null) {
            return until(end);
        }
        Component.Property duration = component.one("DURATION").orElse(null);
        if (duration == null) {
            return new Length(start.isDate() ? 1 : 0, Duration.ZERO);
        }
        Matcher parts = DURATION.matcher(duration.value().strip());
        if (!parts.matches()) {
            throw duration.invalid("is not a duration");
        }
        return new Length(
                7 * number(parts.group(1)) + number(parts.group(2)),
                Duration.ofHours(number(parts.group(3)))
                        .plusMinutes(number(parts.group(4)))
                        .plusSeconds(number(parts.group(5))));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private Length until(Component.Property property) {
        Moment end = Moment.one(property, zones);
        if (end.isDate() != start.isDate() || (end.zone() == null) != (start.zone() == null)) {
            throw property.invalid("and DTSTART are of different kinds");
        }
        Duration time = start.zone() == null || end.zone() == null
                ? Duration.between(start.local(), end.local())
                : Duration.between(
                        Window.Period.beginning(start.local(), start.zone()),
                        Window.Period.beginning(end.local(), end.zone()));
        if (time.isNegative()) {
            throw property.invalid("is before DTSTART");
        }
        // Some programs write the same date for one day.
        return start.isDate() && time.isZero() ? new Length(1, Duration.ZERO) : new Length(0, time);
    }

    private String summary() {
        String text = component
                .one("SUMMARY")
                .map(summary -> summary.value()
                        .replaceAll("\\\\[nN]", " ")
                        .replaceAll("\\\\(.)", "$1")
                        .replaceAll("[\\p{Cntrl}\\u2028\\u2029\\s]+", " ")
                        .strip())
                .orElse("");
        return text.length() > LONGEST_SUMMARY ? text.substring(0, LONGEST_SUMMARY) + "…" : text;
    }
}
