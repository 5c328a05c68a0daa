package io.jenkins.plugins.gitops.engine.git;

import java.io.Serializable;
import java.util.List;

/** How a {@link CommitRequest} ended. */
public sealed interface CommitOutcome extends Serializable {

    /** The commit that has the requested content: the new one, an earlier one, or the tip. */
    String commit();

    /** A commit was made and is on the branch; {@code files} are the paths it changed. */
    record Committed(String commit, List<String> files) implements CommitOutcome {}

    /** A commit with this bump id was on the branch already: nothing was done. */
    record AlreadyCommitted(String commit) implements CommitOutcome {}

    /** The tip already has the requested content: no commit was made. */
    record Unchanged(String commit) implements CommitOutcome {}
}
