package io.jenkins.plugins.gitops.engine.freeze.ical;

import edu.umd.cs.findbugs.annotations.Nullable;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.time.temporal.WeekFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A {@code RRULE} (RFC 5545, 3.3.10), by the clock of the event that it repeats. Of each year, month, week or day it takes
 * the days that satisfy every {@code BY…}, then the times of each, then the positions. Rules that repeat more often than
 * daily are refused: no freeze needs them, and they have millions of times.
 */
final class RecurrenceRule {

    private static final int MOST_OF_A_PERIOD = 10_000;

    private static final Set<String> PARTS = Set.of(
            "FREQ",
            "INTERVAL",
            "COUNT",
            "UNTIL",
            "WKST",
            "BYMONTH",
            "BYWEEKNO",
            "BYYEARDAY",
            "BYMONTHDAY",
            "BYDAY",
            "BYHOUR",
            "BYMINUTE",
            "BYSECOND",
            "BYSETPOS");

    private enum Frequency {
        DAILY,
        WEEKLY,
        MONTHLY,
        YEARLY
    }

    /** @param number 0 for every such day, else which of the month or year, from its end where negative */
    private record Weekday(int number, DayOfWeek day) {}

    private final Component.Property property;
    private final Map<String, String> parts = new HashMap<>();
    private final LocalDateTime start;
    private final Frequency frequency;
    private final int interval;
    private final int count;

    @Nullable
    private final LocalDateTime until;

    private final WeekFields weeks;
    private final Set<Integer> months;
    private final Set<Integer> weekNumbers;
    private final Set<Integer> yearDays;
    private final Set<Integer> monthDays;
    private final List<Weekday> weekdays;
    private final List<LocalTime> times;
    private final Set<Integer> positions;

    private RecurrenceRule(Component.Property property, Moment first, Zones zones) {
        this.property = property;
        this.start = first.local();
        for (String part : property.value().strip().toUpperCase(Locale.ROOT).split(";")) {
            String[] pair = part.split("=", 2);
            if (pair.length != 2 || !PARTS.contains(pair[0]) || parts.put(pair[0], pair[1]) != null) {
                throw property.invalid("has an unknown part, or one twice");
            }
        }
        this.frequency = Arrays.stream(Frequency.values())
                .filter(each -> each.name().equals(parts.get("FREQ")))
                .findFirst()
                .orElseThrow(() -> property.invalid("repeats neither daily, weekly, monthly nor yearly"));
        this.interval = number("INTERVAL", 1);
        this.count = number("COUNT", 0);
        this.until = until(first, zones);
        DayOfWeek weekStart =
                parts.containsKey("WKST") ? weekday(parts.get("WKST")).day() : DayOfWeek.MONDAY;
        this.weeks = WeekFields.of(weekStart, 4);
        this.months = numbers("BYMONTH", 1, 12);
        this.weekNumbers = numbers("BYWEEKNO", -53, 53);
        this.yearDays = numbers("BYYEARDAY", -366, 366);
        this.monthDays = numbers("BYMONTHDAY", -31, 31);
        this.positions = numbers("BYSETPOS", -366, 366);
        this.weekdays = parts.containsKey("BYDAY")
                ? Arrays.stream(parts.get("BYDAY").split(",", -1))
                        .map(this::weekday)
                        .collect(Collectors.toCollection(ArrayList::new))
                : new ArrayList<>();
        boolean counted = weekdays.stream().anyMatch(day -> day.number() != 0);
        if (counted && (frequency.compareTo(Frequency.MONTHLY) < 0 || !weekNumbers.isEmpty())
                || !weekNumbers.isEmpty() && frequency != Frequency.YEARLY) {
            throw property.invalid("has parts that do not go together");
        }
        this.times = first.isDate() ? List.of(LocalTime.MIDNIGHT) : timesOfADay();
        setDefaults();
    }

    /** @param first the event's {@code DTSTART}, which is its first time whatever the rule says */
    static RecurrenceRule of(Component.Property property, Moment first, Zones zones) {
        return new RecurrenceRule(property, first, zones);
    }

    private int number(String part, int otherwise) {
        return parts.containsKey(part) ? numbers(part, 1, 1_000_000).iterator().next() : otherwise;
    }

    private Set<Integer> numbers(String part, int least, int most) {
        Set<Integer> numbers = new TreeSet<>();
        if (parts.containsKey(part)) {
            for (String text : parts.get(part).split(",", -1)) {
                int number = text.matches("[+-]?\\d{1,7}") ? Integer.parseInt(text) : Integer.MIN_VALUE;
                if (number < least || number > most || number == 0 && least != 0) {
                    throw property.invalid("has an invalid " + part);
                }
                numbers.add(number);
            }
        }
        return numbers;
    }

    private Weekday weekday(String text) {
        int at = text.length() - 2;
        if (text.matches("([+-]?[1-9]\\d?)?(MO|TU|WE|TH|FR|SA|SU)")) {
            DayOfWeek day = Arrays.stream(DayOfWeek.values())
                    .filter(each -> each.name().startsWith(text.substring(at)))
                    .findFirst()
                    .orElseThrow();
            return new Weekday(at == 0 ? 0 : Integer.parseInt(text.substring(0, at)), day);
        }
        throw property.invalid("has an invalid day of the week");
    }

    /** A date includes the whole of it. */
    @Nullable
    private LocalDateTime until(Moment first, Zones zones) {
        if (!parts.containsKey("UNTIL")) {
            return null;
        }
        Moment end = Moment.of(parts.get("UNTIL"), property, zones);
        return end.isDate() || first.isDate()
                ? end.local().toLocalDate().atTime(LocalTime.MAX)
                : end.localIn(first.zone());
    }

