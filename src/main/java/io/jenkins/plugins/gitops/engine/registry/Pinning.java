package io.jenkins.plugins.gitops.engine.registry;

/** How a verified image is written into the config repository. */
public enum Pinning {
    /** With its digest; a tag that was given stays visible beside it. */
    BY_DIGEST,
    /** As it was given. */
    AS_GIVEN
}
