package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code freezes} at the root of {@code gitops.yaml}. */
class FreezesDeclarationTest {

    private static final String HEAD = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              dev: { kustomization: dev/kustomization.yaml }
              prod: { kustomization: prod/kustomization.yaml }
          billing:
            images: { api: ghcr.io/acme/billing }
            environments:
              prod: { kustomization: billing/kustomization.yaml }
        freezes:
        """;

    @Test
    void aFreezeIsForWhatItNames() {
        Declaration declaration = read("""
              christmas:
                environments: prod
                applications: [shop, bill*]
                timeZone: Europe/Zurich
                deny: { from: 2026-12-20, to: 2027-01-03, reason: Christmas }
              quarter:
                timeZone: UTC
                allow: { days: mon-thu }
            """);

        assertThat(declaration.freezes()).extracting(NamedFreeze::name).containsExactly("christmas", "quarter");
        assertThat(declaration.freezes().get(0).windows())
                .isEqualTo(new FreezeCalendar(
                        ZoneId.of("Europe/Zurich"),
                        List.of(),
                        List.of(new Window.Once(
                                LocalDateTime.parse("2026-12-20T00:00"),
                                LocalDateTime.parse("2027-01-04T00:00"),
                                "Christmas"))));
        assertThat(declaration.freezes("shop", "prod").map(NamedFreeze::name)).containsExactly("christmas", "quarter");
        assertThat(declaration.freezes("billing", "prod").map(NamedFreeze::name))
                .contains("christmas");
        assertThat(declaration.freezes("shop", "dev").map(NamedFreeze::name)).containsExactly("quarter");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        environments: pord, timeZone: UTC, deny: { days: fri } | gitops.yaml:13: the freeze is for 'pord', which no application declares: did you mean 'prod'?
        applications: [shop, sales], timeZone: UTC, deny: { days: fri } | gitops.yaml:13: the freeze is for 'sales', which no application declares: declared are billing, shop
        timeZone: UTC | gitops.yaml:13: the freeze 'one' freezes nothing; add 'deny', 'allow' or 'calendar'
        timeZone: UTC, calendar: "ftp://acme.example/freezes.ics" | gitops.yaml:13: the address of the calendar is not valid; write http:// or https://, without a password
        timeZone: UTC, calendar: "https://anna:s3cret@acme.example/" | gitops.yaml:13: the address of the calendar is not valid; write http:// or https://, without a password
        timeZone: Zurich, deny: { days: fri } | gitops.yaml:13: 'Zurich' is not a time zone; write for example Europe/Zurich or UTC
        deny: { days: fri } | gitops.yaml:13: 'timeZone' is missing in 'freezes.one'
        """)
    void whatIsWrongIsSaidWithItsLine(String freeze, String problem) {
        assertThatThrownBy(() -> read("  one: { " + freeze + " }\n"))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining(problem);
    }

    private static Declaration read(String freezes) {
        return DeclarationReader.read("gitops.yaml", (HEAD + freezes).getBytes(StandardCharsets.UTF_8));
    }
}
