package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;

/** Argo CD did not bring the commit live: the sentence says why. */
public final class SyncNotReachedException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    SyncNotReachedException(@NonNull String sentence) {
        super(sentence);
    }
}
