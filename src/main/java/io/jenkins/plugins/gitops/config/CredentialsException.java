package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** Credentials are missing, or of a kind that does not fit: an administrator chooses others. */
public final class CredentialsException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    CredentialsException(@NonNull String sentence) {
        super(sentence);
    }

    CredentialsException(@NonNull String sentence, @NonNull Throwable cause) {
        super(sentence, cause);
    }
}
