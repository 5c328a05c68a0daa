package io.jenkins.plugins.gitops.engine.freeze;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;

/** From an instant, inclusive, to a later one, exclusive. */
record Period(@NonNull Instant from, @NonNull Instant to) {

    boolean contains(@NonNull Instant instant) {
        return !instant.isBefore(from) && instant.isBefore(to);
    }
}
