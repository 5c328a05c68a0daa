package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What an image says of itself.
 *
 * @param labels annotations of the index, those of the manifest, and the labels of the image configuration (of one
 *     platform, if there are several): of the same name, the first; unmodifiable
 * @param created when it was built, or null where it does not say; a reproducible build says 1970
 */
public record ImageContents(
        Map<String, String> labels, @CheckForNull Instant created) {

    /** Reproducible builds record 1970, 1980 or the year 1. */
    public static final Instant NO_DATE_BEFORE = Instant.parse("2000-01-01T00:00:00Z");

    /** @see <a href="https://github.com/opencontainers/image-spec/blob/main/annotations.md">the predefined keys</a> */
    private static final String REVISION = "org.opencontainers.image.revision";

    public ImageContents {
        labels = Map.copyOf(labels);
    }

    Optional<Instant> createdAt() {
        return Optional.ofNullable(created);
    }

    /** The source commit it was built from. */
    public Optional<String> revision() {
        return Optional.ofNullable(labels.get(REVISION)).map(String::strip).filter(value -> !value.isEmpty());
    }
}
