package io.jenkins.plugins.gitops.engine.freeze;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
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
public sealed interface Window {

    /** Why, for people; may be empty. */
    @NonNull
    String reason();

    /**
     * The periods of this window that begin on one of some days; in order.
     *
     * @param first the first day
     * @param days how many days to look at, at least 1
     */
    @NonNull
    Stream<Period> beginning(@NonNull LocalDate first, int days, @NonNull ZoneId zone);

    /** The longest that one period can last, in whole days rounded up: how far back a search for it must start. */
    int longestDays();

    /** How many days ahead the next beginning can be at most. */
    int rarestDays();

    /** The period that an instant lies in; of several, the one that ends last. */
    @NonNull
    default Optional<Period> containing(@NonNull Instant instant, @NonNull ZoneId zone) {
        LocalDate today = instant.atZone(zone).toLocalDate();
        return beginning(today.minusDays(longestDays() + 1L), longestDays() + 2, zone)
                .filter(period -> period.contains(instant))
                .max((left, right) -> left.to().compareTo(right.to()));
    }

    /** When it begins next, after an instant. */
    @NonNull
    default Optional<Instant> next(@NonNull Instant after, @NonNull ZoneId zone) {
        LocalDate today = after.atZone(zone).toLocalDate();
        return beginning(today.minusDays(1), rarestDays() + 2, zone)
                .map(Period::from)
                .filter(from -> from.isAfter(after))
                .findFirst();
    }

    /**
     * Some days of each week, from one hour to another.
     *
     * @param days the days on which it begins; not empty
     * @param to at or before {@code from} means the next day
     */
    record Weekly(
            @NonNull Set<DayOfWeek> days,
            @NonNull LocalTime from,
            @NonNull LocalTime to,
            @NonNull String reason) implements Window {

        public Weekly {
            days = Set.copyOf(days);
        }

        @Override
        @NonNull
        public Stream<Period> beginning(@NonNull LocalDate first, int count, @NonNull ZoneId zone) {
            return first.datesUntil(first.plusDays(count))
                    .filter(date -> days.contains(date.getDayOfWeek()))
                    .map(date -> new Period(
                            LocalTimes.beginning(date.atTime(from), zone),
                            LocalTimes.end((to.isAfter(from) ? date : date.plusDays(1)).atTime(to), zone)))
                    .filter(period -> period.from().isBefore(period.to()));
        }

        @Override
        public int longestDays() {
            return 2;
        }

        @Override
        public int rarestDays() {
            return 7;
        }
    }

    /**
     * Begins whenever a cron expression says, and lasts so long.
     *
     * @param lasts elapsed time, so that a clock change does not alter it; at most {@link #LONGEST}
     */
    record Recurring(
            @NonNull CronExpression cron,
            @NonNull Duration lasts,
            @NonNull String reason) implements Window {

        /** A month: longer ones are written as dates. */
        public static final Duration LONGEST = Duration.ofDays(31);

        @Override
        @NonNull
        public Stream<Period> beginning(@NonNull LocalDate first, int count, @NonNull ZoneId zone) {
            return first.datesUntil(first.plusDays(count))
                    .filter(cron::matches)
                    .flatMap(cron::times)
                    .map(time -> LocalTimes.beginning(time, zone))
                    .map(from -> new Period(from, from.plus(lasts)));
        }

        @Override
        public int longestDays() {
            return (int) lasts.toDays() + 1;
        }

        @Override
        public int rarestDays() {
            return CronExpression.RAREST_DAYS;
        }
    }

    /** From one local time to another, once. */
    record Once(
            @NonNull LocalDateTime from,
            @NonNull LocalDateTime to,
            @NonNull String reason) implements Window {

        @Override
        @NonNull
        public Stream<Period> beginning(@NonNull LocalDate first, int count, @NonNull ZoneId zone) {
            LocalDate day = from.toLocalDate();
            return day.isBefore(first) || !day.isBefore(first.plusDays(count))
                    ? Stream.empty()
                    : Stream.of(period(zone));
        }

        private Period period(ZoneId zone) {
            return new Period(LocalTimes.beginning(from, zone), LocalTimes.end(to, zone));
        }

        @Override
        @NonNull
        public Optional<Period> containing(@NonNull Instant instant, @NonNull ZoneId zone) {
            return Optional.of(period(zone)).filter(period -> period.contains(instant));
        }

        @Override
        @NonNull
        public Optional<Instant> next(@NonNull Instant after, @NonNull ZoneId zone) {
            return Optional.of(period(zone).from()).filter(from -> from.isAfter(after));
        }

        @Override
        public int longestDays() {
            return 1;
        }

        @Override
        public int rarestDays() {
            return 1;
        }
    }
}
