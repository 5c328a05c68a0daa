package io.jenkins.plugins.gitops.engine.argocd.client;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.freeze.CronExpression;
import io.jenkins.plugins.gitops.engine.freeze.InvalidCronException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of an AppProject's {@code spec.syncWindows}, read as Argo CD's controller reads it.
 *
 * @see <a href="https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/">sync windows</a>
 */
record ProjectSyncWindow(@NonNull JsonNode entry) {

    private static final Pattern DURATION = Pattern.compile("(?<number>\\d+(\\.\\d+)?)(?<unit>ms|s|m|h)");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    /**
     * Whether it is for this Application: by its name, its destination's cluster or its namespace. One of them is enough,
     * unless the window asks for all it names.
     */
    boolean concerns(@NonNull JsonNode application) {
        JsonNode destination = application.path("spec").path("destination");
        List<Boolean> answers = new ArrayList<>();
        ask(answers, "applications", application.path("metadata").path("name").asText());
        ask(
                answers,
                "clusters",
                destination.path("name").asText(),
                destination.path("server").asText());
        ask(answers, "namespaces", destination.path("namespace").asText());
        return entry.path("andOperator").asBoolean()
                ? !answers.isEmpty() && !answers.contains(false)
                : answers.contains(true);
    }

    /** Adds whether one of the patterns in a field matches one of the values, if the field has patterns. */
    private void ask(List<Boolean> answers, String field, String... values) {
        if (entry.path(field).isEmpty()) {
            return;
        }
        boolean matches = false;
        for (JsonNode pattern : entry.path(field)) {
            for (String value : values) {
                matches |= !value.isEmpty() && Glob.ofArgo(pattern.asText()).matches(value);
            }
        }
        answers.add(matches);
    }

    /** @throws ArgoCdException (rejected) if its schedule or duration cannot be read; Argo CD then syncs nothing */
    boolean isActive(@NonNull Instant now) {
        try {
            return new Window.Recurring(
                            CronExpression.parse(entry.path("schedule").asText()), duration(), "")
                    .containing(now, zone())
                    .isPresent();
        } catch (InvalidCronException cause) {
            throw unreadable(cause);
        }
    }

    private Duration duration() {
        String text = entry.path("duration").asText();
        Matcher part = DURATION.matcher(text);
        BigDecimal millis = BigDecimal.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            millis = millis.add(
                    new BigDecimal(part.group("number")).multiply(BigDecimal.valueOf(MILLIS.get(part.group("unit")))));
            end = part.end();
        }
        if (text.isEmpty() || end != text.length()) {
            throw unreadable(null);
        }
        return Duration.ofMillis(millis.longValue());
    }

    /** What Argo CD does not know either counts as UTC. */
    private ZoneId zone() {
        try {
            return ZoneId.of(entry.path("timeZone").asText("UTC"));
        } catch (DateTimeException unknown) {
            return ZoneOffset.UTC;
        }
    }

    private ArgoCdException unreadable(InvalidCronException cause) {
        return new ArgoCdException(
                ArgoCdException.Reason.REJECTED,
                "the sync window '" + entry.path("schedule").asText() + "' for '"
                        + entry.path("duration").asText()
                        + "' of the project cannot be read: mend it in the AppProject",
                cause);
    }
}
