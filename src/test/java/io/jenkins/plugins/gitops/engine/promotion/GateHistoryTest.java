package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.gate.Gate;
import io.jenkins.plugins.gitops.engine.gate.GateEvent;
import io.jenkins.plugins.gitops.engine.gate.GateMessages;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.gate.GateSubject.CommitSummary;
import io.jenkins.plugins.gitops.engine.gate.Gates;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit that changes a gate and comes through it is shown as such. */
class GateHistoryTest {

    private Instant now = Gates.NOON;
    private final MemoryRepository repository = new MemoryRepository(() -> now);
    private final ShopTeam team = new ShopTeam(repository, () -> now);

    @BeforeEach
    void deploy() {
        repository.push("main", "Begin", Shop.files());
        declare("Guard prod", "approvals: { required: 2 }");
        String live = team.bump("staging", "1.1.0");
        repository.push("main", "Open prod", Map.of("gitops.yaml", Shop.DECLARATION));
        team.promote("prod", live, Optional.empty());
    }

    @Test
    void aCommitThatChangesTheGateAfterTheLastDeploymentIsNamedOnPageAndInTheLog() {
        declare("Guard prod again", "approvals: { required: 2 }");
        String loosened = declare("Loosen prod", "approvals: { required: 1 }");
        repository.push("main", "Say more", Map.of("README", "x"));

        GateSubject.Promotion subject = plan();

        assertThat(subject.gateChanges())
                .extracting(CommitSummary::subject)
                .containsExactly("Loosen prod", "Guard prod again");
        Gate gate = Gate.of(List.of(new GateEvent.Opened(now, subject, Gates.definition(List.of()), List.of())));
        assertThat(GateMessages.explain(gate, Map.of(), now))
                .contains(" Commit " + CommitInfo.abbreviate(loosened)
                        + " (Loosen prod) by A person changed this gate since shop/prod was deployed last.");
    }

    @Test
    void aCommitThatChangesSomethingElseInTheDeclarationIsNot() {
        declare("Guard prod", "approvals: { required: 2 }");
        team.promote("prod", team.bump("staging", "1.2.0"), Optional.of(granted()));
        repository.push(
                "main",
                "Rename an image",
                Map.of(
                        "gitops.yaml",
                        "# A comment\n" + Shop.DECLARATION + "        gate: { approvals: { required: 2 } }\n"));

        assertThat(plan().gateChanges()).isEmpty();
    }

    @Test
    void aDeclarationThatCannotBeReadMeanwhileIsAChange() {
        declare("Guard prod", "approvals: { required: 2 }");
        team.promote("prod", team.bump("staging", "1.2.0"), Optional.of(granted()));
        repository.push("main", "Break it", Map.of("gitops.yaml", "version: ["));
        declare("Mend it", "approvals: { required: 2 }");

        assertThat(plan().gateChanges()).extracting(CommitSummary::subject).containsExactly("Mend it", "Break it");
    }

    private GateSubject.Promotion plan() {
        String live = team.bump("staging", "1.3.0");
        return team.promotion("prod", target -> new Liveness.State.Healthy(live, null))
                .subject();
    }

    private Gate granted() {
        return Gate.of(List.of(
                new GateEvent.Opened(
                        now,
                        Gates.subject("anna"),
                        new GateDefinition(List.of(new Approvals(2, List.of())), List.of()),
                        List.of()),
                new GateEvent.Granted(now, List.of())));
    }

    private String declare(String message, String gate) {
        return repository.push(
                "main", message, Map.of("gitops.yaml", Shop.DECLARATION + "        gate: { " + gate + " }\n"));
    }
}
