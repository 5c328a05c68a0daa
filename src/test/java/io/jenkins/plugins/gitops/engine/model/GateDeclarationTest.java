package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.freeze.CronExpression;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateDeclarationTest {

    private static final String HEAD = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              eu: { kustomization: eu/kustomization.yaml }
              us: { kustomization: us/kustomization.yaml }
              prod:
                kustomization: prod/kustomization.yaml
        """;

    @Test
    void everyPartOfAGateIsRead() {
        Environment prod = read("""
                    after: { any: [eu, us] }
                    rollback: { objective: critical, hold: none, gate: required }
                    gate:
                      bump: allowed
                      hotfix:
                        approvals: { required: 1, from: [on-call] }
                        skips: [soak, Change ticket]
                        review: 24h
                      approvals:
                        - { required: 2, from: [release-managers] }
                        - { required: 1, from: [qa] }
                      checklist: [Rollback plan documented, { item: Smoke tests passed, check: pipeline }]
                      separationOfDuties: true
                      soak: 30m
                      freeze:
                        timeZone: Europe/Zurich
                        allow: { days: mon-fri, hours: "08:00-17:30" }
                        deny:
                          - { from: 2026-12-20, to: 2027-01-03, reason: Christmas }
                          - { cron: 0 16 * * FRI, lasts: 64h, reason: Weekend }
                          - { days: [sat-mon, wed], hours: "22:00-6:00" }
                      expires: 3d
                      remind: 4h
                      newerRelease: queues
                      checks: { name: Change ticket, url: https://tickets.example.org/check }
            """);

        assertThat(prod.after()).containsExactly("eu", "us");
        assertThat(prod.afterPolicy()).isEqualTo(Environment.AfterPolicy.ANY);
        assertThat(prod.rollback())
                .isEqualTo(new RollbackPolicy(
                        Duration.ofMinutes(15),
                        RollbackPolicy.HoldMode.NONE,
                        RollbackPolicy.AtGate.REQUIRED,
                        RollbackPolicy.Automatic.NOTHING));
        assertThat(prod.gate())
                .contains(new GateDefinition(
                        List.of(new Approvals(2, List.of("release-managers")), new Approvals(1, List.of("qa"))),
                        List.of("Rollback plan documented"),
                        SeparationOfDuties.STARTER_AND_AUTHORS,
                        Duration.ofMinutes(30),
                        new FreezeCalendar(
                                ZoneId.of("Europe/Zurich"),
                                List.of(new Window.Weekly(
                                        EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                                        LocalTime.of(8, 0),
                                        LocalTime.of(17, 30),
                                        "")),
                                List.of(
                                        new Window.Once(
                                                LocalDateTime.parse("2026-12-20T00:00"),
                                                LocalDateTime.parse("2027-01-04T00:00"),
                                                "Christmas"),
                                        new Window.Recurring(
                                                CronExpression.parse("0 16 * * FRI"), Duration.ofHours(64), "Weekend"),
                                        new Window.Weekly(
                                                EnumSet.of(
                                                        DayOfWeek.SATURDAY,
                                                        DayOfWeek.SUNDAY,
                                                        DayOfWeek.MONDAY,
                                                        DayOfWeek.WEDNESDAY),
                                                LocalTime.of(22, 0),
                                                LocalTime.of(6, 0),
                                                ""))),
                        Duration.ofDays(3),
                        Duration.ofHours(4),
                        NewerRelease.QUEUES,
                        List.of(new GateDefinition.HttpCheck("Change ticket", "https://tickets.example.org/check")),
                        GateDefinition.Bumps.ALLOWED,
                        new GateDefinition.Hotfix(
                                List.of(new Approvals(1, List.of("on-call"))),
                                Set.of("soak", "Change ticket"),
                                Duration.ofHours(24)),
                        Map.of("Smoke tests passed", "pipeline"),
                        null,
                        Map.of(),
                        GateDefinition.ApprovedBy.GATE));
    }

    @Test
    void aGateThatSaysLittleHasTheDefaults() {
        Environment prod = read("        after: eu\n        gate: { checklist: [Ready] }\n");

        assertThat(prod.gate()).contains(new GateDefinition(List.of(), List.of("Ready")));
        assertThat(prod.afterPolicy()).isEqualTo(Environment.AfterPolicy.ALL);
        assertThat(prod.rollback()).isEqualTo(RollbackPolicy.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "approvals: { required: 2, from: [qa] } | 2 approvals from qa",
                "approvals: [{ required: 1, from: [qa] }, { required: 1, from: [qa] }] | 2 approvals from qa",
                "approvals: { required: 1, from: [ops] } | 1 approval from ops",
                "checklist: [Ready, Steady] | another checklist",
                "checklist: [Ready, { item: Steady, check: pipeline }] | another checklist",
                "separationOfDuties: true | separation of duties",
                "soak: 1h | a soak of 1 h",
                "freeze: { timeZone: UTC, deny: { days: fri } } | another freeze",
                "checks: { name: x, url: https://a.b/ } | another check"
            })
    void whatALaterDeclarationAsksForBesidesIsFound(String more, String clause) {
        GateDefinition opened = gate("approvals: { required: 1, from: [qa] }, checklist: [Ready], soak: 30m");

        assertThat(opened.misses(gate(more))).contains(clause);
        assertThat(opened.misses(gate("approvals: { required: 1, from: [qa] }")))
                .isEmpty();
    }

    @Test
    void aGateThatWasStoredMissesNothingOfItsOwnDeclaration() {
        String keys = String.join(
                ", ",
                "approvals: { required: 1 }",
                "separationOfDuties: true",
                "soak: 30m",
                "checklist: [Ready, { item: Tested, check: pipeline }]",
                "checks: { name: x, url: https://a.b/ }",
                "freeze: { timeZone: Europe/Zurich, allow: { days: mon-fri, hours: '08:00-17:00' }",
                "deny: [{ from: 2026-12-20, to: 2027-01-03 }, { cron: 0 16 * * FRI, lasts: 64h }] }",
                "hotfix: { approvals: { required: 1 }, skips: [soak], review: 24h }");
        GateDefinition declared = gate(keys);
        GateSubject question = new GateSubject.Question("g", "Go?", Provenance.UNKNOWN);

        GateEvent.Opened stored = (GateEvent.Opened)
                GateJson.read(GateJson.write(new GateEvent.Opened(Instant.EPOCH, question, declared, List.of())));

        assertThat(stored.definition().misses(declared)).isEmpty();
        assertThat(stored.definition()).isEqualTo(declared);
    }

    private static GateDefinition gate(String keys) {
        return read("        gate: { " + keys + " }\n").gate().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gate: { checklist: [{ item: Tested, check: smoke }] } | 'Tested' names the check 'smoke', which no"
                        + " environment before 'prod' declares under 'verify': declared are pipeline",
                "gate: { checklist: [{ item: Tested, check: pipeline }, { item: Tested, check: e2e }] } | 'Tested' is"
                        + " twice on the checklist",
                "gate: { soak: soon } | 'soon' is not a duration; write for example 90s, 15m, 1h 30m or 2d",
                "gate: { soak: 0m } | '0m' is zero; omit the key instead",
                "gate: { expires: 1w } | '1w' is not a duration",
                "gate: { freeze: { timeZone: Mars/Base } } | 'Mars/Base' is not a time zone; write for example"
                        + " Europe/Zurich or UTC",
                "gate: { freeze: { deny: { days: mon } } } | 'timeZone' is missing",
                "gate: { freeze: { timeZone: UTC, deny: { days: moon } } } | 'moon' is not a day; write mon, tue",
                "gate: { freeze: { timeZone: UTC, deny: { hours: always } } } | 'always' is not a range of hours;"
                        + " write for example",
                "gate: { freeze: { timeZone: UTC, deny: { hours: '25:00-26:00' } } } | '25:00' is not a time of day;"
                        + " write 00:00 to 24:00",
                "gate: { freeze: { timeZone: UTC, deny: { cron: 0 16 * * FRI } } } | 'lasts', how long it takes",
                "gate: { freeze: { timeZone: UTC, deny: { cron: 0 16 * FRI, lasts: 1h } } } | '0 16 * FRI' is not a"
                        + " cron expression: write five fields",
                "gate: { freeze: { timeZone: UTC, deny: { cron: 0 16 31 2 *, lasts: 1h } } } | no month has such a day",
                "gate: { freeze: { timeZone: UTC, deny: { cron: 99 16 * * *, lasts: 1h } } } | '99' is not a valid"
                        + " minute; write 0 to 59",
                "gate: { freeze: { timeZone: UTC, deny: { cron: 0 0 * * *, lasts: 40d } } } | lasts 31d at most",
                "gate: { freeze: { timeZone: UTC, deny: { from: 2026-02-30, to: 2026-03-01 } } } | '2026-02-30' is not"
                        + " a date",
                "gate: { freeze: { timeZone: UTC, deny: { from: 2026-03-02, to: 2026-03-01 } } } | the window ends"
                        + " ('to') before it begins ('from')",
                "gate: { freeze: { timeZone: UTC, deny: { from: 2026-03-02, days: mon } } } | a window has either"
                        + " 'days' and 'hours'",
                "gate: { checks: { name: x, url: ftp://example.org } } | the address of the check 'x' is not valid",
                "gate: { checks: [{ name: x, url: http://a.b/ }, { name: x, url: http://a.b/ }] } | the check 'x'"
                        + " comes twice",
                "rollback: { objective: quick } | 'quick' is not a duration",
                "after: { any: [asia] } | comes after 'asia', which 'shop' does not declare",
                "gate: { hotfix: { skips: [soak] } } | 'approvals' is missing",
                "gate: { hotfix: { approvals: { required: 1 }, skips: [soack] } } | a hotfix cannot skip 'soack';"
                        + " choose from checklist, freeze, hold, registry, review, soak, source",
                "gate: { hotfix: { approvals: { required: 1 }, skips: [turn] } } | a hotfix cannot skip 'turn'",
                "gate: { hotfix: { approvals: { required: 1 }, review: later } } | 'later' is not a duration",
                "gate: { bump: yes } | does not have a value in the enumeration",
                "rollback: { gate: never } | does not have a value in the enumeration",
                "gate: { soack: 1m } | 'soack' is not known"
            })
    void everyMistakeIsSaidWithItsLine(String yaml, String problem) {
        assertThatThrownBy(() -> read("        " + yaml + "\n"))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageStartingWith("gitops.yaml:10: ")
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "approvals",
                "checklist",
                "Freeze",
                "hold",
                "lock",
                "registry",
                "review",
                "soak",
                "' source'",
                "target",
                "turn"
            })
    void noCheckHasTheNameOfABuiltInRequirement(String name) {
        assertThatThrownBy(() -> read("        gate: { checks: { name: " + name + ", url: https://a.b/ } }\n"))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageStartingWith("gitops.yaml:10: ")
                .hasMessageContaining("has the name of a built-in requirement; rename it");
    }

    private static Environment read(String tail) {
        return DeclarationReader.read("gitops.yaml", (HEAD + tail).getBytes(StandardCharsets.UTF_8))
                .application("shop")
                .environment("prod");
    }
}
