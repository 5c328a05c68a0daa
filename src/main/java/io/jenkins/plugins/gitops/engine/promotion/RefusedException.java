package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/**
 * A release cannot be bumped, promoted or rolled back so, or not now: the user changes the request, the declaration or
 * the files, or waits.
 */
public final class RefusedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public RefusedException(String sentence) {
        super(sentence);
    }
}
