package io.jenkins.plugins.gitops.engine.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What Alertmanager posts to a webhook, and Grafana's alerting in the same form
 * (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
 *
 * @param alerts in order, those that can be read
 * @param leftOut how many are not among them: truncated by the sender, too many, or not readable
 */
public record AlertNotification(List<Alert> alerts, int leftOut) {

    /** Of one notification so many alerts are considered. */
    public static final int MOST_ALERTS = 500;

    private static final int MOST_TRUNCATED = 1_000_000;

    private static final JsonMapper JSON = new JsonMapper();

    public AlertNotification {
        alerts = List.copyOf(alerts);
    }

    /** @throws IOException if it is not of that form; the message is a sentence for whoever sent it */
    public static AlertNotification read(byte[] body) throws IOException {
        JsonNode whole;
        try {
            whole = JSON.readTree(body);
        } catch (IOException notJson) {
            throw new IOException("The body is not JSON; send what Alertmanager's webhook_config sends.", notJson);
        }
        JsonNode all = whole.path("alerts");
        if (!all.isArray()) {
            throw new IOException("The body has no 'alerts'; send what Alertmanager's webhook_config sends.");
        }
        List<Alert> alerts = new ArrayList<>();
        for (int at = 0; at < all.size() && at < MOST_ALERTS; at++) {
            alert(all.get(at)).ifPresent(alerts::add);
        }
        int truncated = Math.max(
                0, Math.min(MOST_TRUNCATED, whole.path("truncatedAlerts").asInt()));
        return new AlertNotification(alerts, all.size() - alerts.size() + truncated);
    }

    private static Optional<Alert> alert(JsonNode alert) {
        Map<String, String> labels = new TreeMap<>();
        alert.path("labels").properties().forEach(label -> labels.put(label.getKey(), line(label.getValue())));
        Optional<Alert.Status> status =
                switch (alert.path("status").asText()) {
                    case "firing" -> Optional.of(Alert.Status.FIRING);
                    case "resolved" -> Optional.of(Alert.Status.RESOLVED);
                    default -> Optional.empty();
                };
        Optional<Instant> startsAt = instant(alert.path("startsAt").asText());
        if (status.isEmpty() || startsAt.isEmpty() || labels.isEmpty()) {
            return Optional.empty();
        }
        String given = alert.path("fingerprint").asText();
        return Optional.of(new Alert(
                status.get(),
                given.matches("[A-Za-z0-9]{1,64}") ? given : fingerprint(labels),
                labels,
                line(alert.path("annotations").path("summary")),
                startsAt.get()));
    }

    private static String fingerprint(Map<String, String> labels) {
        return UUID.nameUUIDFromBytes(labels.toString().getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static String line(JsonNode text) {
        return text.asText().replaceAll("[\\p{Cntrl}\\s\\u2028\\u2029]+", " ").strip();
    }
}
