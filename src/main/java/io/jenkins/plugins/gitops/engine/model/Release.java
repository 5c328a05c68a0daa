package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The image references that move together.
 *
 * @param images by the image's name in the declaration (for example {@code api}); sorted, unmodifiable, not empty
 * @param commit the source commit they were built from, or null; see {@link #sourceCommit()}
 */
public record Release(@NonNull Map<String, ImageReference> images, String commit) implements Serializable {

    private static final long serialVersionUID = 1L;

    public Release {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("a release has at least one image");
        }
        images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
    }

    @NonNull
    public Optional<String> sourceCommit() {
        return Optional.ofNullable(commit);
    }
}
