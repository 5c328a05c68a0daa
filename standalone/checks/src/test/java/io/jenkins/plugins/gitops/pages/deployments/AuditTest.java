package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.pages.CapturedAnswer;
import io.jenkins.plugins.gitops.pages.CsvAnswer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AuditTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    @Test
    void aRowHasACellForEachColumn() {
        Deployment deployment = new Deployment(
                "shop",
                "prod",
                "main",
                "c0ffee",
                NOON,
                "Deploy",
                "Jenkins",
                Map.of("api", ImageReference.parse("ghcr.io/acme/api:1")),
                Trailers.NONE
                        .withAll(Trailers.APPROVED_BY, List.of("rita (qa)", "zoe (qa)"))
                        .with(Trailers.RELEASE_FROM, "staging@1"),
                Deployment.Outcome.VERIFICATION_FAILED,
                NOON,
                null,
                null,
                List.of("smoke passed"),
                List.of(),
                SignatureCheck.Result.UNSIGNED);

        List<Object> row = Audit.row("config", deployment, NOON);

        assertThat(row).hasSameSizeAs(Audit.COLUMNS);
        assertThat(row.get(Audit.COLUMNS.indexOf("outcome"))).isEqualTo("verification-failed");
        assertThat(row.get(Audit.COLUMNS.indexOf("approvedBy"))).isEqualTo(List.of("rita (qa)", "zoe (qa)"));
        assertThat(row.get(Audit.COLUMNS.indexOf("kind"))).isEqualTo("promotion");
    }

    @Test
    void whatPeopleWroteStaysTextInASpreadsheet() throws Exception {
        String table = table("a\"b", "=1+1", " \t@SUM(A1)", "-2", "-x", null, List.of("one", "two, three"), -1.5);

        assertThat(table)
                .isEqualTo("\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\"\r\n"
                        + "\"a\"\"b\",\"'=1+1\",\"' \t@SUM(A1)\",\"-2\",\"'-x\",\"\",\"one\ntwo, three\",\"-1.5\"\r\n");
    }

    private static String table(Object... cells) throws Exception {
        return CapturedAnswer.of(new CsvAnswer(
                        "a.csv", List.of("a", "b", "c", "d", "e", "f", "g", "h"), Stream.of(Arrays.asList(cells))))
                .body();
    }
}
