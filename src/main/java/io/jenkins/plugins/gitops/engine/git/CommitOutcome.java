package io.jenkins.plugins.gitops.engine.git;

import java.util.List;

/** How a {@link CommitRequest} ended. */
public sealed interface CommitOutcome {

    /** The commit that holds the wished state. */
    String commit();

    /** A commit was made and is on the branch; {@code files} are the paths it changed. */
    record Committed(String commit, List<String> files) implements CommitOutcome {}

    /** A commit with this bump id was on the branch already: nothing was done. */
    record AlreadyCommitted(String commit) implements CommitOutcome {}

    /** The tip already says what was wished: no commit was made. */
    record Unchanged(String commit) implements CommitOutcome {}
}
