package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where a registry is, and the way in.
 *
 * @param host as image references write it
 * @param base of its API, scheme and authority only; http only where TLS is not wanted
 * @param tokenHosts other hosts whose token servers may get the password; the registry alone could name any
 */
public record OciEndpoint(
        @NonNull String host,
        @NonNull URI base,
        @NonNull RegistryLogin login,
        @NonNull Set<String> tokenHosts) {

    private static final URI DOCKER_HUB_API = URI.create("https://registry-1.docker.io");

    /** The hosts of token servers that are known to belong to a registry of another host. */
    private static final Map<String, String> KNOWN_TOKEN_HOSTS =
            Map.of("registry-1.docker.io", "auth.docker.io", "registry.gitlab.com", "gitlab.com");

    public OciEndpoint {
        tokenHosts = Set.copyOf(tokenHosts);
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getHost() == null || base.getRawUserInfo() != null) {
            throw new IllegalArgumentException("a registry's address is http(s)://host[:port]: " + base.getHost());
        }
    }

    /** With a token server on its own host, or none. */
    public OciEndpoint(@NonNull String host, @NonNull URI base, @NonNull RegistryLogin login) {
        this(host, base, login, Set.of());
    }

    /** The same registry, whose token server may be on other hosts, too. */
    @NonNull
    public OciEndpoint withTokenHosts(@NonNull Set<String> hosts) {
        return new OciEndpoint(host, base, login, hosts);
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

    /** Whether a token server may get the password. */
    boolean trustsTokenServer(URI realm) {
        String server = String.valueOf(realm.getHost()).toLowerCase(Locale.ROOT);
        String registry = base.getHost().toLowerCase(Locale.ROOT);
        return server.equals(registry) || server.equals(KNOWN_TOKEN_HOSTS.get(registry)) || tokenHosts.contains(server);
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
