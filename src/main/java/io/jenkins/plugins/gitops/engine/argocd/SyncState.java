package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;

/** {@code status.sync.status}: whether the cluster is as the compared revision says. */
public enum SyncState {
    SYNCED("Synced"),
    OUT_OF_SYNC("OutOfSync"),
    UNKNOWN("Unknown");

    private final String word;

    SyncState(String word) {
        this.word = word;
    }

    /** What Argo CD writes; anything new to us, and nothing, is unknown. */
    @NonNull
    public static SyncState of(@NonNull String word) {
        for (SyncState state : values()) {
            if (state.word.equals(word)) {
                return state;
            }
        }
        return UNKNOWN;
    }

    @Override
    public String toString() {
        return word;
    }
}
