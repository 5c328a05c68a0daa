package io.jenkins.plugins.gitops.steps.support.sync;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.argocd.AwaitedApplications;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.model.Durations;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * What a step found that it waits for when it began; a restart of the controller changes nothing of it.
 *
 * @param id marks syncs that the step asks for
 * @param deadline absolute, so that the time of a restart counts
 */
public record AwaitSyncPlan(String id, Instant deadline, ArrayList<Leg> legs) implements Serializable {

    /**
     * One line for each environment.
     *
     * @param time how long is waited at most
     */
    List<String> announcement(Duration time) {
        return legs.stream()
                .map(leg -> "Waiting up to " + Durations.text(time) + " for " + leg.title()
                        + Optional.ofNullable(leg.commit())
                                .map(commit -> " to run commit " + CommitInfo.abbreviate(commit))
                                .orElse("")
                        + (leg.images().isEmpty()
                                ? "."
                                : ": " + String.join(", ", leg.images().values()) + "."))
                .toList();
    }

    /**
     * One environment.
     *
     * @param title {@code shop/dev}
     * @param application as gitops.yaml names it; null, as the environment, where Argo CD Applications were named
     * @param branch of the config repository; null where nothing is known of one
     * @param commit null to wait without one
     * @param images as texts, by name
     * @param url of the config repository, or null
     */
    public record Leg(
            String title,
            @CheckForNull String application,
            @CheckForNull String environment,
            @CheckForNull String branch,
            @CheckForNull String commit,
            LinkedHashMap<String, String> images,
            @CheckForNull String url,
            ArrayList<AwaitedApplications> watched)
            implements Serializable {}
}
