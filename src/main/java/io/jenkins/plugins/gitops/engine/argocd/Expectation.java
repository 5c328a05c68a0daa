package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be live. With neither commit nor images: whatever Argo CD compares with after being asked to look again.
 *
 * @param commit full id of the commit in the config repository
 * @param images by the image's name in the declaration; empty where only the commit counts
 * @param repository URL of the config repository, to tell an Application's sources apart
 * @param branch that holds the commit: an Application that follows it has to arrive at the commit
 */
public record Expectation(
        @NonNull Optional<String> commit,
        @NonNull Map<String, ImageReference> images,
        @NonNull Optional<String> repository,
        @NonNull Optional<String> branch) {

    /** Whatever Argo CD compares with after the wait began. */
    public static final Expectation CURRENT =
            new Expectation(Optional.empty(), Map.of(), Optional.empty(), Optional.empty());

    public Expectation {
        images = Map.copyOf(images);
    }
}
