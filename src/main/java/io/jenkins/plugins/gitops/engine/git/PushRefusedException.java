package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.Nullable;

/** The server lets nothing be pushed there: a hook or a protection must allow it. Nothing was changed. */
public final class PushRefusedException extends RepositoryException {

    private static final long serialVersionUID = 1L;

    public PushRefusedException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
