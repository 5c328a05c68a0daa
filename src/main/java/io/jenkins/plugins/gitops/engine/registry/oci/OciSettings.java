package io.jenkins.plugins.gitops.engine.registry.oci;

import io.jenkins.plugins.gitops.engine.net.Authorities;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.http.HttpClient;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What OCI clients take from their surroundings.
 *
 * @param clients builds a client for a registry with a certificate authority of its own
 * @param shared the client of all other registries, which holds no credentials of any
 * @param limit of one HTTP exchange
 * @param pause waits between attempts; returns when its thread is interrupted, and leaves it interrupted
 * @param random spreads the attempts of several clients
 */
public record OciSettings(
        HttpClients clients,
        HttpClient shared,
        Duration limit,
        InstantSource clock,
        Consumer<Duration> pause,
        RandomGenerator random) {

    private static final String THREADS = "registries";

    public OciSettings(
            HttpClients clients,
            Duration limit,
            InstantSource clock,
            Consumer<Duration> pause,
            RandomGenerator random) {
        this(clients, clients.build(THREADS), limit, clock, pause, random);
    }

    /** For production. */
    public static OciSettings usual(HttpClients clients) {
        return new OciSettings(
                clients,
                Duration.ofSeconds(30),
                InstantSource.system(),
                OciSettings::sleep,
                RandomGenerator.getDefault());
    }

    /** @param authority certificates in PEM that alone vouch for the registry; empty for those that the JVM trusts */
    HttpClient client(Optional<String> authority) throws CertificateException {
        return authority.isEmpty()
                ? shared
                : clients.trusting(Authorities.trusting(authority.get())).build(THREADS);
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
