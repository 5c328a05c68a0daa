package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** A freeze or a lock keeps a target as it is: the user waits, or has it unlocked. Nothing was committed. */
public final class StoppedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public StoppedException(@NonNull String sentence) {
        super(sentence);
    }
}
