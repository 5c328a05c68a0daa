package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A rollback of shop/prod that waits at the gate. */
class GatedRollbackTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private final MemoryRepository repository = new MemoryRepository(() -> NOON);
    private final ShopTeam team = new ShopTeam(repository, () -> NOON);

    @Test
    void nothingComesBackButWhatTheGateDecidedAbout() {
        repository.push("main", "Begin", Shop.files());
        team.healthy("prod", team.bump("prod", "1.1.0"));
        String later = team.bump("prod", "1.2.0");
        team.bump("prod", "1.3.0");
        repository.push("main", "Guard rollbacks", Map.of("gitops.yaml", Shop.DECLARATION + """
                    gate: { approvals: { required: 1 } }
                    rollback: { gate: required }
            """));
        Rollback.Request request = team.rollback("prod", RollbackTo.previousHealthy(), Optional.empty());
        Rollback.Plan plan = team.rollback().plan(request, Progress.SILENT);
        assertThat(plan.waitsAtGate()).isTrue();
        Gate gate = Gate.of(List.of(
                new GateEvent.Opened(
                        NOON,
                        team.rollback().subject(plan, "https://git.example.org/c", Progress.SILENT),
                        Gates.definition(List.of()),
                        List.of()),
                new GateEvent.Granted(NOON, List.of("bob"))));

        // Meanwhile a late note says that the release between the two was healthy as well.
        team.healthy("prod", later);
        Rollback.Plan now = team.rollback().plan(request, Progress.SILENT);

        assertThatThrownBy(() -> now.grantedBy(gate))
                .isInstanceOf(RefusedException.class)
                .hasMessage("shop/prod would go back to api 1.2.0, worker 1.0.0 by now, and its gate decided about api"
                        + " 1.1.0, worker 1.0.0: roll back again, and name the commit to go back to.");
    }
}
