package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an image says of itself.
 *
 * @param annotations of the index and the manifest, the index's first; unmodifiable
 * @param labels of the image configuration (of one platform, if there are several); unmodifiable
 * @param platforms it runs on, in the index's order; unmodifiable
 * @param created when it was built, or null where it does not say; a reproducible build says 1970
 */
public record ImageContents(
        @NonNull Map<String, String> annotations,
        @NonNull Map<String, String> labels,
        @NonNull List<Platform> platforms,
        Instant created) {

    /** @see <a href="https://github.com/opencontainers/image-spec/blob/main/annotations.md">the predefined keys</a> */
    private static final String REVISION = "org.opencontainers.image.revision";

    private static final String SOURCE = "org.opencontainers.image.source";

    /** For example {@code linux/arm64/v8}; the variant is empty where there is none. */
    public record Platform(
            @NonNull String os,
            @NonNull String architecture,
            @NonNull String variant) {

        @Override
        public String toString() {
            return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
        }
    }

    public ImageContents {
        annotations = Map.copyOf(annotations);
        labels = Map.copyOf(labels);
        platforms = List.copyOf(platforms);
    }

    @NonNull
    public Optional<Instant> createdAt() {
        return Optional.ofNullable(created);
    }

    /** The source commit it was built from; an annotation goes before a label. */
    @NonNull
    public Optional<String> revision() {
        return said(REVISION);
    }

    /** URL of the source repository it was built from. */
    @NonNull
    public Optional<String> source() {
        return said(SOURCE);
    }

    private Optional<String> said(String key) {
        return Optional.ofNullable(annotations.get(key))
                .or(() -> Optional.ofNullable(labels.get(key)))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }
}
