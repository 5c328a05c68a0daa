package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Optional;

/**
 * The registries that may be asked in one place, for example for one run.
 *
 * @param connections the first one that covers a host is used
 * @param open shared with others
 */
public record Registries(
        @NonNull List<RegistryConnection> connections,
        @NonNull OpenRegistries open) {

    public Registries {
        connections = List.copyOf(connections);
    }

    /** The registry of an image; empty where no connection covers its host. */
    @NonNull
    public Optional<ImageRegistry> of(@NonNull ImageName image) {
        String host = image.host();
        return connections.stream()
                .filter(connection -> connection.covers(host))
                .findFirst()
                .map(connection -> open.get(connection, host));
    }
}
