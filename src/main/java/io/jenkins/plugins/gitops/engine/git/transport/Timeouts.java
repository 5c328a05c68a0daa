package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/**
 * How long a server is waited for.
 *
 * @param connect until a connection stands
 * @param idle without a byte, from a server that may be running hooks
 * @param total from a request to the last byte of its answer
 */
public record Timeouts(
        @NonNull Duration connect,
        @NonNull Duration idle,
        @NonNull Duration total) {

    public static final Timeouts DEFAULT = new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(120));

    public Timeouts {
        if (connect.isNegative() || connect.isZero() || idle.isNegative() || idle.isZero() || total.isNegative()) {
            throw new IllegalArgumentException("Timeouts are longer than zero");
        }
    }

    /** With ten minutes for a whole answer. */
    public Timeouts(@NonNull Duration connect, @NonNull Duration idle) {
        this(connect, idle, Duration.ofMinutes(10));
    }
}
