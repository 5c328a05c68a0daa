package io.jenkins.plugins.gitops.engine.git;

/** The server answers, but has no such branch or ref: another name, or nobody has pushed to it yet. */
public final class BranchMissingException extends RepositoryException {

    private static final long serialVersionUID = 1L;

    public BranchMissingException(String sentence) {
        super(sentence);
    }
}
