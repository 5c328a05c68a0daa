package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.gate.CheckResult.State;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the verification of staging shows for the checklist of prod's gate. */
class VerifiedSourceTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private final MemoryRepository repository = new MemoryRepository(() -> NOON);
    private final ShopTeam team = new ShopTeam(repository, () -> NOON);
    private String source;

    @BeforeEach
    void deploy() {
        repository.push("main", "Begin", Shop.files());
        source = team.bump("staging", "1.2.0");
        team.healthy("staging", source);
    }

    @Test
    void anItemIsTickedByItsCheckAloneAndByWhatItSaidLast() {
        assertThat(evidence()).isEqualTo(open(State.PENDING, "Smoke tests passed: smoke has not been recorded"));

        verified(1, Deployment.Outcome.VERIFICATION_FAILED, "smoke failed: 500", "smoked passed: 200");
        assertThat(evidence()).isEqualTo(open(State.FAILED, "Smoke tests passed: smoke failed: 500"));

        verified(2, Deployment.Outcome.VERIFIED, "smoke passed: 200");
        assertThat(evidence())
                .isEqualTo(new CheckResult(
                        "checklist",
                        State.PASSED,
                        "1 of 1 shown by checks",
                        null,
                        List.of("Smoke tests passed: smoke passed: 200")));
    }

    private static CheckResult open(State state, String line) {
        return new CheckResult(
                "checklist", state, "not shown by checks: Smoke tests passed (check 'smoke')", null, List.of(line));
    }

    private CheckResult evidence() {
        return VerifiedSource.evidence(
                Map.of("Smoke tests passed", "smoke"), team.ledger().of("shop", "staging").stream());
    }

    private void verified(int attempt, Deployment.Outcome outcome, String... lines) {
        team.notes().verification("shop", "staging", source, attempt, outcome, NOON, List.of(lines), Progress.SILENT);
    }
}
