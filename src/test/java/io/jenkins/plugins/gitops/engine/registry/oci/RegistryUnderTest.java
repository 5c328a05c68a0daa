package io.jenkins.plugins.gitops.engine.registry.oci;

import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** An {@link OciRegistry} for a server on loopback, whose pauses are recorded instead of waited for. */
final class RegistryUnderTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final List<Duration> pauses = new ArrayList<>();

    OciRegistry at(URI base, Optional<RegistryLogin> login) {
        return at(base, login, InstantSource.system());
    }

    OciRegistry at(URI base, Optional<RegistryLogin> login, InstantSource clock) {
        return new OciRegistry(connection(base, login, Set.of(), Optional.empty(), settings(LIMIT, clock)));
    }

    OciRegistry within(Duration limit, URI base) {
        return new OciRegistry(connection(
                base, Optional.empty(), Set.of(), Optional.empty(), settings(limit, InstantSource.system())));
    }

    OciRegistry withTokenHosts(URI base, Optional<RegistryLogin> login, String... tokenHosts) {
        return new OciRegistry(
                connection(base, login, Set.of(tokenHosts), Optional.empty(), settings(LIMIT, InstantSource.system())));
    }

    OciRegistry trusting(URI base, String pem) {
        return new OciRegistry(connection(
                base, Optional.empty(), Set.of(), Optional.of(pem), settings(LIMIT, InstantSource.system())));
    }

    List<Duration> pauses() {
        return pauses;
    }

    private static OciConnection connection(
            URI base,
            Optional<RegistryLogin> login,
            Set<String> tokenHosts,
            Optional<String> certificateAuthority,
            OciSettings settings) {
        return new OciConnection(base.getAuthority(), base, login, tokenHosts, certificateAuthority, settings);
    }

    private OciSettings settings(Duration limit, InstantSource clock) {
        return new OciSettings(HttpClients.DEFAULT, limit, clock, pauses::add, new Random(42));
    }
}
