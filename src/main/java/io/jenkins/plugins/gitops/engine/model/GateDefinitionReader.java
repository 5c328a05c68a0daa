package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.freeze.FreezeCalendar;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.NewerRelease;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.SeparationOfDuties;
import java.time.Duration;

/** Reads the {@code gate} and the {@code rollback} of an environment from a document that satisfies schema and rules. */
final class GateDefinitionReader {

    private GateDefinitionReader() {}

    @NonNull
    static GateDefinition read(@NonNull JsonNode gate) {
        return new GateDefinition(
                DeclarationReader.many(gate.path("approvals"))
                        .map(approvals -> new GateDefinition.Approvals(
                                approvals.get("required").asInt(), DeclarationReader.strings(approvals.path("from"))))
                        .toList(),
                DeclarationReader.strings(gate.path("checklist")),
                gate.path("separationOfDuties").asBoolean()
                        ? SeparationOfDuties.STARTER_AND_AUTHORS
                        : SeparationOfDuties.NONE,
                gate.has("soak") ? GateSyntax.duration(gate.get("soak").asText()) : Duration.ZERO,
                gate.has("freeze") ? freeze(gate.get("freeze")) : FreezeCalendar.ALWAYS_OPEN,
                gate.has("expires") ? GateSyntax.duration(gate.get("expires").asText()) : null,
                gate.has("remind") ? GateSyntax.duration(gate.get("remind").asText()) : null,
                gate.path("newerRelease").asText().equals("queues") ? NewerRelease.QUEUES : NewerRelease.SUPERSEDES,
                DeclarationReader.many(gate.path("checks"))
                        .map(check -> new GateDefinition.HttpCheck(
                                check.get("name").asText(), check.get("url").asText()))
                        .toList());
    }

    private static FreezeCalendar freeze(JsonNode freeze) {
        return new FreezeCalendar(
                GateSyntax.zone(freeze.get("timeZone").asText()),
                DeclarationReader.many(freeze.path("allow"))
                        .map(GateSyntax::window)
                        .toList(),
                DeclarationReader.many(freeze.path("deny"))
                        .map(GateSyntax::window)
                        .toList());
    }

    /** @param rollback may be missing */
    @NonNull
    static RollbackPolicy rollback(@NonNull JsonNode rollback) {
        return new RollbackPolicy(
                rollback.has("objective")
                        ? GateSyntax.objective(rollback.get("objective").asText())
                        : RollbackPolicy.MAJOR,
                rollback.path("hold").asText().equals("none")
                        ? RollbackPolicy.Hold.NONE
                        : RollbackPolicy.Hold.UNTIL_LIFTED);
    }
}
