package io.jenkins.plugins.gitops.engine.argocd;

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
}
