package io.jenkins.plugins.gitops.engine.registry.oci;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** An {@link OciRegistry} for a server on loopback, whose pauses are recorded instead of waited for. */
final class RegistryUnderTest {

    static final Duration LIMIT = Duration.ofSeconds(5);

    private final List<Duration> pauses = new ArrayList<>();

    OciRegistry at(URI base, RegistryLogin login) {
        return at(base, login, InstantSource.system());
    }

    OciRegistry at(URI base, RegistryLogin login, InstantSource clock) {
        return at(base, login, clock, LIMIT);
    }

    OciRegistry at(URI base, RegistryLogin login, InstantSource clock, Duration limit) {
        return new OciRegistry(
                new OciEndpoint(base.getAuthority(), base, login),
                HttpClient.newHttpClient(),
                new OciSettings(limit, clock, pauses::add, new Random(42), Optional.empty()));
    }

    List<Duration> pauses() {
        return pauses;
    }
}
