package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.util.Optional;

/**
 * An image as its registry knows it.
 *
 * @param digest of the manifest or index, {@code sha256:…}
 * @param mediaType of the manifest
 * @param pushed when it arrived, or null where the registry does not say; see {@link #pushedAt()}
 */
public record ImageDetails(
        ImageName name,
        String digest,
        String mediaType,
        @CheckForNull Instant pushed) {

    public Optional<Instant> pushedAt() {
        return Optional.ofNullable(pushed);
    }

    /** Whether it is a list of images, one for each platform. */
    public boolean isIndex() {
        return MediaTypes.isIndex(mediaType);
    }

    @Override
    public String toString() {
        return name + "@" + digest;
    }
}
