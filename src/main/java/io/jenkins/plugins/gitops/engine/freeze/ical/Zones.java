package io.jenkins.plugins.gitops.engine.freeze.ical;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time zones that a calendar names. Those of the IANA database are taken from there, also under the long names of some
 * programs ({@code /citadel.org/20210210_1/Europe/Zurich}); others, such as Outlook's, from the calendar's own {@code
 * VTIMEZONE} (RFC 5545, 3.6.5).
 */
final class Zones {

    private static final Set<String> KNOWN = ZoneId.getAvailableZoneIds();

    private static final Pattern OFFSET = Pattern.compile("([+-])(\\d\\d)(\\d\\d)(\\d\\d)?");

    private final Map<String, Component> declared = new HashMap<>();
    private final Map<String, ZoneRules> read = new HashMap<>();
    private final LocalDateTime latest;
    private final Budget budget;

    /** @param latest until when their clock changes are needed */
    Zones(List<Component> calendars, LocalDateTime latest, Budget budget) {
        this.latest = latest;
        this.budget = budget;
        calendars.forEach(calendar -> calendar.children("VTIMEZONE")
                .forEach(zone -> zone.one("TZID").ifPresent(id -> declared.putIfAbsent(id.value(), zone))));
    }

    /** @param user names the zone */
    ZoneRules of(String id, Component.Property user) {
        ZoneRules known = read.get(id);
        if (known == null) {
            known = find(id, user);
            read.put(id, known);
        }
        return known;
    }

    private ZoneRules find(String id, Component.Property user) {
        for (String name = id; ; name = name.substring(name.indexOf('/') + 1)) {
            if (KNOWN.contains(name)) {
                return ZoneId.of(name).getRules();
            }
            if (name.indexOf('/') < 0) {
                break;
            }
        }
        Component zone = declared.get(id);
        if (zone == null) {
            throw user.invalid("has the time zone '" + id + "', which the calendar does not define");
        }
        return rules(zone, user);
    }

    private record Onset(LocalDateTime local, ZoneOffset from, ZoneOffset to) {}

    private ZoneRules rules(Component zone, Component.Property user) {
        List<Onset> onsets = new ArrayList<>();
        zone.children().forEach(observance -> onsets(observance, onsets, user));
        if (onsets.isEmpty()) {
            throw user.invalid("has a time zone whose VTIMEZONE is empty");
        }
        onsets.sort(Comparator.comparing(onset -> onset.local().toInstant(onset.from())));
        ZoneOffset base = onsets.get(0).from();
        ZoneOffset offset = base;
        List<ZoneOffsetTransition> changes = new ArrayList<>();
        for (Onset onset : onsets) {
            if (!onset.to().equals(offset)) {
                LocalDateTime before = LocalDateTime.ofInstant(onset.local().toInstant(onset.from()), offset);
                changes.add(ZoneOffsetTransition.of(before, offset, onset.to()));
                offset = onset.to();
            }
        }
        return ZoneRules.of(base, base, List.of(), changes, List.of());
    }

    private void onsets(Component observance, List<Onset> onsets, Component.Property user) {
        String kind = observance.name().toLowerCase(Locale.ROOT);
        Component.Property start = observance
                .one("DTSTART")
                .orElseThrow(() -> user.invalid("has a time zone whose " + kind + " time has no DTSTART"));
        LocalDateTime first = Moment.one(start, this).local();
        ZoneOffset from = offset(observance, "TZOFFSETFROM", start);
        ZoneOffset to = offset(observance, "TZOFFSETTO", start);
        onsets.add(new Onset(first, from, to));
        for (Component.Property rule : observance.all("RRULE")) {
            // Its end is in UTC; the onsets are by the clock before the change.
            RecurrenceRule.of(rule, new Moment(first, from.getRules(), false), this)
                    .times(LocalDateTime.MIN, latest, budget, time -> onsets.add(new Onset(time, from, to)));
        }
        for (Component.Property dates : observance.all("RDATE")) {
            Moment.all(dates, this).forEach(date -> onsets.add(new Onset(date.local(), from, to)));
        }
    }

    private static ZoneOffset offset(Component observance, String name, Component.Property start) {
        Component.Property property =
                observance.one(name).orElseThrow(() -> start.invalid("is of a time zone without " + name));
        Matcher offset = OFFSET.matcher(property.value().strip());
        try {
            if (offset.matches()) {
                int sign = offset.group(1).equals("-") ? -1 : 1;
                return ZoneOffset.ofHoursMinutesSeconds(
                        sign * Integer.parseInt(offset.group(2)),
                        sign * Integer.parseInt(offset.group(3)),
                        offset.group(4) == null ? 0 : sign * Integer.parseInt(offset.group(4)));
            }
        } catch (DateTimeException tooFar) {
            throw property.invalid("is not an offset from UTC");
        }
        throw property.invalid("is not an offset from UTC");
    }
}
