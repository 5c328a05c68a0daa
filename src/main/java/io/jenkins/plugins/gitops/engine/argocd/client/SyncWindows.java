package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The windows of an AppProject that concern one Application, as Argo CD's API server tells them, or as the AppProject
 * itself does. The server's {@code canSync} is about syncs that a person starts; whether auto-sync may start follows from
 * the windows: none that denies is active, and where some allow, one of them is.
 */
final class SyncWindows {

    private SyncWindows() {}

    /** Who starts a sync: some windows let a person do so while they are closed. */
    enum Start {
        AUTOMATIC,
        REQUESTED
    }

    /** Which window keeps a sync from starting, if one does. */
    @NonNull
    static Optional<String> closed(@NonNull JsonNode answer, @NonNull Start start) {
        List<JsonNode> denying = windows(answer, "activeWindows", "deny");
        if (!denying.isEmpty()) {
            return Optional.of("the sync window is closed, by deny " + describe(denying.get(0)))
                    .filter(closed -> !allManual(denying, start));
        }
        List<JsonNode> allowing = windows(answer, "assignedWindows", "allow");
        return windows(answer, "activeWindows", "allow").isEmpty() && !allowing.isEmpty()
                ? Optional.of("the sync window is closed, syncs are allowed " + describe(allowing.get(0)))
                        .filter(closed -> !allManual(allowing, start))
                : Optional.empty();
    }

    private static boolean allManual(List<JsonNode> windows, Start start) {
        return start == Start.REQUESTED
                && windows.stream().allMatch(window -> window.path("manualSync").asBoolean());
    }

    /**
     * The same from the resources.
     *
     * @throws ArgoCdException (rejected) if a window cannot be read
     */
    @NonNull
    static Optional<String> closed(
            @NonNull JsonNode project, @NonNull JsonNode application, @NonNull Start start, @NonNull Instant now) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode assigned = answer.putArray("assignedWindows");
        ArrayNode active = answer.putArray("activeWindows");
        for (JsonNode entry : project.path("spec").path("syncWindows")) {
            ProjectSyncWindow window = new ProjectSyncWindow(entry);
            if (window.concerns(application)) {
                assigned.add(entry);
                if (window.isActive(now)) {
                    active.add(entry);
                }
            }
        }
        return closed(answer, start);
    }

    private static List<JsonNode> windows(JsonNode answer, String which, String kind) {
        return StreamSupport.stream(answer.path(which).spliterator(), false)
                .filter(window -> window.path("kind").asText().equals(kind))
                .toList();
    }

    private static String describe(JsonNode window) {
        return "'" + window.path("schedule").asText() + "' for "
                + window.path("duration").asText();
    }
}
