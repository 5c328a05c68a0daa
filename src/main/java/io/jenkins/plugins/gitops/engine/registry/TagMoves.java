package io.jenkins.plugins.gitops.engine.registry;

/** What a policy says to tags that can be moved to another image. */
public enum TagMoves {
    /** Fine, as the digest decides what runs. */
    ALLOWED,
    /** The registry must keep every tag where it is. */
    FORBIDDEN
}
