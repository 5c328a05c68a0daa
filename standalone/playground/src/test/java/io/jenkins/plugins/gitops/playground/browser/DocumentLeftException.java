package io.jenkins.plugins.gitops.playground.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** The page left for another document while a command was at work in the old one. */
final class DocumentLeftException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** What Chromium answers then, all with the code -32000. */
    private static final Set<String> MESSAGES = Set.of(
            "Inspected target navigated or closed",
            "Execution context was destroyed.",
            "Cannot find default execution context",
            "Cannot find context with specified id");

    DocumentLeftException(String message) {
        super(message);
    }

    static boolean is(JsonNode error) {
        return MESSAGES.contains(error.path("message").asText());
    }
}
