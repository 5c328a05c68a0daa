package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** There is nothing to roll back to, or nothing to lift: the user names another release. */
public final class RollbackRefusedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public RollbackRefusedException(@NonNull String sentence) {
        super(sentence);
    }
}
