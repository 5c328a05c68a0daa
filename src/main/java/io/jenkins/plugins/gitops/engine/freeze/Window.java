package io.jenkins.plugins.gitops.engine.freeze;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A time that begins and ends, once or again and again, in the time zone of its {@link FreezeCalendar}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Window.Weekly.class, name = "weekly"),
    @JsonSubTypes.Type(value = Window.Recurring.class, name = "recurring"),
    @JsonSubTypes.Type(value = Window.Once.class, name = "once")
})
public sealed interface Window permits Window.Weekly, Window.Recurring, Window.Once, Occurrences.Sorted {

    /**
     * From an instant, inclusive, to a later one, exclusive. A local time that a clock change skips stands for the moment
     * of the change; one that comes twice begins with the first occurrence and ends with the second.
     *
     * @param reason why, for people; may be empty
     */
    record Period(Instant from, Instant to, String reason) {

        static Period between(LocalDateTime from, LocalDateTime to, ZoneId zone, String reason) {
            List<ZoneOffset> offsets = zone.getRules().getValidOffsets(to);
            return new Period(
                    beginning(from, zone.getRules()),
                    offsets.isEmpty() ? beginning(to, zone.getRules()) : to.toInstant(offsets.get(offsets.size() - 1)),
                    reason);
        }

        /** When a local time begins. */
        public static Instant beginning(LocalDateTime local, ZoneRules zone) {
            return zone.getValidOffsets(local).stream()
                    .findFirst()
                    .map(local::toInstant)
                    .orElseGet(() -> zone.getTransition(local).getInstant());
        }

        boolean contains(Instant instant) {
            return !instant.isBefore(from) && instant.isBefore(to);
        }
    }

    /** The period that an instant lies in; of several, the one that ends last. */
    Optional<Period> containing(Instant instant, ZoneId zone);

    /** When it begins next, after an instant. */
    Optional<Instant> next(Instant after, ZoneId zone);

    /**
     * Some days of each week, from one hour to another.
     *
     * @param days the days on which it begins; not empty
     * @param to at or before {@code from} means the next day
     */
    record Weekly(Set<DayOfWeek> days, LocalTime from, LocalTime to, String reason) implements Window {

        public Weekly {
            days = Set.copyOf(days);
        }

        @Override
        public Optional<Period> containing(Instant instant, ZoneId zone) {
            return around(instant, zone)
                    .filter(period -> period.contains(instant))
                    .max(Comparator.comparing(Period::to));
        }

        @Override
        public Optional<Instant> next(Instant after, ZoneId zone) {
            return around(after, zone)
                    .map(Period::from)
                    .filter(from -> from.isAfter(after))
                    .findFirst();
        }

        /** In order: a period lasts two days at most, and the next one begins within a week. */
        private Stream<Period> around(Instant instant, ZoneId zone) {
            LocalDate today = instant.atZone(zone).toLocalDate();
            return today.minusDays(3)
                    .datesUntil(today.plusDays(9))
                    .filter(date -> days.contains(date.getDayOfWeek()))
                    .map(date -> Period.between(
                            date.atTime(from), (to.isAfter(from) ? date : date.plusDays(1)).atTime(to), zone, reason))
                    .filter(period -> period.from().isBefore(period.to()));
        }
    }

    /**
     * Begins whenever a cron expression says, and lasts so long.
     *
     * @param lasts elapsed time, so that a clock change does not alter it; at most {@link #LONGEST}
     */
    record Recurring(CronExpression cron, Duration lasts, String reason) implements Window {

        /** A month: longer ones are written as dates. */
        public static final Duration LONGEST = Duration.ofDays(31);

        /** All periods last equally long, so the one that began last ends last. */
        @Override
        public Optional<Period> containing(Instant instant, ZoneId zone) {
            LocalDateTime local = latestLocalTime(instant, zone);
            LocalDateTime earliest = local.minus(lasts).minusDays(1);
            Optional<LocalDateTime> time = cron.last(local, earliest);
            while (time.isPresent()) {
                Instant from = Period.beginning(time.get(), zone.getRules());
                if (!from.isAfter(instant)) {
                    return Optional.of(new Period(from, from.plus(lasts), reason))
                            .filter(period -> period.contains(instant));
                }
                time = cron.last(time.get().minusMinutes(1), earliest);
            }
            return Optional.empty();
        }

        /** While an hour is repeated, all of its times have come once already. */
        private static LocalDateTime latestLocalTime(Instant instant, ZoneId zone) {
            LocalDateTime local = instant.atZone(zone).toLocalDateTime();
            ZoneOffsetTransition repeated = zone.getRules().getTransition(local);
            return repeated == null ? local : repeated.getDateTimeBefore();
        }

        @Override
        public Optional<Instant> next(Instant after, ZoneId zone) {
            LocalDate yesterday = after.atZone(zone).toLocalDate().minusDays(1);
            return yesterday
                    .datesUntil(yesterday.plusDays(CronExpression.RAREST_DAYS + 2L))
                    .filter(cron::matches)
                    .flatMap(cron::times)
                    .map(time -> Period.beginning(time, zone.getRules()))
                    .filter(from -> from.isAfter(after))
                    .findFirst();
        }
    }

    /** From one local time to another, once. */
    record Once(LocalDateTime from, LocalDateTime to, String reason) implements Window {

        @Override
        public Optional<Period> containing(Instant instant, ZoneId zone) {
            return Optional.of(period(zone)).filter(period -> period.contains(instant));
        }

        Period period(ZoneId zone) {
            return Period.between(from, to, zone, reason);
        }

        @Override
        public Optional<Instant> next(Instant after, ZoneId zone) {
            return Optional.of(Period.beginning(from, zone.getRules())).filter(from -> from.isAfter(after));
        }
    }
}
