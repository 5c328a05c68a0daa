package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;

/**
 * That releases come into an environment by pull requests, and how.
 *
 * @param provider kind of the server, as {@code engine.forge} names it; null for what the repository's address tells
 * @param reviewers who is asked for a review, by the names of the server
 * @param labels of the pull request
 * @param merge who or what merges it
 * @param autoMerge whether its server merges it by itself as soon as the rules of the branch allow it
 */
public record DeliveryDefinition(
        @CheckForNull String provider, List<String> reviewers, List<String> labels, Merge merge, boolean autoMerge) {

    public DeliveryDefinition {
        reviewers = List.copyOf(reviewers);
        labels = List.copyOf(labels);
    }

    /** How a pull request is merged once its checks have passed and its reviews allow it. */
    public enum Merge {
        /** By the plugin, with a merge commit. */
        MERGE,
        /** By the plugin, as one commit. */
        SQUASH,
        /** By the plugin, with its commit on the newest of the branch. */
        REBASE,
        /** By a person. */
        PEOPLE
    }
}
