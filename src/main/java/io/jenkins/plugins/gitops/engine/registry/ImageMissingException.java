package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.util.List;

/** The registry has no such image: the user pushes it, or gives another tag. */
public final class ImageMissingException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private ImageMissingException(String sentence) {
        super(sentence);
    }

    /** @param nearest tags that exist and look alike, nearest first; may be empty */
    @NonNull
    public static ImageMissingException image(@NonNull ImageReference reference, @NonNull List<String> nearest) {
        String remedy = nearest.isEmpty()
                ? "push it first, or give a tag that exists."
                : "push it first, or give a tag that exists, such as " + String.join(", ", nearest) + ".";
        return new ImageMissingException("There is no image '" + reference + "' in its registry: " + remedy);
    }

    @NonNull
    public static ImageMissingException repository(@NonNull ImageReference reference) {
        return new ImageMissingException("There is no repository '" + reference.repository()
                + "' in its registry: check the name in gitops.yaml, or push the image first.");
    }
}
