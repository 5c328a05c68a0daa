package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** The config repository could not be read or written: wrong address, credentials, branch, or a server's refusal. */
public class RepositoryException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public RepositoryException(String sentence) {
        this(sentence, null);
    }

    public RepositoryException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
