package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.freeze.CronExpression;
import io.jenkins.plugins.gitops.engine.freeze.Window;
import io.jenkins.plugins.gitops.engine.model.Glob;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The windows of an AppProject that concern one Application, as Argo CD's API server tells them, or read from the
 * AppProject as Argo CD's controller reads it. The server's {@code canSync} is about syncs that a person starts; whether
 * auto-sync may start follows from the windows: none that denies is active, and where some allow, one of them is.
 *
 * @see <a href="https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/">sync windows</a>
 */
final class SyncWindows {

    private static final Pattern DURATION = Pattern.compile("(?<number>\\d+(\\.\\d+)?)(?<unit>ms|s|m|h)");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    private SyncWindows() {}

    /** Who starts a sync: some windows let a person do so while they are closed. */
    enum Start {
        AUTOMATIC,
        REQUESTED
    }

    /** Which window keeps a sync from starting, if one does, by the API server's answer. */
    static Optional<String> closed(JsonNode answer, Start start) {
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

    private static List<JsonNode> windows(JsonNode answer, String which, String kind) {
        return ApplicationReader.stream(answer.path(which))
                .filter(window -> window.path("kind").asText().equals(kind))
                .toList();
    }

    private static String describe(JsonNode window) {
        return "'" + window.path("schedule").asText() + "' for "
                + window.path("duration").asText();
    }

    /**
     * The same from the resources.
     *
     * @throws ArgoCdException (rejected) if a window cannot be read; Argo CD then syncs nothing
     */
    static Optional<String> closed(JsonNode project, JsonNode application, Start start, Instant now) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode assigned = answer.putArray("assignedWindows");
        ArrayNode active = answer.putArray("activeWindows");
        for (JsonNode window : project.path("spec").path("syncWindows")) {
            if (concerns(window, application)) {
                assigned.add(window);
                if (isActive(window, now)) {
                    active.add(window);
                }
            }
        }
        return closed(answer, start);
    }

    /**
     * By the Application's name, its destination's cluster or its namespace. One of them is enough, unless the window asks
     * for all it names.
     */
    private static boolean concerns(JsonNode window, JsonNode application) {
        JsonNode destination = application.path("spec").path("destination");
        String name = application.path("metadata").path("name").asText();
        List<Boolean> answers = new ArrayList<>();
        match(answers, window.path("applications"), name);
        match(
                answers,
                window.path("clusters"),
                destination.path("name").asText(),
                destination.path("server").asText());
        match(answers, window.path("namespaces"), destination.path("namespace").asText());
        return window.path("andOperator").asBoolean()
                ? !answers.isEmpty() && !answers.contains(false)
                : answers.contains(true);
    }

    /** Adds whether one of the patterns matches one of the values, if there are patterns. */
    private static void match(List<Boolean> answers, JsonNode patterns, String... values) {
        if (patterns.isEmpty()) {
            return;
        }
        boolean matches = false;
        for (JsonNode pattern : patterns) {
            for (String value : values) {
                matches |= !value.isEmpty() && Glob.ofArgo(pattern.asText()).matches(value);
            }
        }
        answers.add(matches);
    }

    private static boolean isActive(JsonNode window, Instant now) {
        try {
            CronExpression schedule =
                    CronExpression.parse(window.path("schedule").asText());
            return new Window.Recurring(schedule, duration(window), "")
                    .containing(now, zone(window))
                    .isPresent();
        } catch (IllegalArgumentException cause) {
            throw unreadable(window, cause);
        }
    }

    /** As Go writes it. */
    private static Duration duration(JsonNode window) {
        String text = window.path("duration").asText();
        Matcher part = DURATION.matcher(text);
        BigDecimal millis = BigDecimal.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            millis = millis.add(
                    new BigDecimal(part.group("number")).multiply(BigDecimal.valueOf(MILLIS.get(part.group("unit")))));
            end = part.end();
        }
        if (text.isEmpty() || end != text.length()) {
            throw unreadable(window, null);
        }
        return Duration.ofMillis(millis.longValue());
    }

    /** What Argo CD does not know either counts as UTC. */
    private static ZoneId zone(JsonNode window) {
        try {
            return ZoneId.of(window.path("timeZone").asText("UTC"));
        } catch (DateTimeException unknown) {
            return ZoneOffset.UTC;
        }
    }

    private static ArgoCdException unreadable(JsonNode window, @CheckForNull IllegalArgumentException cause) {
        return new ArgoCdException(
                ArgoCdException.Reason.REJECTED,
                "the sync window " + describe(window) + " of the project cannot be read: correct it in the AppProject",
                cause);
    }

    /** Whether an Application has a requested sync with this mark that a window keeps from beginning. */
    static boolean isBlocked(JsonNode application, String mark) {
        boolean ours = ApplicationReader.stream(application.path("operation").path("info"))
                .anyMatch(info -> info.path("name").asText().equals(ArgoCd.MARK)
                        && info.path("value").asText().equals(mark));
        JsonNode state = application.path("status").path("operationState");
        return ours
                && (!state.hasNonNull("phase") || state.path("message").asText().contains(Operation.BLOCKED));
    }
}
