package io.jenkins.plugins.gitops.config;

import io.jenkins.plugins.gitops.engine.GitOpsException;

/** Credentials are missing, or of a kind that does not fit: an administrator chooses others. */
public final class CredentialsException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    CredentialsException(String sentence) {
        super(sentence);
    }

    CredentialsException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
