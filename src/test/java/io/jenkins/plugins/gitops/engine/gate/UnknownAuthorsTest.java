package io.jenkins.plugins.gitops.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A gate whose authors are not all known. */
class UnknownAuthorsTest {

    private static final Provenance FIRST_BUILD = new Provenance(
            null, "anna", null, List.of("dora"), null, null, List.of("anna", "kim"), "first build", null);

    private static final GateDefinition ONE = with(SeparationOfDuties.STARTER_AND_AUTHORS);

    private static GateDefinition with(SeparationOfDuties separation) {
        GateDefinition one = Gates.definition(List.of(new Approvals(1, List.of("qa"))));
        return Gates.with(one, separation, one.freeze(), Duration.ofDays(3), Duration.ofHours(4));
    }

    private static Gate open(GateDefinition definition) {
        return Gate.of(List.of(new GateEvent.Opened(
                Gates.NOON, new GateSubject.Question("gate-1", "Go on?", FIRST_BUILD), definition, List.of())));
    }

    private static GateDecisions.Decision click(Person person) {
        return new GateDecisions.Decision("click-of-" + person.id(), person, Gates.NOON);
    }

    private static Requirement separation(Gate gate) {
        return Requirement.of(gate, Map.of(), Gates.NOON).stream()
                .filter(requirement -> requirement.id().equals(Gate.SEPARATION))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theRequirementSaysSoAndAsksForSomebodyElse() {
        assertThat(separation(open(ONE)))
                .isEqualTo(new Requirement(
                        Gate.SEPARATION,
                        Requirement.State.PENDING,
                        "not all authors of the change are known (first build): somebody must approve who is not one of"
                                + " dora, anna, kim, or override 'separation'",
                        null));
    }

    @Test
    void noneOfThoseKnownMayApproveAndAnybodyElseMeetsIt() {
        Gate gate = open(ONE);
        for (String known : List.of("dora", "anna", "kim")) {
            assertThatThrownBy(() -> GateDecisions.approve(gate, click(Gates.approver(known, "qa")), ""))
                    .hasMessageEndingWith("another person must approve it.");
        }

        Gate approved = gate.with(GateDecisions.approve(gate, click(Gates.approver("emil", "qa")), ""));

        assertThat(separation(approved).state()).isEqualTo(Requirement.State.MET);
        assertThat(separation(approved).reason()).endsWith("emil is not one of those known");
        assertThat(GateDecisions.settle(approved, Map.of(), Gates.NOON)).hasOnlyElementsOfType(GateEvent.Granted.class);
    }

    @Test
    void overridingTheApprovalsAloneLeavesIt() {
        Gate gate = open(ONE);
        Gate half = gate.with(
                GateDecisions.override(gate, click(Gates.boss("zoe")), "prod is down", Set.of(Gate.APPROVALS)));
        assertThat(GateDecisions.settle(half, Map.of(), Gates.NOON)).isEmpty();

        Gate both = half.with(GateDecisions.override(
                half,
                new GateDecisions.Decision("again", Gates.boss("zoe"), Gates.NOON),
                "prod is down",
                Set.of(Gate.SEPARATION)));

        assertThat(GateDecisions.settle(both, Map.of(), Gates.NOON)).hasOnlyElementsOfType(GateEvent.Granted.class);
    }

    @Test
    void withoutSeparationOfDutiesNobodyAsks() {
        Gate gate = open(with(SeparationOfDuties.NONE));

        assertThat(Requirement.of(gate, Map.of(), Gates.NOON))
                .extracting(Requirement::id)
                .doesNotContain(Gate.SEPARATION);
    }

    @Test
    void aGateOfAnEarlierVersionHasItsStarterAlone() {
        String stored = GateJson.write(open(ONE).last())
                .replaceAll(",\"starters\":\\[[^]]*\\]", "")
                .replaceAll(",\"authorsUnknown\":\"[^\"]*\"", "");

        GateSubject subject = ((GateEvent.Opened) GateJson.read(stored)).subject();

        assertThat(subject.starters()).containsExactly("anna");
        assertThat(subject.authorsUnknown()).isNull();
    }
}
