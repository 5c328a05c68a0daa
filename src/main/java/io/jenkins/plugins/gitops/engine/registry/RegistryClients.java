package io.jenkins.plugins.gitops.engine.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The registries of a controller that are open, with what they remember: one client for each connection and host, however
 * many runs use it. What nobody used for an hour is closed, and everything at the end. Safe for any thread.
 */
public final class RegistryClients implements AutoCloseable {

    private static final Duration UNUSED = Duration.ofHours(1);
    private static final int MOST = 200;

    private record Key(RegistryConnection connection, String host) {}

    private final InstantSource clock;
    private final Cache<Key, ImageRegistry> open;

    public RegistryClients(InstantSource clock) {
        this.clock = clock;
        // What goes was not used for long, or is the least used of many: nobody is in the middle of a call.
        this.open = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(UNUSED)
                .ticker(CachedRegistry.ticker(clock))
                .executor(Runnable::run)
                .removalListener((Key key, ImageRegistry registry, RemovalCause cause) -> registry.close())
                .build();
    }

    /** The registry of an image, through the first connection that covers its host; empty where none does. */
    Optional<ImageRegistry> find(List<RegistryConnection> connections, ImageName image) {
        return connections.stream()
                .filter(connection -> connection.covers(image.host()))
                .findFirst()
                .map(connection -> open.get(
                        new Key(connection, image.host()),
                        key -> new CachedRegistry(connection.open(key.host()), clock)));
    }

    @Override
    public void close() {
        open.invalidateAll();
        open.cleanUp();
    }
}
