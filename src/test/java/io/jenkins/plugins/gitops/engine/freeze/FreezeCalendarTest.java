package io.jenkins.plugins.gitops.engine.freeze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Work;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar.Freeze;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FreezeCalendarTest {

    private static final Set<DayOfWeek> EVERY_DAY = EnumSet.allOf(DayOfWeek.class);

    /** Nights in which clocks change: the freeze 01:30 to 03:30 local time, and the instants at which it begins and ends. */
    @ParameterizedTest
    @CsvSource({
        // forward at 02:00 (Zurich: 02:00 → 03:00), so 01:30 to 03:30 lasts one hour
        "Europe/Zurich,       2026-03-29T00:30:00Z, 2026-03-29T01:30:00Z",
        // back at 03:00 → 02:00, so it lasts three
        "Europe/Zurich,       2026-10-24T23:30:00Z, 2026-10-25T02:30:00Z",
        "America/New_York,    2026-03-08T06:30:00Z, 2026-03-08T07:30:00Z",
        // back at 02:00 → 01:00: 01:30 comes twice; the first begins it
        "America/New_York,    2026-11-01T05:30:00Z, 2026-11-01T08:30:00Z",
        // Lord Howe moves by half an hour: 02:00 → 02:30 and back 02:00 → 01:30
        "Australia/Lord_Howe, 2026-10-03T15:00:00Z, 2026-10-03T16:30:00Z",
        "Australia/Lord_Howe, 2026-04-04T14:30:00Z, 2026-04-04T17:00:00Z",
        // Santiago changes at midnight, so the night after is as any other
        "America/Santiago,    2026-09-06T04:30:00Z, 2026-09-06T06:30:00Z",
        // no clock change at all
        "Asia/Kolkata,        2026-03-28T20:00:00Z, 2026-03-28T22:00:00Z",
        // leap day, year end
        "UTC,                 2028-02-29T01:30:00Z, 2028-02-29T03:30:00Z",
        "Pacific/Auckland,    2026-12-31T12:30:00Z, 2026-12-31T14:30:00Z"
    })
    void aNightlyFreezeBeginsAndEndsByTheLocalClock(String zone, Instant begins, Instant ends) {
        FreezeCalendar calendar =
                deny(zone, new Window.Weekly(EVERY_DAY, LocalTime.of(1, 30), LocalTime.of(3, 30), "backups"));

        assertThat(calendar.at(begins.minusMillis(1))).isEmpty();
        assertThat(calendar.at(begins)).contains(new Freeze(ends, "backups"));
        assertThat(calendar.at(begins).orElseThrow().clause(" by 'nightly'")).isEqualTo("frozen by 'nightly': backups");
        assertThat(calendar.at(ends.minusMillis(1)))
                .get()
                .extracting(Freeze::until)
                .isEqualTo(ends);
        assertThat(calendar.at(ends)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // 02:15 to 02:45 does not exist on the night the clock goes forward: no freeze at all
        "Europe/Zurich,    2026-03-29T00:59:59Z, OPEN",
        "Europe/Zurich,    2026-03-29T01:00:00Z, OPEN",
        // and comes twice on the night it goes back: from the first 02:15 to the second 02:45
        "Europe/Zurich,    2026-10-25T00:14:59Z, OPEN",
        "Europe/Zurich,    2026-10-25T00:15:00Z, FROZEN",
        "Europe/Zurich,    2026-10-25T00:50:00Z, FROZEN",
        "Europe/Zurich,    2026-10-25T01:44:59Z, FROZEN",
        "Europe/Zurich,    2026-10-25T01:45:00Z, OPEN"
    })
    void aWindowInsideTheChangedHourIsNeverShorterThanItSays(String zone, Instant at, String state) {
        FreezeCalendar calendar =
                deny(zone, new Window.Weekly(EVERY_DAY, LocalTime.of(2, 15), LocalTime.of(2, 45), ""));

        assertThat(calendar.at(at).isPresent()).isEqualTo(state.equals("FROZEN"));
    }

    @Test
    void aDayThatBeginsWithoutMidnightIsStillAWholeDay() {
        FreezeCalendar calendar = deny(
                "America/Santiago",
                new Window.Once(
                        LocalDateTime.parse("2026-09-06T00:00"), LocalDateTime.parse("2026-09-07T00:00"), "Sunday"));

        assertThat(calendar.at(Instant.parse("2026-09-06T03:59:59Z"))).isEmpty();
        assertThat(calendar.at(Instant.parse("2026-09-06T04:00:00Z")))
                .get()
                .extracting(Freeze::until)
                .isEqualTo(Instant.parse("2026-09-07T03:00:00Z"));
    }

    @Test
    void aFreezeOverTheYearsEndIsOne() {
        FreezeCalendar calendar = deny(
                "Europe/Zurich",
                new Window.Once(
                        LocalDateTime.parse("2026-12-20T00:00"), LocalDateTime.parse("2027-01-04T00:00"), "Christmas"));

        assertThat(calendar.at(Instant.parse("2026-12-31T23:30:00Z")))
                .get()
                .extracting(Freeze::until)
                .isEqualTo(Instant.parse("2027-01-03T23:00:00Z"));
    }

    @Test
    void hoursThatAllowSayWhenTheyOpenNext() {
        FreezeCalendar calendar = new FreezeCalendar(
                ZoneId.of("Europe/Zurich"),
                List.of(new Window.Weekly(
                        EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                        LocalTime.of(8, 0),
                        LocalTime.of(17, 0),
                        "")),
                List.of(new Window.Once(
                        LocalDateTime.parse("2026-03-30T00:00"), LocalDateTime.parse("2026-03-31T00:00"), "audit")));

        // Saturday before the clocks change: Monday is denied, so it is Tuesday at 08:00 summer time
        assertThat(calendar.at(Instant.parse("2026-03-28T10:00:00Z")))
                .contains(new Freeze(Instant.parse("2026-03-31T06:00:00Z"), null));
        assertThat(calendar.at(Instant.parse("2026-03-31T06:00:00Z"))).isEmpty();
    }

    @Test
    void aRecurringFreezeLastsElapsedTime() {
        FreezeCalendar calendar = deny(
                "Europe/Zurich",
                new Window.Recurring(CronExpression.parse("0 16 * * FRI"), Duration.ofHours(64), "weekend"));

        // Friday 27 March 16:00 winter time plus 64 hours is Monday 09:00 summer time
        assertThat(calendar.at(Instant.parse("2026-03-27T14:59:59Z"))).isEmpty();
        assertThat(calendar.at(Instant.parse("2026-03-29T12:00:00Z")))
                .get()
                .extracting(Freeze::until)
                .isEqualTo(Instant.parse("2026-03-30T07:00:00Z"));
    }

    @Test
    void aFreezeOnLeapDaysWaitsForTheNextOne() {
        FreezeCalendar calendar = new FreezeCalendar(
                ZoneId.of("UTC"),
                List.of(new Window.Recurring(CronExpression.parse("0 0 29 2 *"), Duration.ofDays(1), "")),
                List.of());

        assertThat(calendar.at(Instant.parse("2026-03-01T00:00:00Z")))
                .get()
                .extracting(Freeze::until)
                .isEqualTo(Instant.parse("2028-02-29T00:00:00Z"));
        assertThat(calendar.at(Instant.parse("2097-01-01T00:00:00Z")))
                .get()
                .extracting(Freeze::until)
                .isEqualTo(Instant.parse("2104-02-29T00:00:00Z"));
    }

    @Test
    void aFreezeWithoutEndSaysSo() {
        FreezeCalendar calendar =
                deny("UTC", new Window.Weekly(EVERY_DAY, LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, "for good"));

        assertThat(calendar.at(Instant.parse("2026-03-01T12:00:00Z"))).contains(new Freeze(null, "for good"));
    }

    /** Away from clock changes local time can be read off directly; the two ways must agree at every minute. */
    @ParameterizedTest
    @ValueSource(
            strings = {"Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago"
            })
    void everyMinuteAgreesWithTheLocalClock(String zone) {
        SplittableRandom random = new SplittableRandom(zone.hashCode());
        for (int round = 0; round < 200; round++) {
            LocalTime from = LocalTime.ofSecondOfDay(random.nextInt(24 * 60) * 60L);
            LocalTime to = LocalTime.ofSecondOfDay(random.nextInt(24 * 60) * 60L);
            FreezeCalendar calendar = deny(zone, new Window.Weekly(EVERY_DAY, from, to, ""));
            for (int probe = 0; probe < 20; probe++) {
                ZonedDateTime local = Instant.parse("2026-06-01T00:00:00Z")
                        .plusSeconds(60L * random.nextInt(40 * 24 * 60))
                        .atZone(ZoneId.of(zone));
                LocalTime time = local.toLocalTime();
                boolean inside = from.isBefore(to)
                        ? !time.isBefore(from) && time.isBefore(to)
                        : !time.isBefore(from) || time.isBefore(to);
                assertThat(calendar.at(local.toInstant()).isPresent())
                        .as("%s to %s at %s", from, to, local)
                        .isEqualTo(inside);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0 16 * * FRI,       2026-03-27, 16:00",
        "*/20 8-9 1 * *,     2026-04-01, 08:00 08:20 08:40 09:00 09:20 09:40",
        "5 4 13 * FRI,       2026-03-13, 04:05",
        "5 4 13 * FRI,       2026-04-13, 04:05",
        "0 0 * JAN-MAR 0,    2026-03-29, 00:00",
        "0 0 * * 7,          2026-03-29, 00:00",
        "'0,30 12 * * 1-5', 2026-03-27, 12:00 12:30"
    })
    void aCronExpressionSaysLocalTimes(String expression, java.time.LocalDate date, String times) {
        CronExpression cron = CronExpression.parse(expression);

        assertThat(cron.matches(date)).isTrue();
        assertThat(cron.times(date).map(time -> time.toLocalTime().toString()).toList())
                .containsExactly(times.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "H 16 * * * | 'H' is not a valid minute; write 0 to 59",
                "0 24 * * * | '24' is not a valid hour; write 0 to 23",
                "0 0 0 * * | '0' is not a valid day of month; write 1 to 31",
                "0 0 * FOO * | 'FOO' is not a valid month; write 1 to 12 or JAN to DEC",
                "0 0 * * 5-1 | '5-1' is not a valid day of week; write 0 to 7 or SUN to SAT",
                "*/0 0 * * * | '*/0' is not a valid minute",
                "0 0 30 2 * | no month has such a day",
                "@daily | write five fields"
            })
    void whatIsNoCronExpressionIsRefusedByField(String expression, String problem) {
        assertThatThrownBy(() -> CronExpression.parse(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aFreezeThatBeginsEveryMinuteForAMonthIsAnsweredAtOnce() {
        Window.Recurring always =
                new Window.Recurring(CronExpression.parse("* * * * *"), Window.Recurring.LONGEST, "always");
        FreezeCalendar calendar = deny("Europe/Zurich", always);

        Work.within(Duration.ofSeconds(5), () -> {
            for (int minute = 0; minute < 100; minute++) {
                assertThat(calendar.at(Instant.parse("2026-03-29T00:30:00Z").plusSeconds(60L * minute)))
                        .contains(new Freeze(null, "always"));
            }
            return calendar;
        });
    }

    @Test
    void aThousandFreezesAreAnsweredAtOnce() {
        List<Window> many = Collections.nCopies(
                1_000, new Window.Recurring(CronExpression.parse("*/2 * 1 1 *"), Duration.ofDays(31), ""));
        FreezeCalendar calendar = new FreezeCalendar(ZoneId.of("UTC"), List.of(), many);

        Work.within(
                Duration.ofSeconds(5),
                () -> assertThat(calendar.at(Instant.parse("2026-01-15T00:00:00Z")))
                        .contains(new Freeze(Instant.parse("2026-02-01T23:58:00Z"), "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/20 8-9 * * *", "30 1,2 * * *", "0 16 * * FRI", "5 4 13 * FRI", "59 23 31 12 *"})
    void aRecurringFreezeHoldsFromEachBeginningForItsTime(String expression) {
        CronExpression cron = CronExpression.parse(expression);
        Duration lasts = Duration.ofMinutes(90);
        ZoneId zone = ZoneId.of("Europe/Zurich");
        FreezeCalendar calendar = deny("Europe/Zurich", new Window.Recurring(cron, lasts, ""));
        LocalDate first = LocalDate.of(2026, 10, 17);
        List<Instant> beginnings = first.datesUntil(first.plusDays(14))
                .filter(cron::matches)
                .flatMap(cron::times)
                .map(time -> Window.Period.beginning(time, zone.getRules()))
                .toList();

        for (Instant at = Instant.parse("2026-10-24T00:00:00Z");
                at.isBefore(Instant.parse("2026-10-27T00:00:00Z"));
                at = at.plusSeconds(600)) {
            Instant now = at;
            boolean frozen =
                    beginnings.stream().anyMatch(from -> !now.isBefore(from) && now.isBefore(from.plus(lasts)));
            assertThat(calendar.at(now).isPresent())
                    .as("%s at %s", expression, now)
                    .isEqualTo(frozen);
        }
    }

    @Test
    void theTimesAheadAreThoseInWhichItFreezes() {
        Instant monday = Instant.parse("2026-03-02T12:00:00Z");
        FreezeCalendar calendar = new FreezeCalendar(
                ZoneId.of("UTC"),
                List.of(new Window.Weekly(
                        EnumSet.of(DayOfWeek.MONDAY, DayOfWeek.WEDNESDAY),
                        LocalTime.of(9, 0),
                        LocalTime.of(17, 0),
                        "")),
                List.of(new Window.Once(
                        LocalDateTime.parse("2026-03-04T10:00"), LocalDateTime.parse("2026-03-04T11:00"), "audit")));
        String outside = "outside the hours that allow promotions";

        assertThat(calendar.ahead(monday, monday.plus(Duration.ofDays(3)), 10))
                .containsExactly(
                        new FreezeCalendar.Ahead(
                                Instant.parse("2026-03-02T17:00:00Z"), Instant.parse("2026-03-04T09:00:00Z"), outside),
                        new FreezeCalendar.Ahead(
                                Instant.parse("2026-03-04T10:00:00Z"), Instant.parse("2026-03-04T11:00:00Z"), "audit"),
                        new FreezeCalendar.Ahead(
                                Instant.parse("2026-03-04T17:00:00Z"), Instant.parse("2026-03-09T09:00:00Z"), outside));
        assertThat(calendar.ahead(monday, monday.plus(Duration.ofDays(365)), 2)).hasSize(2);
        assertThat(FreezeCalendar.ALWAYS_OPEN.ahead(monday, monday.plus(Duration.ofDays(30)), 10))
                .isEmpty();
    }

    @Test
    void whatHoldsNowAndHasNoEndInSightIsTheOnlyTimeAhead() {
        Instant now = Instant.parse("2026-03-02T12:00:00Z");
        FreezeCalendar always =
                deny("UTC", new Window.Weekly(EVERY_DAY, LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, "always"));

        assertThat(always.ahead(now, now.plus(Duration.ofDays(30)), 10))
                .containsExactly(new FreezeCalendar.Ahead(now, null, "always"));
    }

    /** However many windows follow each other, the times ahead take no more look-ups than one instant. */
    @Test
    void veryManyWindowsAreLookedThroughOnlySoFar() {
        LocalDateTime begin = LocalDateTime.parse("2026-03-02T12:00");
        List<Window> hours = new ArrayList<>();
        for (int hour = 0; hour < 5_000; hour += 2) {
            hours.add(new Window.Once(begin.plusHours(hour), begin.plusHours(hour + 1), "odd"));
        }
        Instant now = begin.toInstant(ZoneOffset.UTC);

        assertThat(new FreezeCalendar(ZoneId.of("UTC"), List.of(), hours)
                        .ahead(now, now.plus(Duration.ofDays(365)), 1_000))
                .hasSizeBetween(1, 5)
                .allSatisfy(time -> assertThat(time.reason()).isEqualTo("odd"));
    }

    private static FreezeCalendar deny(String zone, Window window) {
        return new FreezeCalendar(ZoneId.of(zone), List.of(), List.of(window));
    }
}
