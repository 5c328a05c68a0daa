package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/**
 * A freeze, a lock or another controller keeps a target as it is: the user waits, or has it unlocked. Nothing was
 * committed.
 */
public final class StoppedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public StoppedException(String sentence) {
        super(sentence);
    }
}
