package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;

/** How a revision that Argo CD reports relates to the commit that is waited for. */
public enum CommitRelation {
    /** It is the commit. */
    SAME,
    /** It has the commit in its history. */
    NEWER,
    /** The commit has it in its history. */
    OLDER,
    /** Neither: another branch, another repository, a chart version. */
    UNRELATED,
    /** Not looked up yet, or the config repository cannot be asked now. */
    UNKNOWN;

    /** Whether an Application at this revision has the commit. */
    public boolean hasArrived() {
        return this == SAME || this == NEWER;
    }

    /** Relates revisions to the commit. Must not block: what is not known yet is UNKNOWN. */
    @FunctionalInterface
    public interface Lookup {

        @NonNull
        CommitRelation of(@NonNull String revision);
    }

    /**
     * The history of the config repository's branch. May block and throw; it is called off the event thread, and answers
     * are remembered.
     */
    @FunctionalInterface
    public interface Ancestry {

        /** For waits without access to the config repository: how two different commits relate stays unknown. */
        Ancestry NONE = String::equals;

        /** Whether {@code descendant} is {@code ancestor} or has it in its history; false also for unknown commits. */
        boolean isAncestor(@NonNull String ancestor, @NonNull String descendant);
    }
}
