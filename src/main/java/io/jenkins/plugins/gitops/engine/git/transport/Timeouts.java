package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/**
 * How long a silent server is waited for.
 *
 * @param connect until a connection stands
 * @param idle without a byte, from a server that may be running hooks
 */
public record Timeouts(@NonNull Duration connect, @NonNull Duration idle) {

    public static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(120));

    public Timeouts {
        if (connect.isNegative() || connect.isZero() || idle.isNegative() || idle.isZero()) {
            throw new IllegalArgumentException("Timeouts are longer than zero");
        }
    }
}
