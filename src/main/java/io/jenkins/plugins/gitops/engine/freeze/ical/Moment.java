package io.jenkins.plugins.gitops.engine.freeze.ical;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.List;

/**
 * A date or a time (RFC 5545, 3.3.4 and 3.3.5).
 *
 * @param local the time of its clock; of a date, its beginning
 * @param zone null for a date and for a floating time: they hold wherever they are read
 * @param isDate whether it has no time of day
 */
record Moment(LocalDateTime local, @Nullable ZoneRules zone, boolean isDate) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withResolverStyle(ResolverStyle.STRICT);

    /** The values of a property that may have several. */
    static List<Moment> all(Component.Property property, Zones zones) {
        return Arrays.stream(property.value().strip().split(","))
                .map(value -> of(value, property, zones))
                .toList();
    }

    /** The only value of a property. */
    static Moment one(Component.Property property, Zones zones) {
        return of(property.value().strip(), property, zones);
    }

    /** @param property with the time zone of the text */
    static Moment of(String text, Component.Property property, Zones zones) {
        try {
            if (text.length() == 8) {
                return new Moment(
                        LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE).atStartOfDay(), null, true);
            }
            boolean utc = text.endsWith("Z");
            LocalDateTime local = LocalDateTime.parse(utc ? text.substring(0, text.length() - 1) : text, TIME);
            return new Moment(
                    local,
                    utc
                            ? ZoneOffset.UTC.getRules()
                            : property.parameter("TZID")
                                    .map(id -> zones.of(id, property))
                                    .orElse(null),
                    false);
        } catch (DateTimeException e) {
            throw property.invalid("is not a date or time");
        }
    }

    /** The same time by the clock of another; its own where one of them has no zone. */
    LocalDateTime localIn(@Nullable ZoneRules other) {
        if (zone == null || other == null) {
            return local;
        }
        Instant instant = Window.Period.beginning(local, zone);
        return LocalDateTime.ofInstant(instant, other.getOffset(instant));
    }
}
