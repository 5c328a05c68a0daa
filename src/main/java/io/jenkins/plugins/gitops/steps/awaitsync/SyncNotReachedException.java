package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** Argo CD did not bring what was waited for: the sentence says why. */
public final class SyncNotReachedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    public SyncNotReachedException(@NonNull String sentence) {
        super(sentence);
    }
}
