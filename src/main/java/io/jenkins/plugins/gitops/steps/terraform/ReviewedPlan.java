package io.jenkins.plugins.gitops.steps.terraform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.terraform.Plan;
import io.jenkins.plugins.gitops.engine.terraform.PlanAction;
import io.jenkins.plugins.gitops.engine.terraform.ResourceChange;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** What a step keeps of a plan while people look at it, over a restart: no more than it prints and returns. */
final class ReviewedPlan implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Lines that a gate shows; the log has more. */
    private static final int MOST_LINES = 200;

    private final String jsonDigest;

    @CheckForNull
    private final String binaryDigest;

    private final ArrayList<String> lines;
    private final LinkedHashMap<String, Object> result = new LinkedHashMap<>();

    private ReviewedPlan(PlanFiles.Read read) {
        Plan plan = read.plan();
        jsonDigest = read.jsonDigest();
        binaryDigest = read.binaryDigest();
        List<String> all = plan.lines();
        lines = new ArrayList<>(all.subList(0, Math.min(MOST_LINES, all.size())));
        if (lines.size() < all.size()) {
            lines.add("and more, in the log");
        }
        result.put("changed", !plan.isEmpty());
        result.put("summary", plan.summary());
        result.put("added", resources(plan, PlanAction.CREATE));
        result.put("updated", resources(plan, PlanAction.UPDATE));
        result.put("replaced", resources(plan, PlanAction.REPLACE));
        result.put("destroyed", resources(plan, PlanAction.DESTROY));
        result.put("moved", resources(plan, PlanAction.MOVE));
        result.put("imported", resources(plan, PlanAction.IMPORT));
        result.put("drifted", plan.drifted());
        result.put("jsonSha256", jsonDigest);
        if (binaryDigest != null) {
            result.put("sha256", binaryDigest);
        }
    }

    static ReviewedPlan of(PlanFiles.Read read) {
        return new ReviewedPlan(read);
    }

    private static ArrayList<String> resources(Plan plan, PlanAction action) {
        return new ArrayList<>(plan.changes().stream()
                .filter(change -> change.action() == action)
                .map(ResourceChange::address)
                .toList());
    }

    String jsonDigest() {
        return jsonDigest;
    }

    @CheckForNull
    String binaryDigest() {
        return binaryDigest;
    }

    /** What is approved, with what identifies it. */
    String clause() {
        return result.get("summary") + ", SHA-256 "
                + (binaryDigest == null ? jsonDigest + " of the JSON" : binaryDigest);
    }

    List<String> lines() {
        return lines;
    }

    /** As the step returns it; the caller may add to it. */
    LinkedHashMap<String, Object> result() {
        return new LinkedHashMap<>(result);
    }
}
