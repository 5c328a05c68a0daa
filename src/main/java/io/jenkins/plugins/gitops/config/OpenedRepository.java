package io.jenkins.plugins.gitops.config;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.CommitTemplate;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.promotion.PendingDelivery;
import java.util.List;

/**
 * A config repository with the settings a step works under.
 *
 * @param name as configured, or the address where the step gave one
 * @param url without a password
 * @param branch where {@code gitops.yaml} stands
 * @param author of the commits
 * @param ticketPattern finds the ticket of commits in the name of a branch
 */
public record OpenedRepository(
        String name, String url, String branch, Identity author, String ticketPattern, ConfigRepository repository) {

    /**
     * Closes the pull request of a bump, promotion or rollback that nobody waits for any more, if there is an open one.
     * Blocking.
     *
     * @param id of the request
     * @param reason a sentence for its readers
     */
    public void abandon(String application, List<String> environments, String id, String reason) {
        PendingDelivery.abandon(repository, branch, application, environments, id, reason, Progress.SILENT);
    }

    /**
     * Has no server merge the pull request of a promotion or rollback by itself while its gate checks again. Blocking.
     *
     * @throws PendingDelivery while the server does not answer
     */
    public void takeBack(GateSubject.Promotion subject) {
        PendingDelivery.takeBack(
                repository, branch, subject.application(), subject.environment(), subject.gate(), Progress.SILENT);
    }

    /** The same, for files on another branch. */
    public OpenedRepository on(String otherBranch) {
        return new OpenedRepository(name, url, otherBranch, author, ticketPattern, repository);
    }

    /** The same, with the messages of commits as a template has them, within what is configured. */
    public OpenedRepository with(CommitTemplate template) {
        return new OpenedRepository(name, url, branch, author, ticketPattern, repository.with(template));
    }
}
