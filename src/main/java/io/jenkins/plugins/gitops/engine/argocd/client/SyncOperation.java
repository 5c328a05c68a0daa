package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.SyncOrder;
import java.util.stream.StreamSupport;

/** Writes the {@code operation} field that makes Argo CD sync. */
final class SyncOperation {

    private SyncOperation() {}

    /** @param policy {@code spec.syncPolicy}, whose sync options and retries apply to a requested sync as well */
    static ObjectNode of(SyncOrder order, JsonNode policy) {
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        ObjectNode sync = operation.putObject("sync");
        if (order.revisions().size() == 1) {
            sync.put("revision", order.revisions().get(0));
        } else if (!order.revisions().isEmpty()) {
            ArrayNode revisions = sync.putArray("revisions");
            order.revisions().forEach(revisions::add);
        }
        sync.put("prune", order.prune() == SyncOrder.Prune.DELETE);
        if (policy.path("syncOptions").isArray()) {
            sync.set("syncOptions", policy.path("syncOptions"));
        }
        operation.putObject("initiatedBy").put("username", "gitops-promotion");
        ArrayNode info = operation.putArray("info");
        order.marks()
                .forEach((name, value) -> info.addObject().put("name", name).put("value", value));
        if (policy.path("retry").isObject()) {
            operation.set("retry", policy.path("retry"));
        }
        return operation;
    }

    /** Whether an Application has such an operation that a sync window keeps from beginning. */
    static boolean isBlocked(JsonNode application, SyncOrder order) {
        boolean ours = StreamSupport.stream(
                        application.path("operation").path("info").spliterator(), false)
                .anyMatch(info -> info.path("value")
                        .asText()
                        .equals(order.marks().get(info.path("name").asText())));
        JsonNode state = application.path("status").path("operationState");
        return ours
                && (!state.hasNonNull("phase") || state.path("message").asText().contains("blocked by sync window"));
    }
}
