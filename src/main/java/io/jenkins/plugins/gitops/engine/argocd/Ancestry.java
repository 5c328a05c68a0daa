package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * The history of the config repository's branch, where a wait looks up how commits relate. May block and throw; it is
 * called off the event thread, and answers are remembered.
 */
@FunctionalInterface
public interface Ancestry {

    /** For waits without access to the config repository: only equal commits are known to be related. */
    Ancestry NONE = String::equals;

    /** Whether {@code descendant} is {@code ancestor} or has it in its history; false also for commits it does not know. */
    boolean isAncestor(@NonNull String ancestor, @NonNull String descendant);
}
