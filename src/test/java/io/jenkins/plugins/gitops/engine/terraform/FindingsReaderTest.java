package io.jenkins.plugins.gitops.engine.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Finished;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scanners found, and whether a gate allows as much. */
class FindingsReaderTest {

    @Test
    void sarifHasTheSeverityOfItsRuleOrLevelAndNothingThatIsSuppressedOrPassed() throws IOException {
        Finished found = read("checkov.sarif");

        assertThat(FindingsRequirement.summary(found)).isEqualTo("1 critical, 1 high, 1 medium, 1 low");
        assertThat(FindingsRequirement.details(found))
                .containsExactly(
                        "CKV_AWS_16 (critical, db.tf:12)",
                        "CKV_AWS_18 (high, s3.tf:3)",
                        "CKV_AWS_21 (medium)",
                        "CKV_AWS_99 (low)");
    }

    @Test
    void checkovsJsonCountsWhatItDoesNotRateAsHigh() throws IOException {
        assertThat(FindingsRequirement.details(read("checkov.json")))
                .containsExactly("CKV_AWS_16 (high, db.tf:12)", "CKV_AWS_20 (low, s3.tf:1)");
    }

    @Test
    void trivysJsonHasMisconfigurationsVulnerabilitiesAndSecrets() throws IOException {
        assertThat(FindingsRequirement.details(read("trivy.json")))
                .containsExactly(
                        "CVE-2026-1234 (critical, provider 1.2.3)",
                        "AVD-AWS-0086 (high, main.tf:4)",
                        "aws-access-key-id (high, .terraform.lock.hcl:7)");
    }

    @Test
    void severalFilesAddUp() throws IOException {
        assertThat(FindingsRequirement.summary(read("checkov.sarif", "trivy.json")))
                .isEqualTo("2 critical, 3 high, 1 medium, 1 low");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5, FAILED, '1 critical, allowed are 0'",
        "1, 0, FAILED, '2 high, allowed are 0'",
        "0, 0, FAILED, '1 critical, allowed are 0; 2 high, allowed are 0'",
        "1, 2, PASSED, '1 critical, 2 high'"
    })
    void aLimitIsHowManyThereMayBe(int critical, int high, CheckResult.State state, String reason) throws IOException {
        CheckResult result = FindingsRequirement.of(
                        Optional.of(read("trivy.json")), Map.of("critical", critical, "high", high))
                .orElseThrow();

        assertThat(result.state()).isEqualTo(state);
        assertThat(result.reason()).isEqualTo(reason);
        assertThat(result.details()).hasSize(3);
    }

    @Test
    void aLimitWithoutFindingsIsNotMetAndNoLimitNeedsNone() {
        assertThat(FindingsRequirement.of(Optional.empty(), Map.of("high", 0)))
                .map(CheckResult::state)
                .contains(CheckResult.State.FAILED);
        assertThat(FindingsRequirement.of(Optional.empty(), Map.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "{}", "[]", "{\"Results\":1}", "[{\"id\":1}]"})
    void aFileOfAnotherFormatIsRefusedRatherThanReadAsNoFindings(String text) {
        assertThatThrownBy(() -> new FindingsReader()
                        .add("scan.json", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(PlanException.class)
                .hasMessage(
                        "scan.json has no findings that can be read: write SARIF, or the JSON of trivy or checkov, with"
                                + " at most 8 MiB.");
    }

    private static Finished read(String... files) throws IOException {
        FindingsReader reader = new FindingsReader();
        for (String file : files) {
            try (InputStream report = FindingsReaderTest.class.getResourceAsStream("findings/" + file)) {
                reader.add(file, Objects.requireNonNull(report, file));
            }
        }
        return reader.findings();
    }
}
