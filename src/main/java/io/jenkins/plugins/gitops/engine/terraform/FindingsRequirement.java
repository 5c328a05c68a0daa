package io.jenkins.plugins.gitops.engine.terraform;

import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Finding;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Finished;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The requirement of a gate that scanners found no more than it allows. */
public final class FindingsRequirement {

    public static final String ID = "findings";

    private static final int MOST_DETAILS = 100;

    private FindingsRequirement() {}

    /**
     * Empty where nothing was scanned and nothing is limited.
     *
     * @param found empty where no findings were given
     * @param limits by {@link Severity#word}; a severity that is absent has none
     */
    public static Optional<CheckResult> of(Optional<Finished> found, Map<String, Integer> limits) {
        if (found.isEmpty()) {
            return limits.isEmpty()
                    ? Optional.empty()
                    : Optional.of(CheckResult.failed(
                            ID, "gitops.yaml limits findings, and the step has none: name their files in 'findings'"));
        }
        List<String> details = details(found.get());
        List<String> exceeded = Arrays.stream(Severity.values())
                .filter(severity ->
                        found.get().count(severity) > limits.getOrDefault(severity.word(), Integer.MAX_VALUE))
                .map(severity -> found.get().count(severity) + " " + severity.word() + ", allowed are "
                        + limits.get(severity.word()))
                .toList();
        return Optional.of(
                exceeded.isEmpty()
                        ? new CheckResult(ID, CheckResult.State.PASSED, summary(found.get()), null, details)
                        : CheckResult.failed(ID, String.join("; ", exceeded), details));
    }

    /** For example {@code 1 critical, 3 low}. */
    public static String summary(Finished found) {
        return found.counts().isEmpty()
                ? "no findings"
                : found.counts().entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey().word())
                        .collect(Collectors.joining(", "));
    }

    /** The worst ones, a line each. */
    public static List<String> details(Finished found) {
        return found.findings().stream()
                .limit(MOST_DETAILS)
                .map(Finding::toString)
                .toList();
    }
}
