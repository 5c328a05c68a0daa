package io.jenkins.plugins.gitops.engine.registry;

import io.jenkins.plugins.gitops.engine.registry.ImagePolicy.InvalidPolicyException;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Severity;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many findings of a scan an image may have.
 *
 * @param most by severity; a severity that is absent has no limit; empty asks for no scan
 * @param scanTime how long a scan may stay unfinished
 */
public record FindingLimits(Map<Severity, Integer> most, Duration scanTime) {

    /** Long enough for basic scanning of big images. */
    public static final Duration DEFAULT_SCAN_TIME = Duration.ofMinutes(15);

    private static final Pattern LINE = Pattern.compile("(\\w+)\\s*[:= ]\\s*(\\d{1,6})");

    /** Asks for no scan. */
    public static final FindingLimits NONE = new FindingLimits(Map.of(), DEFAULT_SCAN_TIME);

    public FindingLimits {
        Map<Severity, Integer> sorted = new EnumMap<>(Severity.class);
        sorted.putAll(most);
        if (sorted.values().stream().anyMatch(limit -> limit < 0)) {
            throw new InvalidPolicyException(String.valueOf(most), "a number of findings is 0 or more");
        }
        most = Collections.unmodifiableMap(sorted);
    }

    /**
     * Reads one limit a line, for example {@code critical: 0}; nothing asks for no scan.
     *
     * @throws InvalidPolicyException if a line is not a severity and a number
     */
    public static FindingLimits parse(String text, Duration scanTime) {
        Map<Severity, Integer> most = new EnumMap<>(Severity.class);
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            Severity severity = matcher.matches() ? Severity.of(matcher.group(1)) : Severity.UNDEFINED;
            if (severity == Severity.UNDEFINED) {
                throw new InvalidPolicyException(
                        line, "write critical, high, medium, low or informational and a number, like critical: 0");
            }
            most.put(severity, Integer.valueOf(matcher.group(2)));
        });
        return new FindingLimits(most, scanTime);
    }

    public boolean askForScan() {
        return !most.isEmpty();
    }
}
