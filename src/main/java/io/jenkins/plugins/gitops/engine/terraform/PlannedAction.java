package io.jenkins.plugins.gitops.engine.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an item of {@code resource_changes} does. */
final class PlannedAction {

    private PlannedAction() {}

    /** Empty where it does nothing, or only reads data. */
    static Optional<PlanAction> of(JsonNode resource) {
        List<String> actions = new ArrayList<>();
        resource.path("change").path("actions").forEach(action -> actions.add(action.asText()));
        if (actions.contains("create") && (actions.contains("delete") || actions.contains("forget"))) {
            return Optional.of(PlanAction.REPLACE);
        }
        return switch (actions.isEmpty() ? "no-op" : actions.get(0)) {
            case "create" -> Optional.of(PlanAction.CREATE);
            case "update" -> Optional.of(PlanAction.UPDATE);
            case "delete" -> Optional.of(PlanAction.DESTROY);
            case "forget" -> Optional.of(PlanAction.FORGET);
            case "no-op" ->
                importedAs(resource)
                        .map(id -> PlanAction.IMPORT)
                        .or(() -> movedFrom(resource).map(from -> PlanAction.MOVE));
            case "read" -> Optional.empty();
            // A kind of change that this format does not have yet is shown rather than hidden.
            default -> Optional.of(PlanAction.UPDATE);
        };
    }

    static Optional<String> movedFrom(JsonNode resource) {
        String before = resource.path("previous_address").asText("");
        return before.isEmpty() || before.equals(resource.path("address").asText())
                ? Optional.empty()
                : Optional.of(before);
    }

    /** The id may be known after the apply only. */
    static Optional<String> importedAs(JsonNode resource) {
        JsonNode importing = resource.path("change").path("importing");
        return importing.isObject()
                ? Optional.of(importing.path("id").asText("an id known after apply"))
                : Optional.empty();
    }
}
