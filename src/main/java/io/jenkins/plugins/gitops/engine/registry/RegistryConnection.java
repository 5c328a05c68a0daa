package io.jenkins.plugins.gitops.engine.registry;

/**
 * A configured way to one registry, or to several of a kind. Opens nothing until it is asked to. Equal connections,
 * secrets included, share an open registry.
 */
public interface RegistryConnection {

    /** @param host as {@link ImageName#host()} */
    boolean covers(String host);

    /** Opens the registry, without asking it anything; the caller closes it. */
    ImageRegistry open(String host);
}
