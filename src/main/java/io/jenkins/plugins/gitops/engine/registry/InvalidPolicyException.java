package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A rule of an image policy cannot be read: an administrator corrects it. */
public final class InvalidPolicyException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    InvalidPolicyException(@NonNull String rule, @NonNull String remedy) {
        super("'" + rule + "' is no rule of an image policy: " + remedy + ".");
    }
}
