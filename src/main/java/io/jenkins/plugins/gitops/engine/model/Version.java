package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a release says of one name: the reference of an image, or the version of something else that moves with it. */
public sealed interface Version extends Serializable permits ImageReference, NamedVersion {

    /** As much as one reads: a tag, the begin of a digest, a version. */
    String shortText();

    /** As one writes it behind the name: without what the declaration says already. */
    String versionText();

    /**
     * Returns this, if it means the same for good.
     *
     * @throws InvalidImageException if it may mean something else tomorrow
     */
    Version requireImmutable();

    /** Reads what was stored as JSON. */
    @JsonCreator
    static Version ofJson(String text) {
        Optional<NamedVersion> named = NamedVersion.ofJson(text);
        return named.isPresent() ? named.get() : ImageReference.parse(text);
    }

    /** The images of a release, by name. */
    static Map<String, ImageReference> images(Map<String, Version> release) {
        Map<String, ImageReference> images = new TreeMap<>();
        release.forEach((name, version) -> {
            if (version instanceof ImageReference image) {
                images.put(name, image);
            }
        });
        return images;
    }
}
