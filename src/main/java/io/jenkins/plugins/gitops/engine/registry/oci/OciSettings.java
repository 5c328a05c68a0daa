package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What an OCI client takes from its surroundings.
 *
 * @param limit of one HTTP exchange
 * @param pause used between attempts
 * @param random spreads the attempts of several clients
 * @param proxyAuthorization what the HTTP client's proxy asks for, a header value and a secret; the JDK's client sends
 *     it to the proxy alone. An {@link java.net.Authenticator} cannot do it: the client that has one drops every
 *     {@code Authorization} header it is given (JDK-8326949)
 */
public record OciSettings(
        @NonNull Duration limit,
        @NonNull InstantSource clock,
        @NonNull Pause pause,
        @NonNull RandomGenerator random,
        @NonNull Optional<String> proxyAuthorization) {

    private static final Duration USUAL_LIMIT = Duration.ofSeconds(30);
    private static final Pause SLEEP = time -> Thread.sleep(time.toMillis());

    /** For production. */
    @NonNull
    public static OciSettings usual() {
        return usual(Optional.empty());
    }

    /** For production, behind a proxy that asks for a password. */
    @NonNull
    public static OciSettings usual(@NonNull Optional<String> proxyAuthorization) {
        return new OciSettings(
                USUAL_LIMIT, InstantSource.system(), SLEEP, RandomGenerator.getDefault(), proxyAuthorization);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "OciSettings[limit=" + limit + "]";
    }
}
