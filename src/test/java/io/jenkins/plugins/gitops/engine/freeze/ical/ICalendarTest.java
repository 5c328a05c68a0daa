package io.jenkins.plugins.gitops.engine.freeze.ical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.Occurrences;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole calendars, as programs export them and as nobody should. */
class ICalendarTest {

    private static final Instant OCTOBER = Instant.parse("2026-10-01T00:00:00Z");

    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

    @ParameterizedTest
    @ValueSource(strings = {"google", "outlook", "apple"})
    void anExportHasTheEventsThatAnIndependentImplementationFinds(String program) throws IOException {
        Occurrences found = ICalendar.read(resource(program + ".ics"), OCTOBER);

        assertThat(texts(found).filter(line -> line.compareTo("2027-04") < 0))
                .containsExactlyElementsOf(new String(resource(program + ".txt"), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .toList());
    }

    @Test
    void wholeDaysAreThoseOfTheFreezesTimeZone() throws IOException {
        Occurrences google = ICalendar.read(resource("google.ics"), OCTOBER);

        assertThat(freeze(google, "2026-12-19T22:59:59Z")).isEmpty();
        assertThat(freeze(google, "2026-12-19T23:00:00Z"))
                .contains(new FreezeCalendar.Freeze(Instant.parse("2027-01-03T23:00:00Z"), "Christmas, New Year"));
        assertThat(freeze(google, "2027-01-03T23:00:00Z")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // Monday 22:00 to 02:00: clocks go back on 25 October, and forward on 28 March.
        "2026-10-12T20:00:00Z, 2026-10-13T00:00:00Z",
        "2026-11-02T21:00:00Z, 2026-11-03T01:00:00Z",
        "2027-03-29T20:00:00Z, 2027-03-30T00:00:00Z"
    })
    void anEventKeepsItsClockWhenClocksChange(String from, String to) throws IOException {
        Occurrences google = ICalendar.read(resource("google.ics"), OCTOBER);

        assertThat(freeze(google, from).map(FreezeCalendar.Freeze::until)).contains(Instant.parse(to));
        assertThat(freeze(google, Instant.parse(from).minusSeconds(1).toString()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # 02:30 does not exist on 28 March 2027, and comes twice on 25 October 2026.
        DTSTART;TZID=Europe/Zurich:20270328T023000 | DTEND;TZID=Europe/Zurich:20270328T040000 | 2027-03-28T01:00:00Z 2027-03-28T02:00:00Z
        DTSTART;TZID=Europe/Zurich:20261025T023000 | DTEND;TZID=Europe/Zurich:20261025T040000 | 2026-10-25T00:30:00Z 2026-10-25T03:00:00Z
        DTSTART;TZID=Europe/Zurich:20261024T120000 | DURATION:P1D | 2026-10-24T10:00:00Z 2026-10-25T11:00:00Z
        DTSTART;TZID=Europe/Zurich:20261024T120000 | DURATION:PT24H | 2026-10-24T10:00:00Z 2026-10-25T10:00:00Z
        DTSTART;VALUE=DATE:20261025 | SUMMARY: | 2026-10-25T00:00 2026-10-26T00:00
        DTSTART;VALUE=DATE:20261025 | DTEND;VALUE=DATE:20261025 | 2026-10-25T00:00 2026-10-26T00:00
        DTSTART;VALUE=DATE:20261025 | DURATION:P2W | 2026-10-25T00:00 2026-11-08T00:00
        DTSTART;TZID=/citadel.org/20210210_1/Europe/Zurich:20261201T080000 | DURATION:PT1H | 2026-12-01T07:00:00Z 2026-12-01T08:00:00Z
        DTSTART;TZID="America/New_York":20261201T080000 | DURATION:PT1H30M | 2026-12-01T13:00:00Z 2026-12-01T14:30:00Z
        """)
    void aTimeStandsForAnInstantOrALocalTime(String start, String end, String expected) {
        assertThat(texts(read("BEGIN:VEVENT\n" + start + "\n" + end + "\nEND:VEVENT")))
                .containsExactly(expected);
    }

    @Test
    void anEventThatEndsWhenItBeginsFreezesNothing() {
        Occurrences found = read("BEGIN:VEVENT\nDTSTART:20261201T080000Z\nSUMMARY:A moment\nEND:VEVENT");

        assertThat(freeze(found, "2026-12-01T08:00:00Z")).isEmpty();
    }

    @Test
    void aRepetitionThatIsCancelledOrMovedDoesNotTakePlaceWhereItWas() {
        Occurrences found = read("""
            BEGIN:VEVENT
            UID:a
            DTSTART;TZID=Europe/Zurich:20261201T080000
            DURATION:PT1H
            RRULE:FREQ=DAILY;COUNT=4
            END:VEVENT
            BEGIN:VEVENT
            UID:a
            RECURRENCE-ID:20261202T070000Z
            DTSTART;TZID=Europe/Zurich:20261202T080000
            STATUS:CANCELLED
            END:VEVENT
            BEGIN:VEVENT
            UID:a
            RECURRENCE-ID;TZID=Europe/Zurich:20261203T080000
            DTSTART;TZID=Europe/Zurich:20261203T180000
            DURATION:PT2H
            END:VEVENT
            """);

        assertThat(texts(found))
                .containsExactly(
                        "2026-12-01T07:00:00Z 2026-12-01T08:00:00Z",
                        "2026-12-03T17:00:00Z 2026-12-03T19:00:00Z",
                        "2026-12-04T07:00:00Z 2026-12-04T08:00:00Z");
    }

    @Test
    void overlappingEventsFreezeUntilTheLastOfThemEnds() {
        Occurrences found = read("""
            BEGIN:VEVENT
            DTSTART:20261201T080000Z
            DTEND:20261201T120000Z
            SUMMARY:Long
            END:VEVENT
            BEGIN:VEVENT
            DTSTART:20261201T090000Z
            DTEND:20261201T100000Z
            SUMMARY:Within it
            END:VEVENT
            BEGIN:VEVENT
            DTSTART:20261201T120000Z
            DTEND:20261201T130000Z
            SUMMARY:After it
            END:VEVENT
            """);

        assertThat(freeze(found, "2026-12-01T09:30:00Z"))
                .contains(new FreezeCalendar.Freeze(Instant.parse("2026-12-01T13:00:00Z"), "Long"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        DTEND:20261201T080000Z | the event '' has no DTSTART
        DTSTART:tomorrow | line 3: DTSTART is not a date or time
        DTSTART:20261301T080000Z | line 3: DTSTART is not a date or time
        DTSTART;TZID=Middle-earth/Shire:20261201T080000 | line 3: DTSTART has the time zone 'Middle-earth/Shire', which the calendar does not define
        DTSTART:20261201T080000Z~DTEND:20261201T070000Z | line 4: DTEND is before DTSTART
        DTSTART:20261201T080000Z~DTEND;VALUE=DATE:20261202 | line 4: DTEND and DTSTART are of different kinds
        DTSTART:20261201T080000Z~DURATION:-PT1H | line 4: DURATION is not a duration
        DTSTART:20261201T080000Z~EXRULE:FREQ=DAILY | line 4: EXRULE is obsolete and not supported
        DTSTART:20261201T080000Z~RDATE;VALUE=PERIOD:20261202T080000Z/PT1H | line 4: RDATE has periods, which are not supported
        DTSTART:20261201T080000Z~RECURRENCE-ID;RANGE=THISANDFUTURE:20261202T080000Z | line 4: RECURRENCE-ID has a RANGE, which is not supported
        DTSTART:20261201T080000Z~RRULE:FREQ=SECONDLY | line 4: RRULE repeats neither daily, weekly, monthly nor yearly
        DTSTART:20261201T080000Z~RRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13;BYMINUTE=0,30 | its events take place more than 5000 times in a year
        DTSTART:20261201T080000Z~no line | line 4 is not one of an iCalendar file
        """)
    void anEventThatCannotBeUnderstoodMakesTheCalendarUnreadable(String event, String why) {
        assertThatThrownBy(() -> read("BEGIN:VEVENT\n" + event.replace("~", "\n") + "\nEND:VEVENT"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @ParameterizedTest
    @CsvSource({
        "<html><body>Sign in</body></html>, line 1 is not one of an iCalendar file",
        "'', it has no BEGIN:VCALENDAR",
        "X-A:b, line 1: X-A stands before BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR, it ends before END:VCALENDAR",
        "END:VCALENDAR, line 1: END closes a component that is not open",
        "BEGIN:VCARD~END:VCARD, it has no BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR~END:VEVENT, line 2: END closes a component that is not open"
    })
    void whatIsNoWholeCalendarIsUnreadable(String stream, String why) {
        assertThatThrownBy(() -> ICalendar.read(bytes(stream.replace("~", "\n")), OCTOBER))
                .hasMessage(why);
    }

    @ParameterizedTest
    @CsvSource({
        "TZOFFSETFROM:+9900, line 9: TZOFFSETFROM is not an offset from UTC",
        "TZOFFSETFROM:, line 9: TZOFFSETFROM is not an offset from UTC",
        "X-NONE:, line 8: DTSTART is of a time zone without TZOFFSETFROM"
    })
    void aTimeZoneThatCannotBeUnderstoodMakesTheCalendarUnreadable(String from, String why) {
        assertThatThrownBy(() -> read("""
            BEGIN:VEVENT
            DTSTART;TZID=Odd:20261201T080000
            END:VEVENT
            BEGIN:VTIMEZONE
            TZID:Odd
            BEGIN:STANDARD
            DTSTART:16010101T000000
            %s
            TZOFFSETTO:+0100
            END:STANDARD
            END:VTIMEZONE
            """.formatted(from))).hasMessage(why);
    }

    @Test
    void aHostileCalendarIsRefusedBeforeItCostsMuch() {
        String rule = "RRULE:FREQ=DAILY;COUNT=1000000;BYMONTH=2;BYMONTHDAY=30\n";
        String event = "BEGIN:VEVENT\nDTSTART:00010101T000000Z\n" + rule + "END:VEVENT\n";
        String nested = "BEGIN:VEVENT\n".repeat(100_000);

        assertThatThrownBy(() -> read(event.repeat(4_000))).hasMessageContaining("repeat too often");
        assertThatThrownBy(() -> read("BEGIN:VEVENT\nEND:VEVENT\n".repeat(30_000)))
                .hasMessageContaining("one too many");
        assertThatThrownBy(() -> read(nested)).hasMessageContaining("one too many");
        assertThatThrownBy(() -> read("BEGIN:VEVENT\nDTSTART:20261201T080000Z\nEND:VEVENT\n".repeat(5_001)))
                .hasMessageContaining("more than 5000 events");
        assertThatThrownBy(() -> read("A;".repeat(500_000))).hasMessageContaining("not one of an iCalendar file");
        assertThat(texts(read("BEGIN:VEVENT\nDTSTART:20261201T080000Z\nSUMMARY:" + "x".repeat(1_000_000)
                        + "\u2028\nEND:VEVENT\n")))
                .singleElement()
                .satisfies(line -> assertThat(line).hasSizeLessThan(250));
    }

    private static Optional<FreezeCalendar.Freeze> freeze(Occurrences events, String at) {
        return new FreezeCalendar(ZURICH, List.of(), List.of()).with(events).at(Instant.parse(at));
    }

    private static Occurrences read(String components) {
        return ICalendar.read(bytes("BEGIN:VCALENDAR\n" + components.strip() + "\nEND:VCALENDAR\n"), OCTOBER);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Stream<String> texts(Occurrences found) {
        return Stream.concat(
                        found.fixed().stream().map(period -> period.from() + " " + period.to() + " " + period.reason()),
                        found.local().stream().map(once -> once.from() + " " + once.to() + " " + once.reason()))
                .map(String::strip)
                .sorted();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(ICalendarTest.class.getResourceAsStream(name))) {
            return stream.readAllBytes();
        }
    }
}
