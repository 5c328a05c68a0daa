package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A release cannot be written where the user wants it: the declaration, the files or the request must change. */
public final class BumpRefusedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public BumpRefusedException(@NonNull String sentence) {
        super(sentence);
    }
}
