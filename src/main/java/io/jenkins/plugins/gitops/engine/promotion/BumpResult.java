package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a bump did.
 *
 * @param application null where files were named without a declaration
 * @param environments empty where files were named without a declaration
 * @param images by name, as written
 * @param changes image from → to for each place; empty when the commit had been made by an earlier attempt
 */
public record BumpResult(
        CommitOutcome outcome,
        String branch,
        @Nullable String application,
        List<String> environments,
        Map<String, Version> images,
        List<ImageChange> changes)
        implements Serializable {

    /** The commit that has the requested images: the new one, or the tip when nothing changed. */
    public String commit() {
        return outcome.commit();
    }

    /** Whether the files had these images already, so that nothing was done. */
    public boolean isUnchanged() {
        return outcome instanceof CommitOutcome.Unchanged;
    }

    /** Paths of the files that changed. */
    public List<String> paths() {
        return outcome instanceof CommitOutcome.Committed made ? made.files() : List.of();
    }

    /** One line for the log; every commit that the plugin makes is told once, by this. */
    String line() {
        String id = CommitInfo.abbreviate(commit());
        if (outcome instanceof CommitOutcome.Committed) {
            return "Committed " + id + " to " + branch + changed();
        }
        return isUnchanged()
                ? "Nothing to change: " + branch + " at " + id + " already has these images."
                : "Commit " + id + " on " + branch + " was already made by an earlier attempt.";
    }

    private String changed() {
        return changes.stream()
                .filter(ImageChange::isChange)
                .map(ImageChange::toString)
                .collect(Collectors.joining("; ", ": ", ""));
    }
}
