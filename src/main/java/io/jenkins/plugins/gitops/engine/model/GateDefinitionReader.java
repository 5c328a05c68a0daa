package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;

/** Reads the {@code gate} of an environment from a document that satisfies the schema. */
final class GateDefinitionReader {

    private GateDefinitionReader() {}

    @NonNull
    static GateDefinition read(@NonNull JsonNode gate) {
        return new GateDefinition(
                DeclarationReader.many(gate.path("approvals"))
                        .map(approvals -> new GateDefinition.Approvals(
                                approvals.get("required").asInt(), DeclarationReader.strings(approvals.path("from"))))
                        .toList(),
                DeclarationReader.strings(gate.path("checklist")));
    }
}
