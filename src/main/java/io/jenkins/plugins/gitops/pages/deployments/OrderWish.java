package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.gitops.config.RepositoryChoice;

/**
 * What somebody ordered on a job's page, after their permission was checked.
 *
 * @param id unique for the click; gives the commit its id, so that a repeated request commits once
 * @param wanted of a promotion the environment the release comes from, of a rollback the commit of the deployment to go
 *     back to; null for what the declaration, or the history, says
 * @param reason one line, never empty
 */
record OrderWish(
        @NonNull String id,
        @NonNull Job<?, ?> job,
        @NonNull RepositoryChoice choice,
        @NonNull String application,
        @NonNull String environment,
        @NonNull Order.Kind kind,
        @CheckForNull String wanted,
        @NonNull String reason,
        @NonNull String by) {}
