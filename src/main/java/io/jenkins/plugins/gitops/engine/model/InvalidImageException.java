package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** An image reference that is malformed or not fit for a release: the user gives another. */
public final class InvalidImageException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public InvalidImageException(@NonNull String reference, @NonNull String rule) {
        super("'" + reference + "' is not an image reference that can be released: " + rule + ".");
    }
}
