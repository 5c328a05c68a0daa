package io.jenkins.plugins.gitops.engine.terraform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a plan would do.
 *
 * @param version of Terraform or OpenTofu that made it, or empty
 * @param changes of resources, those that do nothing left out; at most {@link PlanReader#MOST_CHANGES}
 * @param counts of all of them
 * @param outputs how many outputs change
 * @param drifted how many resources were changed outside of Terraform since the last run
 * @param destroyedTypes types of all resources that are destroyed or replaced
 * @param isApplyable whether there is something to apply, as the plan itself says; true where it says nothing
 * @param failedChecks addresses of the configuration's own checks that fail
 */
public record TerraformPlan(
        String version,
        List<ResourceChange> changes,
        Map<PlanAction, Integer> counts,
        int outputs,
        int drifted,
        Set<String> destroyedTypes,
        boolean isApplyable,
        List<String> failedChecks) {

    /** Lines of a log: a plan of thousands of resources is for a file. */
    private static final int MOST_LINES = 500;

    public TerraformPlan {
        changes = List.copyOf(changes);
        counts = java.util.Collections.unmodifiableMap(new TreeMap<>(counts));
        destroyedTypes = Set.copyOf(destroyedTypes);
        failedChecks = List.copyOf(failedChecks);
    }

    public int count(PlanAction action) {
        return counts.getOrDefault(action, 0);
    }

    /** Whether applying it would change nothing. */
    public boolean isEmpty() {
        return counts.isEmpty() && outputs == 0;
    }

    /**
     * Whether what is there differs from the configuration or from the state: what {@code terraform plan
     * -detailed-exitcode}, with {@code -refresh-only} or without, ends with 2 for.
     */
    public boolean isDrift() {
        return !isEmpty() || drifted > 0 && isApplyable;
    }

    /** By word, for the ledger; what there is none of is left out. */
    public Map<String, Integer> countsByWord() {
        Map<String, Integer> words = new LinkedHashMap<>();
        counts.forEach((action, count) -> words.put(action.word(), count));
        if (outputs > 0) {
            words.put("outputs", outputs);
        }
        if (isEmpty() && drifted > 0) {
            words.put("drifted", drifted);
        }
        return words;
    }

    /** For example {@code 2 to add, 1 to destroy}. */
    public String summary() {
        String resources = counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().clause())
                .collect(Collectors.joining(", "));
        String changed = outputs == 0 ? "" : outputs == 1 ? "1 output changes" : outputs + " outputs change";
        return isEmpty()
                ? "no changes"
                : Stream.of(resources, changed).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
    }

    /** For a log: resources, each with its attributes below it. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ResourceChange change : changes) {
            if (lines.size() >= MOST_LINES) {
                break;
            }
            lines.add(change.toString());
            change.attributes().forEach(attribute -> lines.add("    " + attribute));
            if (change.more() > 0) {
                lines.add("    and " + change.more() + " more");
            }
        }
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        long shown = lines.stream().filter(line -> !line.startsWith(" ")).count();
        if (shown < all) {
            lines.add("and " + (all - shown) + " more resources");
        }
        if (drifted > 0) {
            lines.add(drifted + (drifted == 1 ? " resource was" : " resources were")
                    + " changed outside of Terraform since the last run");
        }
        failedChecks.forEach(check -> lines.add("check fails: " + check));
        return lines;
    }
}
