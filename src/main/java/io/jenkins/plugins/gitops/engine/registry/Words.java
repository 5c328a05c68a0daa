package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Numbers and lists as the policy's sentences write them. */
final class Words {

    private static final int EXAMPLES = 3;

    private Words() {}

    /** In days from two days on, in hours from two hours on, else in minutes. */
    @NonNull
    static String time(@NonNull Duration time) {
        if (time.toDays() >= 2) {
            return time.toDays() + " days";
        }
        return time.toHours() >= 2 ? time.toHours() + " hours" : time.toMinutes() + " minutes";
    }

    /** Some findings of a severity, in parentheses after a space; empty if there are none. */
    @NonNull
    static String examples(@NonNull ScanReport.Finished report, @NonNull Severity severity) {
        List<String> ids = report.findings().stream()
                .filter(finding -> finding.severity() == severity)
                .map(ScanReport.Finding::id)
                .toList();
        if (ids.isEmpty()) {
            return "";
        }
        String more = ids.size() > EXAMPLES ? ", …" : "";
        return ids.stream().limit(EXAMPLES).collect(Collectors.joining(", ", " (", more + ")"));
    }
}
