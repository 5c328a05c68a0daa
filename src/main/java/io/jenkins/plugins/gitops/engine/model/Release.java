package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What moves together: image references, and versions of charts, Git refs and values.
 *
 * @param images by the name in the declaration (for example {@code api}); sorted, unmodifiable, not empty
 * @param commit the source commit they were built from, or null; see {@link #sourceCommit()}
 * @param sources what the versions that are no images are of, for whom looks at them; a name may be missing
 */
public record Release(
        Map<String, Version> images, @CheckForNull String commit, Map<String, VersionSource> sources)
        implements Serializable {

    public Release {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("a release has at least one image");
        }
        images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
    }

    /** One whose versions nobody looks at. */
    public Release(Map<String, Version> images, @CheckForNull String commit) {
        this(images, commit, Map.of());
    }

    public Optional<String> sourceCommit() {
        return Optional.ofNullable(commit);
    }

    /** What a release has besides the digest of what it carries. */
    public static Map<String, Version> withoutCarried(Map<String, Version> release) {
        if (!release.containsKey(Carries.NAME)) {
            return release;
        }
        Map<String, Version> others = new TreeMap<>(release);
        others.remove(Carries.NAME);
        return others;
    }

    /** {@code api 1.4.2, worker 1.4.3}, or {@code api, worker 1.4.2} when all have the same. */
    public static String text(Map<String, Version> images) {
        return text(images, " ");
    }

    /** @param between an image's name and its tag, or as much of the digest as one reads */
    public static String text(Map<String, Version> images, String between) {
        Map<String, List<String>> byVersion = new LinkedHashMap<>();
        images.forEach((name, reference) -> byVersion
                .computeIfAbsent(reference.shortText(), version -> new ArrayList<>())
                .add(name));
        return byVersion.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + between + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
