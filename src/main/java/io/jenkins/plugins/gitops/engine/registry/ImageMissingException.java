package io.jenkins.plugins.gitops.engine.registry;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The registry has no such image: the user pushes it, or gives another tag. */
public final class ImageMissingException extends GitOpsException {

    private static final long serialVersionUID = 1L;
    private static final int NAMED = 3;

    private ImageMissingException(String sentence) {
        super(sentence);
    }

    /** @param tags that exist, of which the nearest are named; may be empty */
    public static ImageMissingException image(ImageReference reference, Collection<String> tags) {
        List<String> nearest =
                reference.tagName().map(tag -> nearest(tag, tags)).orElse(List.of());
        return new ImageMissingException(
                "There is no image '" + reference + "' in its registry: push it first, or give a" + " tag that exists"
                        + (nearest.isEmpty() ? "." : ", such as " + String.join(", ", nearest) + "."));
    }

    public static ImageMissingException repository(ImageReference reference) {
        return new ImageMissingException("There is no repository '" + reference.repository()
                + "' in its registry: check the name in gitops.yaml, or push the image first.");
    }

    /** A Helm chart, which is an artifact like an image. */
    static ImageMissingException chart(ImageReference chart) {
        return new ImageMissingException(
                "There is no chart '" + chart + "' in its registry: push it first, or give a version that exists.");
    }

    /** One of a Helm repository. */
    static ImageMissingException chart(String chart, String version, URI index, Collection<String> versions) {
        List<String> nearest = nearest(version, versions);
        return new ImageMissingException("There is no chart '" + chart + "' " + version + " in " + index
                + ": push it first, or give a version that exists"
                + (nearest.isEmpty() ? "." : ", such as " + String.join(", ", nearest) + "."));
    }

    /** A Helm repository has no index. */
    static ImageMissingException index(URI index) {
        return new ImageMissingException(
                "There is no Helm repository at " + index + ": correct the chart's address in gitops.yaml.");
    }

    private static List<String> nearest(String tag, Collection<String> tags) {
        List<String> rest = new ArrayList<>(tags);
        List<String> nearest = new ArrayList<>();
        Optional<String> next = UnknownNameException.nearest(tag, rest);
        while (next.isPresent() && nearest.size() < NAMED) {
            nearest.add(next.get());
            rest.remove(next.get());
            next = UnknownNameException.nearest(tag, rest);
        }
        return nearest;
    }
}
