package io.jenkins.plugins.gitops.engine.verification;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One alert, as it fires or is resolved.
 *
 * @param fingerprint the same for alerts with the same labels
 * @param labels without their control characters
 * @param summary one line for people, empty where there is none
 * @param startsAt when it began to fire
 */
public record Alert(Status status, String fingerprint, Map<String, String> labels, String summary, Instant startsAt) {

    static final String NAME = "alertname";

    private static final int MOST_LABELS = 8;
    private static final int LONGEST_VALUE = 60;
    private static final int LONGEST_LABELS = 200;
    private static final int LONGEST_SUMMARY = 200;

    /** What became of it. */
    public enum Status {
        FIRING,
        RESOLVED
    }

    public Alert {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** Names this time that it fires, however often it is told of: by fingerprint and beginning. */
    public String key() {
        return fingerprint + "@" + startsAt;
    }

    /** {@code ShopErrors{service="shop", severity="critical"}: too many errors}: one line of bounded length. */
    public String line() {
        String shown = labels.entrySet().stream()
                .filter(label -> !label.getKey().equals(NAME))
                .limit(MOST_LABELS)
                .map(label -> label.getKey() + "=\"" + shortened(label.getValue(), LONGEST_VALUE) + "\"")
                .collect(Collectors.joining(", "));
        return shortened(labels.getOrDefault(NAME, "an alert"), LONGEST_VALUE)
                + (shown.isEmpty() ? "" : "{" + shortened(shown, LONGEST_LABELS) + "}")
                + (summary.isEmpty() ? "" : ": " + shortened(summary, LONGEST_SUMMARY));
    }

    private static String shortened(String text, int most) {
        return text.length() > most ? text.substring(0, most) + "…" : text;
    }
}
