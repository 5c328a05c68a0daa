package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;

/**
 * A wish to promote.
 *
 * @param id unique; gate and commit carry it, so the same wish never promotes twice
 * @param repositoryUrl without a password, for the gate's page
 * @param from the environment the release comes from, or null for the one that the declaration says
 */
public record PromotionRequest(
        @NonNull String id,
        @NonNull String repositoryUrl,
        @NonNull String defaultBranch,
        @NonNull String application,
        @NonNull String environment,
        @Nullable String from,
        @NonNull Provenance provenance,
        @NonNull Identity author) {}
