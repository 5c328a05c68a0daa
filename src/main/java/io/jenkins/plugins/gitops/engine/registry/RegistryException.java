package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** The registry cannot be asked, or its answer cannot be trusted: address, credentials, network, or its own fault. */
public class RegistryException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public RegistryException(String sentence) {
        this(sentence, null);
    }

    public RegistryException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
