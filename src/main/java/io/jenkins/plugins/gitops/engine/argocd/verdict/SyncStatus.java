package io.jenkins.plugins.gitops.engine.argocd.verdict;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a wait stands.
 *
 * @param kind of all Applications together: failed if one has, healthy when all are
 * @param verdicts of each Application, by what a person calls it (name, or what is known while it is not found)
 */
public record SyncStatus(Verdict.Kind kind, Map<String, Verdict> verdicts) {

    public SyncStatus {
        verdicts = java.util.Collections.unmodifiableMap(new TreeMap<>(verdicts));
    }

    /** What these make together. */
    public static SyncStatus of(Map<String, Verdict> verdicts) {
        return new SyncStatus(
                verdicts.values().stream()
                        .map(Verdict::kind)
                        .min(Comparator.naturalOrder())
                        .orElse(Verdict.Kind.HEALTHY),
                verdicts);
    }

    public boolean isPending() {
        return kind == Verdict.Kind.PENDING;
    }

    /** One sentence for each Application that stands where the whole stands: {@code shop-prod: …}. */
    public String summary() {
        return verdicts.entrySet().stream()
                .filter(entry -> entry.getValue().kind() == kind)
                .map(entry -> entry.getKey() + ": " + entry.getValue().explanation())
                .collect(Collectors.joining("; "));
    }

    /** What to show under the summary when it failed: operation, resources, condition, link. */
    public List<String> details() {
        return verdicts.values().stream()
                .flatMap(verdict -> verdict instanceof Verdict.Failed failed
                        ? failed.report().lines().stream()
                        : java.util.stream.Stream.empty())
                .toList();
    }
}
