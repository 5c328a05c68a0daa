package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import io.jenkins.plugins.gitops.engine.promotion.Declarations;
import io.jenkins.plugins.gitops.engine.promotion.ImageChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;

/** How a bump step tells what it did, to a person and to the Pipeline. */
final class BumpSummary {

    private BumpSummary() {}

    /** The step's result; plain maps, lists, strings and numbers, which a Pipeline may keep over a restart. */
    @NonNull
    static LinkedHashMap<String, Object> map(@NonNull BumpResult result, @NonNull Duration took) {
        LinkedHashMap<String, String> images = new LinkedHashMap<>();
        result.images().forEach((name, reference) -> images.put(name, reference.toString()));
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("commit", result.commit());
        map.put("branch", result.branch());
        map.put("changed", result.outcome() != BumpResult.Outcome.UNCHANGED);
        map.put("images", images);
        if (result.application() != null) {
            map.put("application", result.application());
        }
        if (result.environments().size() == 1) {
            map.put("environment", result.environments().get(0));
        }
        map.put("environments", new ArrayList<>(result.environments()));
        map.put("files", new ArrayList<>(result.paths()));
        map.put("durationMillis", took.toMillis());
        return map;
    }

    @NonNull
    static String line(@NonNull BumpResult result) {
        String commit = Declarations.shorten(result.commit());
        return switch (result.outcome()) {
            case COMMITTED -> "Committed " + commit + " to " + result.branch() + changes(result);
            case ALREADY_COMMITTED -> "This bump is commit " + commit + " on " + result.branch() + " already.";
            case UNCHANGED -> "Nothing to change: " + result.branch() + " at " + commit + " has these images already.";
        };
    }

    private static String changes(BumpResult result) {
        return result.changes().stream()
                .filter(ImageChange::isChange)
                .map(ImageChange::toString)
                .collect(Collectors.joining("; ", ": ", "."));
    }
}