    private List<LocalTime> timesOfADay() {
        List<LocalTime> all = new ArrayList<>();
        for (int hour : orOf(numbers("BYHOUR", 0, 23), start.getHour())) {
            for (int minute : orOf(numbers("BYMINUTE", 0, 59), start.getMinute())) {
                for (int second : orOf(numbers("BYSECOND", 0, 59), start.getSecond())) {
                    all.add(LocalTime.of(hour, minute, second));
                }
            }
        }
        return all;
    }

    private static Set<Integer> orOf(Set<Integer> numbers, int otherwise) {
        return numbers.isEmpty() ? Set.of(otherwise) : numbers;
    }

    /** Which days a rule means that does not say so: those of its first time. */
    private void setDefaults() {
        if (!weekNumbers.isEmpty() || !yearDays.isEmpty() || !monthDays.isEmpty() || !weekdays.isEmpty()) {
            return;
        }
        if (frequency == Frequency.YEARLY && months.isEmpty()) {
            months.add(start.getMonthValue());
        }
        if (frequency == Frequency.WEEKLY) {
            weekdays.add(new Weekday(0, start.getDayOfWeek()));
        } else if (frequency != Frequency.DAILY) {
            monthDays.add(start.getDayOfMonth());
        }
    }

    /**
     * The times at which the event begins, its first one included, in order. Of a rule without {@code COUNT} those before
     * the earliest are not looked at.
     */
    void times(LocalDateTime earliest, LocalDateTime latest, Budget budget, Consumer<LocalDateTime> taker) {
        taker.accept(start);
        int counted = 1;
        long period = count > 0 || earliest.isBefore(start) ? 0 : Math.max(0, periodsUntil(earliest) - 1);
        for (LocalDate begin = beginning(period);
                !begin.isAfter(latest.toLocalDate()) && (until == null || !begin.isAfter(until.toLocalDate()));
                begin = beginning(++period)) {
            for (LocalDateTime time : timesOf(begin, budget)) {
                if (!time.isAfter(start)) {
                    continue;
                }
                if (until != null && time.isAfter(until) || count > 0 && ++counted > count) {
                    return;
                }
                taker.accept(time);
            }
        }
    }

    private ChronoUnit unit() {
        return switch (frequency) {
            case DAILY -> ChronoUnit.DAYS;
            case WEEKLY -> ChronoUnit.WEEKS;
            case MONTHLY -> ChronoUnit.MONTHS;
            case YEARLY -> ChronoUnit.YEARS;
        };
    }

    private long periodsUntil(LocalDateTime time) {
        return unit().between(beginning(0), time.toLocalDate()) / interval;
    }

    private LocalDate beginning(long period) {
        LocalDate day = start.toLocalDate();
        LocalDate first =
                switch (frequency) {
                    case DAILY -> day;
                    case WEEKLY -> day.with(TemporalAdjusters.previousOrSame(weeks.getFirstDayOfWeek()));
                    case MONTHLY -> day.withDayOfMonth(1);
                    case YEARLY -> day.withDayOfYear(1);
                };
        return first.plus(period * interval, unit());
    }

    private List<LocalDateTime> timesOf(LocalDate begin, Budget budget) {
        List<LocalDateTime> all = new ArrayList<>();
        LocalDate end = begin.plus(1, unit());
        for (LocalDate day = begin; day.isBefore(end); ) {
            budget.spend();
            if (frequency == Frequency.YEARLY && !months.isEmpty() && !months.contains(day.getMonthValue())) {
                day = day.plusMonths(1).withDayOfMonth(1);
                continue;
            }
            if (isTaken(day)) {
                for (LocalTime time : times) {
                    budget.spend();
                    all.add(day.atTime(time));
                }
                if (all.size() > MOST_OF_A_PERIOD) {
                    throw property.invalid("has more than " + MOST_OF_A_PERIOD + " times in a row");
                }
            }
            day = day.plusDays(1);
        }
        return positions.isEmpty()
                ? all
                : IntStream.range(0, all.size())
                        .filter(at -> positions.contains(at + 1) || positions.contains(at - all.size()))
                        .mapToObj(all::get)
                        .toList();
    }

    private boolean isTaken(LocalDate day) {
        return (months.isEmpty() || months.contains(day.getMonthValue()))
                && isAmong(yearDays, day.getDayOfYear(), day.lengthOfYear())
                && isAmong(monthDays, day.getDayOfMonth(), day.lengthOfMonth())
                && isAmong(weekNumbers, day.get(weeks.weekOfWeekBasedYear()), (int)
                        day.range(weeks.weekOfWeekBasedYear()).getMaximum())
                && (weekdays.isEmpty() || weekdays.stream().anyMatch(weekday -> isThat(weekday, day)));
    }

    private static boolean isAmong(Set<Integer> numbers, int number, int all) {
        return numbers.isEmpty() || numbers.contains(number) || numbers.contains(number - all - 1);
    }

    private boolean isThat(Weekday weekday, LocalDate day) {
        if (day.getDayOfWeek() != weekday.day() || weekday.number() == 0) {
            return day.getDayOfWeek() == weekday.day();
        }
        boolean ofMonth = frequency == Frequency.MONTHLY || !months.isEmpty();
        int at = (ofMonth ? day.getDayOfMonth() : day.getDayOfYear()) - 1;
        int after = (ofMonth ? day.lengthOfMonth() : day.lengthOfYear()) - 1 - at;
        return weekday.number() == at / 7 + 1 || weekday.number() == -(after / 7 + 1);
    }
}
