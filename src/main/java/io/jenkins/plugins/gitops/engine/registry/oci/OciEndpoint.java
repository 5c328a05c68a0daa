package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import java.net.URI;

/**
 * Where a registry is, and the way in.
 *
 * @param host as image references write it
 * @param base of its API, scheme and authority only; http only where TLS is not wanted
 */
public record OciEndpoint(
        @NonNull String host, @NonNull URI base, @NonNull RegistryLogin login) {

    private static final URI DOCKER_HUB_API = URI.create("https://registry-1.docker.io");

    public OciEndpoint {
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getHost() == null || base.getRawUserInfo() != null) {
            throw new IllegalArgumentException("a registry's address is http(s)://host[:port]: " + base.getHost());
        }
    }

    /** With TLS, at the address that follows from the host. */
    @NonNull
    public static OciEndpoint at(@NonNull String host, @NonNull RegistryLogin login) {
        URI base = host.equals(ImageName.DOCKER_HUB) ? DOCKER_HUB_API : URI.create("https://" + host);
        return new OciEndpoint(host, base, login);
    }

    /** Without TLS, for registries inside a trusted network. */
    @NonNull
    public static OciEndpoint plain(@NonNull String host, @NonNull RegistryLogin login) {
        return new OciEndpoint(host, URI.create("http://" + host), login);
    }

    boolean sameOrigin(URI other) {
        return base.getScheme().equals(other.getScheme())
                && base.getHost().equalsIgnoreCase(String.valueOf(other.getHost()))
                && port(base) == port(other);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
