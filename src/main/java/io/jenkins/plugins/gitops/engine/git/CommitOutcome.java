package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/** How a {@link CommitRequest} ended. */
public sealed interface CommitOutcome {

    /** The commit that holds the wished state. */
    @NonNull
    String commit();

    /** A commit was made and is on the branch; {@code files} are the paths it changed. */
    record Committed(@NonNull String commit, @NonNull List<String> files) implements CommitOutcome {}

    /** A commit with this bump id was on the branch already: nothing was done. */
    record AlreadyCommitted(@NonNull String commit) implements CommitOutcome {}

    /** The tip already says what was wished: no commit was made. */
    record Unchanged(@NonNull String commit) implements CommitOutcome {}
}
