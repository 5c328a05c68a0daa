package io.jenkins.plugins.gitops.steps.support;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A step's parameters are missing or contradict each other: the author of the Pipeline corrects them. */
public final class StepParameterException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public StepParameterException(String sentence) {
        super(sentence);
    }
}
