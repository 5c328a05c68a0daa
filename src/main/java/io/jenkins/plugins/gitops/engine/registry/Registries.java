package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the registry an image is in. Each is opened once, remembers what it was told for a while, and stays open until
 * this is closed. Safe for any thread.
 */
public final class Registries implements AutoCloseable {

    private final List<RegistryConnection> connections;
    private final InstantSource clock;
    private final Map<String, ImageRegistry> open = new ConcurrentHashMap<>();

    /** @param connections the first one that covers a host is used */
    public Registries(@NonNull List<? extends RegistryConnection> connections, @NonNull InstantSource clock) {
        this.connections = List.copyOf(connections);
        this.clock = clock;
    }

    /** The registry of an image; empty where no connection covers its host. */
    @NonNull
    public Optional<ImageRegistry> of(@NonNull ImageName image) {
        String host = image.host();
        return connections.stream()
                .filter(connection -> connection.covers(host))
                .findFirst()
                .map(connection ->
                        open.computeIfAbsent(host, missing -> new CachedRegistry(connection.open(missing), clock)));
    }

    @Override
    public void close() {
        open.values().forEach(ImageRegistry::close);
        open.clear();
    }
}
