package io.jenkins.plugins.gitops.engine.freeze;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /** @throws IllegalArgumentException with a clause that names the field */
    @JsonCreator
    public static CronExpression parse(String text) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length != 5) {
            throw invalid(
                    text,
                    "write five fields: minute, hour, day of month, month, day of week, for example 0 16 * * FRI");
        }
        CronExpression expression = new CronExpression(text, fields);
        LocalDate leapYear = LocalDate.of(2024, 1, 1);
        if (leapYear.datesUntil(leapYear.plusYears(1)).noneMatch(expression::matches)) {
            throw invalid(text, "no month has such a day");
        }
        return expression;
    }

    private static IllegalArgumentException invalid(String expression, String problem) {
        return new IllegalArgumentException("'" + expression + "' is not a cron expression: " + problem);
    }

    /** Whether it says a time on this day. */
    boolean matches(LocalDate date) {
        if (!months.get(date.getMonthValue())) {
            return false;
        }
        boolean dayOfMonth = daysOfMonth.get(date.getDayOfMonth());
        boolean dayOfWeek = daysOfWeek.get(date.getDayOfWeek().getValue() % 7);
        return anyDayOfMonth || anyDayOfWeek ? dayOfMonth && dayOfWeek : dayOfMonth || dayOfWeek;
    }

    /** The last time that is not after one local time and not before another one's day. */
    Optional<LocalDateTime> last(LocalDateTime notAfter, LocalDateTime earliest) {
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
    Stream<LocalDateTime> times(LocalDate date) {
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

    /** One of the five fields of a cron expression: which values it takes, and how they are written. */
    private enum CronField {
        MINUTE("minute", 0, 59, List.of()),
        HOUR("hour", 0, 23, List.of()),
        DAY_OF_MONTH("day of month", 1, 31, List.of()),
        MONTH(
                "month",
                1,
                12,
                List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
        /** 0 and 7 are Sunday. */
        DAY_OF_WEEK("day of week", 0, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

        private final String title;
        private final int least;
        private final int greatest;
        private final List<String> names;

        CronField(String title, int least, int greatest, List<String> names) {
            this.title = title;
            this.least = least;
            this.greatest = greatest;
            this.names = names;
        }

        /** The values that {@code text} allows: {@code *}, {@code 5}, {@code 1-5}, {@code MON-FRI}, {@code * /15}, lists. */
        BitSet parse(String text, String expression) {
            BitSet values = new BitSet();
            for (String part : text.split(",", -1)) {
                String[] halves = part.split("/", -1);
                int step = halves.length == 1 ? 1 : number(halves[1], part, expression);
                if (halves.length > 2 || step < 1) {
                    throw refused(part, expression);
                }
                int[] range = range(halves[0], halves.length == 2, part, expression);
                IntStream.iterate(range[0], value -> value <= range[1], value -> value + step)
                        .forEach(values::set);
            }
            if (this == DAY_OF_WEEK && values.get(7)) {
                values.set(0);
            }
            return values;
        }

        private int[] range(String text, boolean stepped, String part, String expression) {
            if (text.equals("*") || text.equals("?")) {
                return new int[] {least, greatest};
            }
            String[] ends = text.split("-", -1);
            if (ends.length > 2) {
                throw refused(part, expression);
            }
            int from = value(ends[0], part, expression);
            int to = ends.length == 2 ? value(ends[1], part, expression) : stepped ? greatest : from;
            if (from > to) {
                throw refused(part, expression);
            }
            return new int[] {from, to};
        }

        private int value(String text, String part, String expression) {
            int named = names.indexOf(text.toUpperCase(Locale.ROOT));
            int value = named >= 0 ? named + least : number(text, part, expression);
            if (value < least || value > greatest) {
                throw refused(part, expression);
            }
            return value;
        }

        private int number(String text, String part, String expression) {
            if (!text.matches("[0-9]{1,4}")) {
                throw refused(part, expression);
            }
            return Integer.parseInt(text);
        }

        private IllegalArgumentException refused(String part, String expression) {
            return invalid(
                    expression,
                    "'" + part + "' is not a valid " + title + "; write " + least + " to " + greatest
                            + (names.isEmpty() ? "" : " or " + names.get(0) + " to " + names.get(names.size() - 1))
                            + ", a range, a list or *");
        }
    }
}
