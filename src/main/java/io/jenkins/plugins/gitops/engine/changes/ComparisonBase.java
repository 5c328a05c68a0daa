package io.jenkins.plugins.gitops.engine.changes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;

/**
 * What a checkout is compared with.
 *
 * @param branch from where it left this branch, or null
 * @param isPullRequest whether the branch is the target of a pull request that is built; otherwise commits that the branch
 *     has already are compared with {@code previous}
 * @param previous the commit that the last successful run built, or null
 * @param previousRun that run
 */
public record ComparisonBase(
        @CheckForNull String branch,
        boolean isPullRequest,
        @CheckForNull String previous,
        @CheckForNull String previousRun)
        implements Serializable {}
