package io.jenkins.plugins.gitops.steps.support;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import java.util.Map;

/** Reads images and their versions as a form has them, to find out whether the step could. */
public final class ImageField {

    /** Stands for the name where only a version is typed. */
    private static final String ANY = "image";

    private ImageField() {}

    /**
     * A tag or digest that a release may have.
     *
     * @throws StepParameterException if it is none
     * @throws InvalidImageException if it moves from image to image
     */
    public static void version(@NonNull String text) {
        ImageReference given;
        try {
            given = ImageReference.parse(ANY, text);
        } catch (InvalidImageException e) {
            throw new StepParameterException(
                    "'" + text + "' is neither a tag nor a digest: write for example 1.4.2 or sha256:….");
        }
        given.requireImmutable();
    }

    /**
     * {@code name=version} on each line.
     *
     * @throws StepParameterException if a line has no name or no version, or the version is none
     * @throws InvalidImageException if a version moves from image to image
     */
    public static void versions(@NonNull String lines) {
        pairs(lines, "api=1.4.2").values().forEach(ImageField::version);
    }

    /**
     * {@code name=reference} on each line.
     *
     * @throws StepParameterException if a line has no name or no reference
     * @throws InvalidImageException if a reference is none
     */
    public static void references(@NonNull String lines) {
        pairs(lines, "api=ghcr.io/acme/shop-api:1.4.2").values().forEach(ImageReference::parse);
    }

    private static Map<String, String> pairs(String lines, String example) {
        Map<String, String> pairs = FormText.map(lines);
        pairs.forEach((name, value) -> {
            if (name.isEmpty() || value.isEmpty()) {
                throw new StepParameterException(
                        "'" + name + value + "' is not an image with its version: write for example " + example + ".");
            }
        });
        return pairs;
    }
}
