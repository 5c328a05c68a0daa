package io.jenkins.plugins.gitops.engine.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The windows of an AppProject that concern one Application, as Argo CD's API server tells them, or as the AppProject
 * itself does. The server's {@code canSync} is about syncs that a person starts; whether auto-sync may start follows from
 * the windows: none that denies is active, and where some allow, one of them is.
 */
public final class SyncWindows {

    private SyncWindows() {}

    /** Which window keeps auto-sync from starting, if one does. */
    @NonNull
    public static Optional<String> closed(@NonNull JsonNode answer) {
        Optional<JsonNode> denying = windows(answer, "activeWindows", "deny").findFirst();
        if (denying.isPresent()) {
            return Optional.of("the sync window is closed, by deny " + describe(denying.get()));
        }
        return windows(answer, "activeWindows", "allow").findFirst().isPresent()
                ? Optional.empty()
                : windows(answer, "assignedWindows", "allow")
                        .findFirst()
                        .map(window -> "the sync window is closed, syncs are allowed " + describe(window));
    }

    /**
     * The same from the resources.
     *
     * @throws ArgoCdException (rejected) if a window cannot be read
     */
    @NonNull
    public static Optional<String> closed(
            @NonNull JsonNode project, @NonNull JsonNode application, @NonNull Instant now) {
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
        return closed(answer);
    }

    private static Stream<JsonNode> windows(JsonNode answer, String which, String kind) {
        return StreamSupport.stream(answer.path(which).spliterator(), false)
                .filter(window -> window.path("kind").asText().equals(kind));
    }

    private static String describe(JsonNode window) {
        return "'" + window.path("schedule").asText() + "' for "
                + window.path("duration").asText();
    }
}
