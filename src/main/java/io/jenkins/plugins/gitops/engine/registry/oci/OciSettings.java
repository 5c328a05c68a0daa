package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What an OCI client takes from its surroundings.
 *
 * @param limit of one HTTP exchange
 * @param pause used between attempts
 * @param random spreads the attempts of several clients
 */
public record OciSettings(
        @NonNull Duration limit,
        @NonNull InstantSource clock,
        @NonNull Pause pause,
        @NonNull RandomGenerator random) {

    private static final Duration USUAL_LIMIT = Duration.ofSeconds(30);

    /** For production. */
    @NonNull
    public static OciSettings usual() {
        return new OciSettings(
                USUAL_LIMIT,
                InstantSource.system(),
                time -> Thread.sleep(time.toMillis()),
                RandomGenerator.getDefault());
    }
}
