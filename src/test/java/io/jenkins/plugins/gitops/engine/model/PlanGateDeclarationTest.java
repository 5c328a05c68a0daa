package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a gate asks for a plan of Terraform: {@code destroy} and {@code findings}. */
class PlanGateDeclarationTest {

    private static final Approvals MANAGER = new Approvals(1, List.of("managers"));

    @Test
    void itAsksForAsManyInAllWhereSuchATypeIsDestroyed() {
        GateDefinition gate = gate("{ of: [aws_db_*, aws_s3_bucket], approvals: 3 }");

        assertThat(gate.forPlan(Set.of("aws_db_instance")).approvals())
                .containsExactly(MANAGER, new Approvals(2, List.of()));
        assertThat(gate.forPlan(Set.of("aws_s3_bucket_acl", "aws_instance")).approvals())
                .containsExactly(MANAGER);
        assertThat(gate.forPlan(Set.of()).approvals()).containsExactly(MANAGER);
    }

    @Test
    void withoutTypesItIsForAllOfThem() {
        assertThat(gate("{ approvals: 2 }").forPlan(Set.of("aws_instance")).approvals())
                .containsExactly(MANAGER, new Approvals(1, List.of()));
        assertThat(gate("{ approvals: 2 }").forPlan(Set.of()).approvals()).containsExactly(MANAGER);
    }

    @Test
    void whatTheGateAsksForAnywayIsEnough() {
        assertThat(gate("{ approvals: 1 }").forPlan(Set.of("aws_instance")).approvals())
                .containsExactly(MANAGER);
    }

    @Test
    void thoseWhoAreNamedApproveBesides() {
        assertThat(gate("{ approvals: 1, from: [dba] }")
                        .forPlan(Set.of("aws_db_instance"))
                        .approvals())
                .containsExactly(MANAGER, new Approvals(1, List.of("dba")));
    }

    @Test
    void aGateThatDeclaresNoneAsksForNoMore() {
        GateDefinition gate = read("gate: { approvals: { required: 1, from: [managers] } }");

        assertThat(gate.forPlan(Set.of("aws_db_instance")).approvals()).containsExactly(MANAGER);
    }

    @ParameterizedTest
    @CsvSource({
        "'{ of: aws_db_* }', 'is missing in'",
        "'{ approvals: 0 }', 'destroy.approvals'",
        "'{ approvals: 2, types: aws_db_* }', '''types'' is not known in'",
        "'{ approvals: 2, of: [] }', 'destroy.of'"
    })
    void aMistakeIsNamed(String destroy, String problem) {
        assertThatThrownBy(() -> gate(destroy))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageStartingWith("gitops.yaml:8: ")
                .hasMessageContaining(problem);
    }

    @Test
    void limitsOfFindingsAreBySeverity() {
        assertThat(read("gate: { findings: { critical: 0, medium: 5 } }").findings())
                .containsExactly(Map.entry("critical", 0), Map.entry("medium", 5));
        assertThat(read("gate: { approvals: { required: 1 } }").findings()).isEmpty();
        assertThatThrownBy(() -> read("gate: { findings: { severe: 0 } }"))
                .hasMessageContaining("'severe' is not known in")
                .hasMessageContaining("critical");
    }

    private static GateDefinition gate(String destroy) {
        return read("gate: { approvals: { required: 1, from: [managers] }, destroy: " + destroy + " }");
    }

    private static GateDefinition read(String gate) {
        String text = """
            version: 1
            applications:
              shop:
                images: { api: ghcr.io/acme/shop-api }
                environments:
                  prod:
                    kustomization: envs/prod/kustomization.yaml
                    %s
            """.formatted(gate);
        return DeclarationReader.read("gitops.yaml", text.getBytes(StandardCharsets.UTF_8))
                .application("shop")
                .environment("prod")
                .gate()
                .orElseThrow();
    }
}
