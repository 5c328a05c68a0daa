package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Locale;

/** How bad a finding is, worst first. */
public enum Severity {
    CRITICAL,
    HIGH,
    MEDIUM,
    LOW,
    INFORMATIONAL,
    /** The scanner does not say, or says something new. */
    UNDEFINED;

    /** Reads a scanner's word; what is not known is {@link #UNDEFINED}. */
    @NonNull
    public static Severity of(@NonNull String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        for (Severity severity : values()) {
            if (severity.name().equals(upper)) {
                return severity;
            }
        }
        return UNDEFINED;
    }

    /** As a sentence writes it. */
    @NonNull
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
