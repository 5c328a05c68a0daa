package io.jenkins.plugins.gitops.engine.changes;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/** Patterns that cannot be used, or changes that cannot be read. */
public final class ChangeRulesException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public ChangeRulesException(String sentence) {
        super(sentence);
    }
}
