package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsView.DeploymentView;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsView.EnvironmentView;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsView.LiveView;
import io.jenkins.plugins.gitops.pages.deployments.DeploymentsView.SourceView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverviewCellTest {

    private static final Instant AT = Instant.parse("2026-01-05T06:00:00Z");

    private static EnvironmentView environment(
            String name, Map<String, String> images, List<SourceView> after, String outcome, Instant at) {
        return new EnvironmentView(
                name,
                after,
                false,
                new LiveView("Synced", "Healthy", "", null, null, null),
                null,
                List.of("held back"),
                List.of(),
                "Christmas",
                null,
                null,
                List.of(),
                1,
                new DeploymentView(
                        "0123456789012345678901234567890123456789",
                        at.toString(),
                        "BUMP",
                        outcome,
                        images,
                        List.of("ada"),
                        false,
                        List.of(),
                        null,
                        null,
                        false,
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        "unsigned",
                        null),
                images,
                null,
                false,
                null,
                null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ghcr.io/acme/shop:1.2.3                                         | 1.2.3
        localhost:5000/shop:1.2.3                                       | 1.2.3
        ghcr.io/acme/shop:1.2.3@sha256:%1$s%1$s                         | 1.2.3
        ghcr.io/acme/shop@sha256:%1$s%1$s                               | 0123456789ab
        ghcr.io/acme/shop:%1$s01234567                                  | 0123456789ab
        v1.4.0                                                          | v1.4.0
        """)
    void aVersionIsAsShortAsItCanBeTold(String reference, String version) {
        String whole = reference.formatted("0123456789abcdef0123456789abcdef");

        assertThat(OverviewCell.of(environment("dev", Map.of("api", whole), List.of(), "HEALTHY", AT))
                        .version())
                .isEqualTo(version);
    }

    @Test
    void whatIsNotAsItShouldBeIsInTheCell() {
        OverviewCell cell = OverviewCell.of(environment(
                "prod",
                Map.of("api", "a/api:1", "worker", "a/worker:1"),
                List.of(new SourceView("dev", List.of()), new SourceView("staging", null)),
                "FAILED",
                AT));

        assertThat(cell)
                .isEqualTo(new OverviewCell(
                        "prod", "1", AT.toString(), "Healthy", "Synced", true, null, List.of("frozen", "held"), false));
    }

    @Test
    void aThousandApplicationsInFiveEnvironmentsAreLessThan150KilobytesCompressed() throws IOException {
        Random random = new Random(19);
        List<Object> applications = new ArrayList<>();
        for (int application = 0; application < 1000; application++) {
            List<OverviewCell> cells = new ArrayList<>();
            for (String name : List.of("dev", "test", "staging", "prod-eu", "prod-us")) {
                String tag = String.format("v%d.%d.%d", random.nextInt(9), random.nextInt(40), random.nextInt(40));
                Instant at = AT.plusSeconds(random.nextInt(30_000_000));
                cells.add(OverviewCell.of(
                        environment(name, Map.of("api", "ghcr.io/acme/api:" + tag), List.of(), "HEALTHY", at)));
            }
            String job = "team-" + application % 30 + "/app-" + application;
            applications.add(Map.of(
                    "id",
                    UUID.nameUUIDFromBytes(job.getBytes(StandardCharsets.UTF_8)),
                    "name",
                    "app-" + application,
                    "repository",
                    "config",
                    "pages",
                    List.of(Map.of("job", job, "url", "job/" + job.replace("/", "/job/") + "/gitops/")),
                    "environments",
                    cells));
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(GateJson.text(applications).getBytes(StandardCharsets.UTF_8));
        }

        assertThat(packed.size()).isLessThan(150_000);
    }
}
