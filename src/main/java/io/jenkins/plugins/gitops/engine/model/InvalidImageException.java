package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** An image reference, or a part of one, that is malformed or not fit for a release: the user gives another. */
public final class InvalidImageException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 200;

    /**
     * @param given what the user wrote; shown on one line
     * @param predicate what is wrong with it and what to do, without full stop: {@code is not a tag: …}
     */
    public InvalidImageException(@NonNull String given, @NonNull String predicate) {
        super("'" + visible(given) + "' " + predicate + ".");
    }

    private static String visible(String given) {
        String oneLine = given.replaceAll("[\\p{C}\\u2028\\u2029\\u0085]", "?");
        return oneLine.length() <= SHOWN ? oneLine : oneLine.substring(0, SHOWN) + "…";
    }
}
