package io.jenkins.plugins.gitops.engine.ledger;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How releases, times and durations are called wherever promotion speaks: in commits, logs, events and on pages. */
public final class Words {

    private Words() {}

    /** {@code api to 1.4.2, worker to 1.4.3}, or {@code api, worker to 1.4.2} when all get the same. */
    @NonNull
    public static String release(@NonNull Map<String, ImageReference> release) {
        return images(release, " to ");
    }

    /** {@code api 1.4.2, worker 1.4.3}, or {@code api, worker 1.4.2} when all have the same. */
    @NonNull
    public static String images(@NonNull Map<String, ImageReference> images) {
        return images(images, " ");
    }

    private static String images(Map<String, ImageReference> images, String between) {
        Map<String, List<String>> byVersion = new LinkedHashMap<>();
        images.forEach((name, reference) -> byVersion
                .computeIfAbsent(version(reference), key -> new ArrayList<>())
                .add(name));
        return byVersion.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + between + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    /** The tag, or as much of the digest as one reads. */
    private static String version(ImageReference reference) {
        return reference
                .tagName()
                .orElseGet(() -> reference.digestValue().orElseThrow().substring(0, 19));
    }

    /** A commit id as people write it: seven digits. */
    @NonNull
    public static String commit(@NonNull String id) {
        return id.length() > 7 ? id.substring(0, 7) : id;
    }

    /** {@code 2026-03-02T12:00:00Z}. */
    @NonNull
    public static String time(@NonNull Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
