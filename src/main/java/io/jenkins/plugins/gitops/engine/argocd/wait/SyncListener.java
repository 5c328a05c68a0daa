package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;

/** Who waits. Called on the event loop, in order, never after the wait was cancelled; must not block. */
public interface SyncListener {

    /** What is being waited for reads differently now. */
    void changed(@NonNull SyncStatus status);

    /** The wait has ended; nothing follows. The status is not pending. */
    void ended(@NonNull SyncStatus status);
}
