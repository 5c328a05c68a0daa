package io.jenkins.plugins.gitops.engine.registry;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a scan of an image says. */
public sealed interface ScanReport {

    /** How bad a finding is, worst first. */
    enum Severity {
        CRITICAL,
        HIGH,
        MEDIUM,
        LOW,
        INFORMATIONAL,
        /** The scanner does not say, or says something new. */
        UNDEFINED;

        /** Reads a scanner's word; what is not known is {@link #UNDEFINED}. */
        public static Severity of(String word) {
            String upper = word.toUpperCase(Locale.ROOT);
            return Arrays.stream(values())
                    .filter(severity -> severity.name().equals(upper))
                    .findFirst()
                    .orElse(UNDEFINED);
        }

        /** As a sentence writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One weakness.
     *
     * @param id for example {@code CVE-2026-1234}
     * @param component the package and version it is in; empty where the scanner does not say
     * @param uri where to read on; empty where there is nothing
     */
    record Finding(String id, Severity severity, String component, String uri) {

        @Override
        public String toString() {
            return id + " (" + severity.word() + (component.isEmpty() ? "" : ", " + component) + ")";
        }
    }

    /**
     * The scan is done.
     *
     * @param counts by severity, the scanner's own where it gives them; a severity that is absent has none
     * @param findings worst first; may be fewer than the counts say
     */
    record Finished(Map<Severity, Integer> counts, List<Finding> findings) implements ScanReport {

        public Finished {
            Map<Severity, Integer> sorted = new EnumMap<>(Severity.class);
            sorted.putAll(counts);
            counts = Collections.unmodifiableMap(sorted);
            findings = List.copyOf(findings);
        }

        public int count(Severity severity) {
            return counts.getOrDefault(severity, 0);
        }
    }

    /** The scan will say something later. {@code state} is the scanner's own word. */
    record Pending(String state) implements ScanReport {}

    /** There is no scan and none is coming; {@code reason} completes "… has no scan result: ". */
    record Unavailable(String reason) implements ScanReport {}
}
