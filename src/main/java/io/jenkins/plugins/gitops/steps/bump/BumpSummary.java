package io.jenkins.plugins.gitops.steps.bump;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.promotion.BumpResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/** How a bump step tells the Pipeline what it did. */
public final class BumpSummary {

    private BumpSummary() {}

    /** The step's result; plain maps, lists, strings and numbers, which a Pipeline may keep over a restart. */
    @NonNull
    public static LinkedHashMap<String, Object> map(@NonNull BumpResult result, @NonNull Duration took) {
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
}
