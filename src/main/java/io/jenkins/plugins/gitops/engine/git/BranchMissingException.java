package io.jenkins.plugins.gitops.engine.git;

import edu.umd.cs.findbugs.annotations.NonNull;

/** The server answers, but has no such branch or ref: another name, or nobody has pushed to it yet. */
public final class BranchMissingException extends RepositoryException {

    private static final long serialVersionUID = 1L;

    public BranchMissingException(@NonNull String sentence) {
        super(sentence);
    }
}
