package io.jenkins.plugins.gitops.config;

import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.CommitTemplate;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;

/**
 * A config repository with the settings a step works under.
 *
 * @param name as configured, or the address where the step gave one
 * @param url without a password
 * @param branch where {@code gitops.yaml} stands
 * @param author of the commits
 */
public record OpenedRepository(String name, String url, String branch, Identity author, ConfigRepository repository) {

    /** The same, for files on another branch. */
    public OpenedRepository on(String otherBranch) {
        return new OpenedRepository(name, url, otherBranch, author, repository);
    }

    /** The same, with the messages of commits as a template has them, within what is configured. */
    public OpenedRepository with(CommitTemplate template) {
        return new OpenedRepository(name, url, branch, author, repository.with(template));
    }
}
