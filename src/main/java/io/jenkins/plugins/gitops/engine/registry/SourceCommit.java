package io.jenkins.plugins.gitops.engine.registry;

/** Where a release's source commit comes from when it is not given. */
public enum SourceCommit {
    /** From nowhere. */
    AS_GIVEN,
    /** From the images' own word, {@code org.opencontainers.image.revision}; two or three requests more when cold. */
    FROM_IMAGE
}
