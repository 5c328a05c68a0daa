package io.jenkins.plugins.gitops.engine.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The windows of an AppProject that concern one Application, as Argo CD's API server tells them. Its {@code canSync} is
 * about syncs that a person starts; whether auto-sync may start follows from the windows: none that denies is active,
 * and where some allow, one of them is.
 */
final class SyncWindows {

    private SyncWindows() {}

    /** Which window keeps auto-sync from starting, if one does. */
    @NonNull
    static Optional<String> closed(@NonNull JsonNode answer) {
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

    private static Stream<JsonNode> windows(JsonNode answer, String which, String kind) {
        return StreamSupport.stream(answer.path(which).spliterator(), false)
                .filter(window -> window.path("kind").asText().equals(kind));
    }

    private static String describe(JsonNode window) {
        return "'" + window.path("schedule").asText() + "' for "
                + window.path("duration").asText();
    }
}
