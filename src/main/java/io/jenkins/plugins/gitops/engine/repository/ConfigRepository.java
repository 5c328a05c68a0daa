package io.jenkins.plugins.gitops.engine.repository;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import java.util.List;

/**
 * One remote config repository, read and written without a work tree. Safe for any thread. Blocking: call it off the
 * CPS thread; an interrupt ends it. Every method throws {@link RepositoryException} with one sentence.
 */
public interface ConfigRepository {

    /** The branch as the server has it now. */
    @NonNull
    Snapshot tip(@NonNull String branch, @NonNull Progress progress);

    /** The tree at a commit that is reachable from the branch; {@code commit} is a full or unique abbreviated id. */
    @NonNull
    Snapshot at(@NonNull String branch, @NonNull String commit, @NonNull Progress progress);

    /**
     * Makes one commit on the tip of the branch and pushes it as a compare-and-swap; when the branch moves, the edit is
     * applied again to the new tip. Exactly once per {@link CommitRequest#bumpId()}.
     */
    @NonNull
    CommitOutcome commit(@NonNull CommitRequest request, @NonNull Progress progress);

    /** Whether {@code descendant} is {@code ancestor} or has it in its history. */
    boolean isAncestor(
            @NonNull String branch, @NonNull String ancestor, @NonNull String descendant, @NonNull Progress progress);

    /** Commits of the branch, newest first, that satisfy the query. */
    @NonNull
    List<CommitInfo> history(@NonNull String branch, @NonNull HistoryQuery query, @NonNull Progress progress);
}
