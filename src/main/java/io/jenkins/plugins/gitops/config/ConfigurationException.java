package io.jenkins.plugins.gitops.config;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/** Nothing is set up for what a step asks: an administrator configures it, or the step names something else. */
public final class ConfigurationException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    ConfigurationException(String sentence) {
        super(sentence);
    }
}
