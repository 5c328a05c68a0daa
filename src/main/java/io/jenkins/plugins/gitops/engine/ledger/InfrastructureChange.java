package io.jenkins.plugins.gitops.engine.ledger;

import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What became of a plan of Terraform in a target, or that what is there differs from its configuration: a note like the
 * other remarks on a target, so that no branch moves.
 *
 * @param note the commit of the note
 * @param plan SHA-256 of the plan's file, in hexadecimal digits
 * @param counts of resources by what the plan does to them, for example {@code added} to 2; those of none are left out
 * @param trailers everything that the note says
 */
public record InfrastructureChange(
        String application,
        String environment,
        String note,
        Instant at,
        Outcome outcome,
        String plan,
        Map<String, Integer> counts,
        Trailers trailers) {

    /** {@link Outcome#word()}; marks the note. */
    public static final String INFRASTRUCTURE = "GitOps-Infrastructure";

    /** {@code sha256:…} of the plan's file. */
    public static final String PLAN = "GitOps-Plan";

    /** {@code added=2 replaced=1}. */
    public static final String PLAN_CHANGES = "GitOps-Plan-Changes";

    private static final Pattern COUNT = Pattern.compile("(?<!\\S)([a-z]{1,20})=(\\d{1,9})(?!\\S)");

    public InfrastructureChange {
        counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    /** What became of a plan. */
    public enum Outcome {
        APPLIED,
        /** Its apply has failed or was stopped: a part of it may be there. */
        FAILED,
        /** It was made to see whether what is there differs from the configuration, and it does. */
        DRIFTED,
        /** A plan changes nothing any more. */
        UNCHANGED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether a plan was applied, or tried to. */
        public boolean isApply() {
            return this == APPLIED || this == FAILED;
        }
    }

    /** Of a note; empty where it says nothing of infrastructure. */
    static Optional<InfrastructureChange> of(CommitInfo note, Trailers trailers) {
        return trailers.value(INFRASTRUCTURE)
                .flatMap(word -> List.of(Outcome.values()).stream()
                        .filter(outcome -> outcome.word().equals(word))
                        .findFirst())
                .map(outcome -> new InfrastructureChange(
                        trailers.value(Trailers.APPLICATION).orElse(""),
                        trailers.value(Trailers.ENVIRONMENT).orElse(""),
                        note.commit(),
                        note.committedAt(),
                        outcome,
                        trailers.value(PLAN).orElse("").replaceFirst("^sha256:", ""),
                        counts(trailers.value(PLAN_CHANGES).orElse("")),
                        trailers));
    }

    private static Map<String, Integer> counts(String text) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        Matcher count = COUNT.matcher(text);
        while (count.find()) {
            counts.put(count.group(1), Integer.valueOf(count.group(2)));
        }
        return counts;
    }

    /** As {@link #PLAN_CHANGES} has them. */
    public static String text(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + "=" + count.getValue())
                .collect(Collectors.joining(" "));
    }

    /** For example {@code 2 added, 1 replaced}. */
    public String summary() {
        return counts.isEmpty()
                ? "no changes"
                : counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", "));
    }

    /** Commit of the repository with Terraform's sources that the plan was made of, as far as it is known. */
    public Optional<String> sourceCommit() {
        return trailers.value(Trailers.SOURCE_COMMIT);
    }

    /** Who approved it, else started the run; empty where nobody did, a timer for example. */
    public List<String> who() {
        List<String> approvers = trailers.values(Trailers.APPROVED_BY);
        return approvers.isEmpty()
                ? trailers.value(Trailers.STARTED_BY).stream().toList()
                : approvers;
    }
}
