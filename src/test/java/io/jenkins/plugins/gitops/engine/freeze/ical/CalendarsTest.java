package io.jenkins.plugins.gitops.engine.freeze.ical;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar.Freeze;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calendars that are read over HTTP, from a real server on loopback. */
class CalendarsTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

    private static final Freeze AUDIT = new Freeze(NOON.plus(Duration.ofHours(1)), "Audit");

    @TempDir
    private Path folder;

    private volatile Instant now = NOON;
    private CalendarServer server;
    private FreezeCalendar freeze;
    private Calendars calendars;

    @BeforeEach
    void start() throws IOException {
        server = new CalendarServer();
        freeze = new FreezeCalendar(ZoneOffset.UTC, List.of(), List.of(), server.address());
        calendars = server.calendars(folder, () -> now);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anEventFreezesWhileItTakesPlace() {
        assertThat(reading()).isEqualTo(new Calendars.Reading(Optional.of(AUDIT), Optional.empty()));

        now = NOON.plus(Duration.ofHours(1));
        assertThat(reading()).isEqualTo(new Calendars.Reading(Optional.empty(), Optional.empty()));
    }

    @Test
    void whoeverDoesNotWaitIsToldThatItHasNotBeenReadYet() {
        assertThat(calendars.at(freeze, now).freeze())
                .contains(new Freeze(null, "the calendar at 127.0.0.1 has not been read yet"));

        calendars.read(Stream.of(freeze)).join();
        assertThat(calendars.at(freeze, now).freeze()).contains(AUDIT);
    }

    @Test
    void fiveHundredGatesAskOnceInAnInterval() {
        CompletableFuture<?>[] all = IntStream.range(0, 500)
                .mapToObj(gate -> calendars.read(Stream.of(freeze, freeze)))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        now = NOON.plus(Calendars.INTERVAL).minusMillis(1);
        reading();
        assertThat(server.requests()).containsExactly("GET /private-s3cret/basic.ics");

        server.answer(200, CalendarServer.event("20261201T110000Z", "20261201T150000Z", "Longer"));
        now = NOON.plus(Calendars.INTERVAL);
        assertThat(reading().freeze()).contains(new Freeze(Instant.parse("2026-12-01T15:00:00Z"), "Longer"));
        assertThat(server.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        404 | gone | it answered with status 404
        302 | '' | it answered with status 302
        200 | <html>Sign in</html> | its response is not a readable calendar (line 1 is not one of an iCalendar file)
        """)
    void withoutACopyEverythingIsFrozenAndTheReasonIsSaid(int status, String body, String why) {
        server.answer(status, body);

        assertThat(reading())
                .isEqualTo(new Calendars.Reading(
                        Optional.of(new Freeze(
                                null,
                                "the calendar at 127.0.0.1 could not be read yet, because " + why
                                        + ": mend it, or correct its address in gitops.yaml")),
                        Optional.empty()));
    }

    @Test
    void theLastGoodCopyCountsAndItsAgeIsTold() {
        reading();
        server.answer(500, "");
        now = NOON.plus(Calendars.INTERVAL);

        assertThat(reading())
                .isEqualTo(new Calendars.Reading(
                        Optional.of(AUDIT),
                        Optional.of("the calendar at 127.0.0.1 is that of 2026-12-01T12:00:00Z, because it answered"
                                + " with status 500")));

        server.answer(200, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n");
        now = now.plus(Calendars.AFTER_FAILURE);
        assertThat(reading().freeze()).contains(AUDIT);
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void theLastGoodCopyOutlivesARestartAndAYear() {
        server.answer(200, CalendarServer.NOON.replace("SUMMARY", "RRULE:FREQ=YEARLY\r\nSUMMARY"));
        reading();
        server.stop();
        calendars = server.calendars(folder, () -> now);

        now = NOON.plus(Duration.ofDays(3));
        assertThat(reading().freeze()).isEmpty();
        now = Instant.parse("2028-12-01T12:30:00Z");
        assertThat(reading().freeze().map(Freeze::until)).contains(Instant.parse("2028-12-01T13:00:00Z"));
        assertThat(reading().remark())
                .hasValueSatisfying(remark -> assertThat(remark)
                        .startsWith("the calendar at 127.0.0.1 is that of 2026-12-01T12:00:00Z, because "));
    }

    @Test
    void theFileOfACopyDoesNotNameTheAddress() throws IOException {
        reading();

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .singleElement()
                    .satisfies(name -> assertThat(name).matches("[0-9a-f]{64}\\.ics"));
        }
    }

    @Test
    void anAnswerWithoutEndIsBrokenOff() {
        server.answer(200, "BEGIN:VCALENDAR\r\n" + "X-A:b\r\n".repeat(400_000) + "END:VCALENDAR\r\n");

        assertThat(reading().freeze().map(Freeze::reason))
                .hasValueSatisfying(reason -> assertThat(reason).contains("because more than 2097152 bytes"));
    }

    @Test
    void anAddressThatNobodyAllowsIsNotContacted() {
        calendars = new Calendars(
                HttpClients.DEFAULT,
                address -> Optional.of(address.getHost() + " is not among the allowed hosts"),
                Runnable::run,
                new CalendarCache(folder),
                () -> now);

        assertThat(reading().freeze().map(Freeze::reason))
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains("because 127.0.0.1 is not among the allowed hosts: mend it"));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void windowsAndTheCalendarHoldTogether() {
        FreezeCalendar both = new FreezeCalendar(
                ZoneOffset.UTC,
                List.of(),
                List.of(new Window.Once(
                        LocalDateTime.parse("2026-12-01T13:00"), LocalDateTime.parse("2026-12-01T14:00"), "move")),
                server.address());
        calendars.read(Stream.of(both)).join();

        assertThat(calendars.at(both, now).freeze())
                .contains(new Freeze(Instant.parse("2026-12-01T14:00:00Z"), "Audit"));
    }

    private Calendars.Reading reading() {
        calendars.read(Stream.of(freeze)).join();
        return calendars.at(freeze, now);
    }
}
