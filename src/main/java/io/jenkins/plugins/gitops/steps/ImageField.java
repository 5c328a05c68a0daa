package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;

/** Checks an image reference as one types it. Reads nothing but the text, so anybody may ask. */
final class ImageField {

    private ImageField() {}

    @NonNull
    static FormValidation check(@CheckForNull String value) {
        String image = Util.fixEmptyAndTrim(value);
        if (image == null) {
            return FormValidation.ok();
        }
        try {
            ImageReference.parse(image);
            return FormValidation.ok();
        } catch (InvalidImageException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
