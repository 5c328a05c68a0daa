package io.jenkins.plugins.gitops.engine.terraform;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A file that is no plan, or a plan that cannot be applied. */
public final class PlanException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public PlanException(String sentence) {
        super(sentence);
    }
}
