package io.jenkins.plugins.gitops.engine.registry;

/** Whether a registry lets a tag be moved to another image. */
public enum TagMutability {
    /** No tag of the repository can be moved. */
    IMMUTABLE,
    /** Some can: the repository has exclusions. */
    PARTLY,
    MUTABLE,
    /** The registry does not say; the OCI protocol has no word for it. */
    UNKNOWN
}
