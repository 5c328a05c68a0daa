package io.jenkins.plugins.gitops.engine.net;

import java.io.IOException;
import java.time.Duration;

/**
 * What a peer may send as one answer.
 *
 * @param bytes in all
 * @param idle time without a byte
 * @param total time from the request to the last byte; a body that trickles is never idle
 */
public record BodyLimits(long bytes, Duration idle, Duration total) {

    public BodyLimits {
        if (bytes < 1 || idle.isNegative() || idle.isZero() || total.isNegative() || total.isZero()) {
            throw new IllegalArgumentException("Limits are above zero");
        }
    }

    /** For a short answer, which may use its whole time at once. */
    public BodyLimits(long bytes, Duration total) {
        this(bytes, total, total);
    }

    /** The answer is larger than its limit. */
    public static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;
        private final long limit;

        public TooLargeException(long limit) {
            super("more than " + limit + " bytes");
            this.limit = limit;
        }

        /** In bytes. */
        public long limit() {
            return limit;
        }
    }
}
