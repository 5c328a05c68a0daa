package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many findings of a scan an image may have.
 *
 * @param most by severity; a severity that is absent has no limit; empty asks for no scan
 * @param patience how long a scan may stay unfinished
 */
public record FindingLimits(
        @NonNull Map<Severity, Integer> most, @NonNull Duration patience) {

    /** Long enough for basic scanning of big images. */
    public static final Duration USUAL_PATIENCE = Duration.ofMinutes(15);

    /** Asks for no scan. */
    public static final FindingLimits NONE = new FindingLimits(Map.of(), USUAL_PATIENCE);

    public FindingLimits {
        Map<Severity, Integer> sorted = new EnumMap<>(Severity.class);
        sorted.putAll(most);
        if (sorted.values().stream().anyMatch(limit -> limit < 0)) {
            throw new InvalidPolicyException(String.valueOf(most), "a number of findings is 0 or more");
        }
        most = Collections.unmodifiableMap(sorted);
    }

    public boolean askForScan() {
        return !most.isEmpty();
    }
}
