package io.jenkins.plugins.gitops.engine.manifest;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import java.util.Map;

/** Reads and writes the image references of one {@link ManifestFile}; pure, safe for any thread. */
public interface ManifestEditor {

    /**
     * The image references the file holds.
     *
     * @param repositories image name in the declaration to its repository, for example {@code api → ghcr.io/acme/api}
     * @return by image name; an image that the file does not mention is absent
     */
    @NonNull
    Map<String, ImageReference> images(
            @NonNull ManifestFile file, @NonNull byte[] content, @NonNull Map<String, String> repositories);

    /**
     * The file with the images written in; every byte that does not belong to them stays.
     *
     * @param release image name to new reference; an image that the file does not mention is left out of this file
     *     (the caller checks that each image was found in at least one file)
     * @return the new content, equal to the given content when nothing changes
     */
    @NonNull
    byte[] write(
            @NonNull ManifestFile file,
            @NonNull byte[] content,
            @NonNull Map<String, String> repositories,
            @NonNull Map<String, ImageReference> release);
}
