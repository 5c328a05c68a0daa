package io.jenkins.plugins.gitops.engine.registry.oci;

import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry;
import io.jenkins.plugins.gitops.engine.registry.RegistryConnection;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The way to one OCI registry.
 *
 * @param host as image references write it
 * @param base of its API, scheme and authority only; http only where TLS is not wanted
 * @param login empty for anonymous requests
 * @param tokenHosts other hosts, each with or without a port, whose token servers may get the password: the registry alone
 *     could name any
 * @param certificateAuthority certificates in PEM that alone vouch for the registry and its token server; empty for those
 *     that the JVM trusts
 */
public record OciConnection(
        String host,
        URI base,
        Optional<RegistryLogin> login,
        Set<String> tokenHosts,
        Optional<String> certificateAuthority,
        OciSettings settings)
        implements RegistryConnection {

    private static final URI DOCKER_HUB_API = URI.create("https://registry-1.docker.io");

    /** The hosts of token servers that are known to belong to a registry of another host. */
    private static final Map<String, String> KNOWN_TOKEN_HOSTS =
            Map.of("registry-1.docker.io", "auth.docker.io", "registry.gitlab.com", "gitlab.com");

    public OciConnection {
        tokenHosts = Set.copyOf(tokenHosts);
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getHost() == null || base.getRawUserInfo() != null) {
            throw new IllegalArgumentException("a registry's address is http(s)://host[:port]: " + base.getHost());
        }
    }

    /** The address of a registry's API that follows from its host, with TLS. */
    public static URI baseOf(String host) {
        return host.equals(ImageName.DOCKER_HUB) ? DOCKER_HUB_API : URI.create("https://" + host);
    }

    @Override
    public boolean covers(String other) {
        return host.equals(other);
    }

    @Override
    public ImageRegistry open(String ignored) {
        return new OciRegistry(this);
    }

    /** Whether a token server may get the password: of the registry's own host on any port, of others as they are listed. */
    boolean trustsTokenServer(URI realm) {
        String server = realm.getHost().toLowerCase(Locale.ROOT);
        String registry = base.getHost().toLowerCase(Locale.ROOT);
        return server.equals(registry)
                || server.equals(KNOWN_TOKEN_HOSTS.get(registry))
                || tokenHosts.contains(server)
                || tokenHosts.contains(server + ":" + port(realm));
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
