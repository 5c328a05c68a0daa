package io.jenkins.plugins.gitops.engine.freeze.ical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of recurrence (RFC 5545, 3.3.10). */
class RecurrenceRuleTest {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss");

    private static final LocalDateTime START = LocalDateTime.parse("2026-01-05T09:00");

    @Test
    void everyRuleHasTheTimesThatAnIndependentImplementationComputes() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String line : lines("recurrences.txt")) {
            String[] parts = line.split("\\|");
            List<LocalDateTime> expected = Arrays.stream(parts[3].split(" "))
                    .map(text -> LocalDateTime.parse(text, TIME))
                    .toList();
            List<LocalDateTime> found =
                    times(LocalDateTime.parse(parts[0]), parts[1], LocalDateTime.MIN, LocalDateTime.parse(parts[2]));
            if (!found.equals(expected)) {
                wrong.add(parts[0] + " " + parts[1] + "\n expected " + expected + "\n found " + found);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void timesBeforeTheEarliestAreSkippedAndThoseAfterItAreTheSame() throws IOException {
        for (String line : lines("recurrences.txt")) {
            String[] parts = line.split("\\|");
            LocalDateTime start = LocalDateTime.parse(parts[0]);
            LocalDateTime latest = LocalDateTime.parse(parts[2]);
            LocalDateTime earliest = start.plusDays(60);
            assertThat(times(start, parts[1], earliest, latest).stream().filter(time -> !time.isBefore(earliest)))
                    .as(line)
                    .containsExactlyElementsOf(times(start, parts[1], LocalDateTime.MIN, latest).stream()
                            .filter(time -> !time.isBefore(earliest))
                            .toList());
        }
    }

    @Test
    void theFirstTimeCountsEvenWhereTheRuleDoesNotNameIt() {
        assertThat(times(START, "FREQ=WEEKLY;BYDAY=TU;COUNT=2", LocalDateTime.MIN, START.plusYears(1)))
                .containsExactly(START, LocalDateTime.parse("2026-01-06T09:00"));
    }

    @ParameterizedTest
    @CsvSource({
        "FREQ=WEEKLY;UNTIL=20260112, 2", // the whole day
        "FREQ=WEEKLY;UNTIL=20260112T090000, 2",
        "FREQ=WEEKLY;UNTIL=20260112T085959, 1"
    })
    void itEndsWithItsUntil(String rule, int times) {
        assertThat(times(START, rule, LocalDateTime.MIN, START.plusYears(1))).hasSize(times);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FREQ=SECONDLY",
                "FREQ=MINUTELY;COUNT=5",
                "FREQ=HOURLY",
                "FREQ=FORTNIGHTLY",
                "INTERVAL=2",
                "FREQ=DAILY;FREQ=DAILY",
                "FREQ=DAILY;RSCALE=CHINESE",
                "FREQ=DAILY;INTERVAL=0",
                "FREQ=DAILY;INTERVAL=99999999999999999999",
                "FREQ=DAILY;COUNT=-1",
                "FREQ=DAILY;COUNT=",
                "FREQ=DAILY;BYMONTH=13",
                "FREQ=YEARLY;BYMONTHDAY=0",
                "FREQ=YEARLY;BYDAY=0MO",
                "FREQ=YEARLY;BYDAY=XX",
                "FREQ=YEARLY;BYDAY=,",
                "FREQ=WEEKLY;BYDAY=2MO",
                "FREQ=MONTHLY;BYWEEKNO=2",
                "FREQ=DAILY;UNTIL=tomorrow",
                "FREQ",
                ""
            })
    void whatCannotBeUnderstoodIsRefused(String rule) {
        assertThatThrownBy(() -> times(START, rule, LocalDateTime.MIN, START.plusYears(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 7: RRULE ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1000000",
                "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=YEARLY;INTERVAL=1000000",
                "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=100"
            })
    void aRuleThatNeverComesTrueHasItsFirstTime(String rule) {
        assertThat(times(START, rule, LocalDateTime.MIN, START.plusYears(50))).containsExactly(START);
    }

    @Test
    void aRuleWithMoreTimesThanThereIsTimeForIsRefused() {
        String everySecond = "FREQ=DAILY;BYHOUR=" + upTo(24) + ";BYMINUTE=" + upTo(60) + ";BYSECOND=" + upTo(60);

        assertThatThrownBy(() -> times(START, everySecond, START, START.plusDays(400)))
                .hasMessageContaining("has more than 10000 times in a row");
        assertThatThrownBy(() -> times(
                        LocalDateTime.parse("0001-01-01T00:00"),
                        "FREQ=DAILY;COUNT=1000000;BYSETPOS=1;BYHOUR=" + upTo(24),
                        START,
                        START.plusDays(400)))
                .hasMessageContaining("repeat too often");
    }

    private static String upTo(int end) {
        StringBuilder all = new StringBuilder("0");
        for (int i = 1; i < end; i++) {
            all.append(',').append(i);
        }
        return all.toString();
    }

    private static List<LocalDateTime> times(
            LocalDateTime start, String rule, LocalDateTime earliest, LocalDateTime latest) {
        Budget budget = new Budget();
        Zones zones = new Zones(List.of(), latest, budget);
        List<LocalDateTime> times = new ArrayList<>();
        RecurrenceRule.of(new Component.Property("RRULE", Map.of(), rule, 7), new Moment(start, null, false), zones)
                .times(earliest, latest, budget, times::add);
        return times.stream().filter(time -> !time.isAfter(latest)).toList();
    }

    private static List<String> lines(String name) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(RecurrenceRuleTest.class.getResourceAsStream(name)), StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }
}
