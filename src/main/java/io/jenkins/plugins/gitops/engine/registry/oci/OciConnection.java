package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImageRegistry;
import io.jenkins.plugins.gitops.engine.registry.RegistryConnection;
import java.net.http.HttpClient;

/**
 * The way to one OCI registry.
 *
 * @param http follows no redirects; shared by connections, so not closed with them
 */
public record OciConnection(
        @NonNull OciEndpoint endpoint,
        @NonNull HttpClient http,
        @NonNull OciSettings settings) implements RegistryConnection {

    @Override
    public boolean covers(@NonNull String host) {
        return endpoint.host().equals(host);
    }

    @Override
    @NonNull
    public ImageRegistry open(@NonNull String host) {
        return new OciRegistry(endpoint, http, settings);
    }
}
