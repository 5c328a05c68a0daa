package io.jenkins.plugins.gitops.steps.terraform;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.gate.CheckResult;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import io.jenkins.plugins.gitops.engine.registry.ScanReport.Finished;
import io.jenkins.plugins.gitops.engine.terraform.FindingsRequirement;
import io.jenkins.plugins.gitops.engine.terraform.PlanAction;
import io.jenkins.plugins.gitops.engine.terraform.ResourceChange;
import io.jenkins.plugins.gitops.engine.terraform.TerraformPlan;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a step keeps of a plan while people look at it, over a restart: no more than it prints and returns. */
final class ReviewedPlan implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Lines that a gate shows; the log has more. */
    private static final int MOST_LINES = 200;

    private final String jsonDigest;

    @CheckForNull
    private final String binaryDigest;

    private final ArrayList<String> lines;

    /** Null where nothing was scanned. */
    @CheckForNull
    private final String findings;

    private final ArrayList<String> findingDetails = new ArrayList<>();

    /** Why there are too many, as far as the gate says; null where there are not. */
    @CheckForNull
    private String exceeded;

    private final LinkedHashMap<String, Object> result = new LinkedHashMap<>();
    private final LinkedHashMap<String, Integer> counts;

    /** Which rollback it applies, as a clause; empty for none. */
    private String rollback = "";

    private ReviewedPlan(PlanFiles.Read read, Optional<Finished> found) {
        TerraformPlan plan = read.plan();
        jsonDigest = read.jsonDigest();
        binaryDigest = read.binaryDigest();
        counts = new LinkedHashMap<>(plan.countsByWord());
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
        findings = found.map(FindingsRequirement::summary).orElse(null);
        found.ifPresent(some -> {
            findingDetails.addAll(FindingsRequirement.details(some));
            LinkedHashMap<String, Object> counts = new LinkedHashMap<>();
            some.counts().forEach((severity, count) -> counts.put(severity.word(), count));
            result.put("findings", counts);
        });
    }

    static ReviewedPlan of(PlanFiles.Read read, Optional<Finished> found) {
        return new ReviewedPlan(read, found);
    }

    /** For the log; empty where nothing was scanned. */
    List<String> findingLines() {
        List<String> all = new ArrayList<>();
        if (findings != null) {
            all.add("Findings: " + findings + ".");
            findingDetails.forEach(detail -> all.add("  " + detail));
        }
        return all;
    }

    /** As a requirement of the gate, before it opens. */
    void limit(Optional<Finished> found, Map<String, Integer> limits) {
        exceeded = FindingsRequirement.of(found, limits)
                .filter(result -> result.state() == CheckResult.State.FAILED)
                .map(CheckResult::reason)
                .orElse(null);
    }

    /** The requirement; null where nothing was scanned and nothing is limited. */
    @CheckForNull
    CheckResult findings() {
        if (exceeded != null) {
            return CheckResult.failed(FindingsRequirement.ID, exceeded, findingDetails);
        }
        return findings == null
                ? null
                : new CheckResult(FindingsRequirement.ID, CheckResult.State.PASSED, findings, null, findingDetails);
    }

    private static ArrayList<String> resources(TerraformPlan plan, PlanAction action) {
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

    /** Of the plan itself, or of the JSON where only that was named. */
    String digest() {
        return binaryDigest == null ? jsonDigest : binaryDigest;
    }

    LinkedHashMap<String, Integer> counts() {
        return counts;
    }

    /** It was made of the commit of a rollback. */
    void rollsBack(Deployment commit) {
        rollback = commit.trailers()
                .value(Trailers.ROLLBACK_TO)
                .map(good -> ", back to " + CommitInfo.abbreviate(good))
                .orElse("");
    }

    /** What it would do. */
    String summary() {
        return result.get("summary") + rollback;
    }

    /** What is approved, with what identifies it. */
    String clause() {
        return summary() + ", SHA-256 " + (binaryDigest == null ? jsonDigest + " of the JSON" : binaryDigest);
    }

    List<String> lines() {
        return lines;
    }

    /** As the step returns it; the caller may add to it. */
    LinkedHashMap<String, Object> result() {
        return new LinkedHashMap<>(result);
    }
}
