package io.jenkins.plugins.gitops.pages.verification;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.engine.verification.Alert;
import io.jenkins.plugins.gitops.pages.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * The alerts that began to fire lately and were not resolved, over restarts: Alertmanager tells of one while a release rolls
 * out, and hours later again, but the release is observed only when it is healthy.
 */
final class FiringAlerts {

    private static final Logger LOGGER = Logger.getLogger(FiringAlerts.class.getName());

    /** So long ago they may have begun: no release takes longer from its commit until it is healthy. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private static final int MOST = 1_000;

    /** Of all the labels of one, and its summary; larger ones are not remembered. */
    private static final int MOST_TEXT = 4_096;

    /** By fingerprint, the one that came in first at the front; null until the file was read. */
    @CheckForNull
    private Map<String, Alert> firing;

    /** As the file has one. */
    private record Kept(String fingerprint, Map<String, String> labels, String summary, String startsAt) {

        static Kept of(Alert alert) {
            return new Kept(
                    alert.fingerprint(),
                    alert.labels(),
                    alert.summary(),
                    alert.startsAt().toString());
        }

        Alert alert() {
            return new Alert(Alert.Status.FIRING, fingerprint, labels, summary, Instant.parse(startsAt));
        }
    }

    /** Takes in what a notification says; kept when this returns. */
    synchronized void hear(List<Alert> alerts) {
        Map<String, Alert> known = known();
        Map<String, Alert> before = Map.copyOf(known);
        for (Alert alert : alerts) {
            Alert other = known.get(alert.fingerprint());
            if (other != null && other.startsAt().isAfter(alert.startsAt())) {
                continue;
            }
            if (alert.status() == Alert.Status.RESOLVED) {
                known.remove(alert.fingerprint());
            } else if (isRecent(alert) && size(alert) <= MOST_TEXT) {
                known.put(alert.fingerprint(), alert);
            }
        }
        known.values().removeIf(alert -> !isRecent(alert));
        List<String> tooMany =
                known.keySet().stream().limit(Math.max(0, known.size() - MOST)).toList();
        tooMany.forEach(known::remove);
        if (!before.equals(known)) {
            write(known);
        }
    }

    private static int size(Alert alert) {
        return alert.summary().length()
                + alert.labels().entrySet().stream()
                        .mapToInt(label ->
                                label.getKey().length() + label.getValue().length())
                        .sum();
    }

    /** Those that fire, as far as is known. */
    synchronized List<Alert> all() {
        return known().values().stream().filter(FiringAlerts::isRecent).toList();
    }

    /** Clocks differ, but not so much. */
    private static boolean isRecent(Alert alert) {
        return Duration.between(alert.startsAt(), GitOpsServices.get().clock().instant())
                        .abs()
                        .compareTo(REMEMBERED)
                < 0;
    }

    private Map<String, Alert> known() {
        Map<String, Alert> read = firing;
        if (read == null) {
            read = new LinkedHashMap<>();
            firing = read;
            if (Files.isRegularFile(file())) {
                try {
                    for (Kept kept : JsonFile.JSON.readValue(JsonFile.read(file()), Kept[].class)) {
                        read.put(kept.fingerprint(), kept.alert());
                    }
                } catch (IOException | RuntimeException e) {
                    LOGGER.log(Level.WARNING, file() + " cannot be read; alerts that fire already do not count", e);
                }
            }
        }
        return read;
    }

    private static void write(Map<String, Alert> known) {
        try {
            Files.createDirectories(home());
            JsonFile.write(file(), known.values().stream().map(Kept::of).toList());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, file() + " cannot be written; a restart forgets alerts that fire already", e);
        }
    }

    /** Where everything about verifications is kept. */
    static Path home() {
        return Jenkins.get().getRootDir().toPath().resolve("gitops-promotion");
    }

    private static Path file() {
        return home().resolve("firing-alerts.json");
    }
}
