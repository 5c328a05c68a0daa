package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.ical.CalendarServer;
import io.jenkins.plugins.gitops.engine.freeze.ical.Calendars;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.model.Declaration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the calendar of a freeze stops: with a gate and without one, and on the page that does not wait for it. */
class CalendarStopsTest {

    private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

    private static final String OR_A_GATE =
            ", or give it a gate, where somebody with the permission GitOps/Override can decide otherwise.";

    @TempDir
    private Path folder;

    private volatile Instant now = NOON;
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private CalendarServer server;
    private Stops stops;
    private ShopTeam team;

    @BeforeEach
    void start() throws IOException {
        server = new CalendarServer();
        Calendars calendars = server.calendars(folder, () -> now);
        stops = new Stops(() -> now, () -> calendars);
        team = new ShopTeam(repository, () -> now, stops);
        repository.push("main", "Begin", Shop.files());
        repository.push("main", "Freeze", Map.of("gitops.yaml", Shop.DECLARATION + """
            freezes:
              audits:
                environments: [prod, stag*]
                timeZone: Europe/Zurich
                calendar: %s
            """.formatted(server.address())));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aBumpWaitsForTheFirstReadingAndIsRefusedDuringAnEvent() {
        assertThatThrownBy(() -> team.bump("prod", "1.1.0"))
                .isInstanceOf(StoppedException.class)
                .hasMessage("shop/prod is frozen by 'audits': Audit, until 2026-12-01T13:00:00Z; wait until then"
                        + OR_A_GATE);
        assertThat(team.bump("dev", "1.1.0")).isNotEmpty();

        now = Instant.parse("2026-12-01T13:00:00Z");
        assertThat(team.bump("prod", "1.1.0")).isNotEmpty();
    }

    @Test
    void aPromotionIsRefusedDuringAnEventAndARollbackPasses() {
        now = NOON.minusSeconds(1);
        team.healthy("prod", team.bump("prod", "1.1.0"));
        team.bump("prod", "1.2.0");
        String live = team.bump("dev", "1.3.0");
        now = NOON;

        assertThatThrownBy(() -> team.promote("staging", live, Optional.empty()))
                .isInstanceOf(StoppedException.class)
                .hasMessageStartingWith("shop/staging is frozen by 'audits': Audit, until ");
        assertThat(team.rollBack("prod", RollbackTo.previousHealthy())).isNotEmpty();
    }

    @Test
    void aCalendarThatNobodyCouldEverReadStopsWhatItIsFor() {
        server.answer(503, "");

        assertThatThrownBy(() -> team.bump("prod", "1.1.0"))
                .isInstanceOf(StoppedException.class)
                .hasMessage(
                        "shop/prod is frozen by 'audits': the calendar at 127.0.0.1 could not be read yet, because it"
                                + " answered with status 503: mend it, or correct its address in gitops.yaml; wait"
                                + OR_A_GATE);
    }

    @Test
    void theFreezeOfAGateWaitsForTheCalendarAndNamesIt() {
        assertThat(gate(FreezeCalendar.ALWAYS_OPEN))
                .isEqualTo(CheckResult.pending("freeze", "frozen by 'audits': Audit", NOON.plusSeconds(3600)));
    }

    @Test
    void theCalendarOfTheGateItselfCountsToo() {
        FreezeCalendar own = new FreezeCalendar(
                ZoneOffset.UTC, List.of(), List.of(), server.address().resolve("/own.ics"));
        server.answer(200, CalendarServer.event("20261201T100000Z", "20261201T140000Z", "Fair"));

        CheckResult dev = stops.freeze(declaration(), "shop", "dev", own, now)
                .toCompletableFuture()
                .join();

        assertThat(dev).isEqualTo(CheckResult.pending("freeze", "frozen: Fair", NOON.plusSeconds(7200)));
        assertThat(server.requests()).containsExactly("GET /own.ics");
    }

    @Test
    void aRequirementThatHoldsByAnOldCopySaysSo() {
        gate(FreezeCalendar.ALWAYS_OPEN);
        server.answer(503, "");
        now = Instant.parse("2026-12-01T14:00:00Z");

        assertThat(gate(FreezeCalendar.ALWAYS_OPEN))
                .isEqualTo(CheckResult.passed(
                        "freeze",
                        "promotions are allowed now; the calendar at 127.0.0.1 is that of 2026-12-01T12:00:00Z,"
                                + " because it answered with status 503"));
        assertThat(stops.calendarProblem(declaration(), "shop", "prod", now))
                .contains("the calendar at 127.0.0.1 is that of 2026-12-01T12:00:00Z, because it answered with"
                        + " status 503");
        assertThat(stops.calendarProblem(declaration(), "shop", "dev", now)).isEmpty();
    }

    @Test
    void whatDoesNotWaitShowsAFreezeUntilTheCalendarIsRead() {
        assertThat(stops.freeze(declaration(), "shop", "prod", now).reason())
                .isEqualTo("frozen by 'audits': the calendar at 127.0.0.1 has not been read yet");
    }

    private CheckResult gate(FreezeCalendar own) {
        return stops.freeze(declaration(), "shop", "prod", own, now)
                .toCompletableFuture()
                .join();
    }

    private Declaration declaration() {
        return Declarations.read(repository.tip("main", Progress.SILENT), "main");
    }
}
