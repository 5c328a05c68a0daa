package io.jenkins.plugins.gitops.engine.argocd.verdict;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Relates revisions to the commit that is waited for. Must not block: what is not known yet is UNKNOWN. */
@FunctionalInterface
public interface Lineage {

    @NonNull
    Kinship of(@NonNull String revision);
}
