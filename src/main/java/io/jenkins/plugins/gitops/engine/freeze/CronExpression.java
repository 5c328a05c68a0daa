package io.jenkins.plugins.gitops.engine.freeze;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Local times in the five fields of {@code crontab(5)}: minute, hour, day of month, month, day of week. When both days
 * are restricted, either one is enough, as crontab has it. Jenkins' {@code H} has no meaning here.
 */
public final class CronExpression {

    /** Eight years and a day: the longest a cron expression can pause (29 February around a century without one). */
    static final int RAREST_DAYS = 8 * 366;

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet daysOfMonth;
    private final BitSet months;
    private final BitSet daysOfWeek;
    private final boolean anyDayOfMonth;
    private final boolean anyDayOfWeek;

    private CronExpression(String text, String[] fields) {
        this.text = text;
        minutes = CronField.MINUTE.parse(fields[0], text);
        hours = CronField.HOUR.parse(fields[1], text);
        daysOfMonth = CronField.DAY_OF_MONTH.parse(fields[2], text);
        months = CronField.MONTH.parse(fields[3], text);
        daysOfWeek = CronField.DAY_OF_WEEK.parse(fields[4], text);
        anyDayOfMonth = fields[2].startsWith("*") || fields[2].startsWith("?");
        anyDayOfWeek = fields[4].startsWith("*") || fields[4].startsWith("?");
    }

    /** @throws InvalidCronException naming the field */
    @JsonCreator
    @NonNull
    public static CronExpression parse(@NonNull String text) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length != 5) {
            throw new InvalidCronException(
                    text,
                    "write five fields: minute, hour, day of month, month, day of week, for example 0 16 * * FRI");
        }
        CronExpression expression = new CronExpression(text, fields);
        LocalDate leapYear = LocalDate.of(2024, 1, 1);
        if (leapYear.datesUntil(leapYear.plusYears(1)).noneMatch(expression::matches)) {
            throw new InvalidCronException(text, "no month has such a day");
        }
        return expression;
    }

    /** Whether it says a time on this day. */
    boolean matches(@NonNull LocalDate date) {
        if (!months.get(date.getMonthValue())) {
            return false;
        }
        boolean dayOfMonth = daysOfMonth.get(date.getDayOfMonth());
        boolean dayOfWeek = daysOfWeek.get(date.getDayOfWeek().getValue() % 7);
        return anyDayOfMonth || anyDayOfWeek ? dayOfMonth && dayOfWeek : dayOfMonth || dayOfWeek;
    }

    /** The last time that is not after one local time and not before another one's day. */
    @NonNull
    Optional<LocalDateTime> last(@NonNull LocalDateTime notAfter, @NonNull LocalDateTime earliest) {
        LocalDate first = earliest.toLocalDate();
        for (LocalDate day = notAfter.toLocalDate(); !day.isBefore(first); day = day.minusDays(1)) {
            LocalTime limit = day.equals(notAfter.toLocalDate()) ? notAfter.toLocalTime() : LocalTime.MAX;
            Optional<LocalTime> time = matches(day) ? last(limit) : Optional.empty();
            if (time.isPresent()) {
                return time.map(day::atTime);
            }
        }
        return Optional.empty();
    }

    private Optional<LocalTime> last(LocalTime notAfter) {
        int hour = hours.previousSetBit(notAfter.getHour());
        if (hour == notAfter.getHour()) {
            int minute = minutes.previousSetBit(notAfter.getMinute());
            if (minute >= 0) {
                return Optional.of(LocalTime.of(hour, minute));
            }
            hour = hours.previousSetBit(hour - 1);
        }
        return hour < 0 ? Optional.empty() : Optional.of(LocalTime.of(hour, minutes.length() - 1));
    }

    /** The times of a day that matches, in order. */
    @NonNull
    Stream<LocalDateTime> times(@NonNull LocalDate date) {
        return hours.stream().boxed().flatMap(hour -> minutes.stream().mapToObj(minute -> date.atTime(hour, minute)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronExpression that && that.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was written. */
    @Override
    @JsonValue
    public String toString() {
        return text;
    }
}
