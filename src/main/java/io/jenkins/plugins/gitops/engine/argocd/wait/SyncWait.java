package io.jenkins.plugins.gitops.engine.argocd.wait;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;

/** A wait under way. Safe for any thread; nothing blocks. */
public interface SyncWait {

    /** Ends it without an answer; the listener hears nothing more once this returns, but for a call already under way. */
    void cancel();

    /** Where it stands now. */
    @NonNull
    SyncStatus status();
}
