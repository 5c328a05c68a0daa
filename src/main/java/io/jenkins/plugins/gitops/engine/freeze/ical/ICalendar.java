package io.jenkins.plugins.gitops.engine.freeze.ical;

import io.jenkins.plugins.gitops.engine.freeze.Occurrences;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the events of an iCalendar stream (RFC 5545) from a moment on. */
final class ICalendar {

    /** Events that begin later are not looked at yet. */
    static final Duration AHEAD = Duration.ofDays(400);

    private static final int MOST_EVENTS = 5_000;

    private ICalendar() {}

    /**
     * When the events take place that have not ended: every one that is not cancelled, busy or free.
     *
     * @throws IllegalArgumentException with a clause, if any part that counts cannot be understood
     */
    static Occurrences read(byte[] stream, Instant now) {
        try {
            return occurrences(Component.calendars(stream), now);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("it has a time that is out of range", e);
        }
    }

    private static Occurrences occurrences(List<Component> calendars, Instant now) {
        Instant latest = now.plus(AHEAD);
        Budget budget = new Budget();
        Zones zones = new Zones(
                calendars, LocalDateTime.ofInstant(latest, ZoneOffset.UTC).plusDays(2), budget);
        List<Event> events = new ArrayList<>();
        for (Component calendar : calendars) {
            for (Component event : calendar.children("VEVENT")) {
                if (events.size() == MOST_EVENTS) {
                    throw new IllegalArgumentException("it has more than " + MOST_EVENTS + " events");
                }
                events.add(new Event(event, zones));
            }
        }
        Map<String, List<Event>> byUid = new HashMap<>();
        List<Event> replacing = new ArrayList<>();
        for (Event event : events) {
            if (event.replaces() == null) {
                byUid.computeIfAbsent(event.uid(), uid -> new ArrayList<>()).add(event);
            } else {
                replacing.add(event);
            }
        }
        for (Event event : replacing) {
            Moment replaced = event.replaces();
            if (replaced != null && !event.uid().isEmpty()) {
                byUid.getOrDefault(event.uid(), List.of()).forEach(whole -> whole.leaveOut(replaced));
            }
        }
        Occurrences.Collected all = new Occurrences.Collected();
        events.stream().filter(event -> !event.isCancelled()).forEach(event -> event.addTo(all, now, latest, budget));
        return all.occurrences();
    }
}
