package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsSettings;
import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A config repository as pages read it. Items that mean the same with the same credentials share it; what one item may
 * read never answers for an item that has other credentials.
 *
 * @param place full name of the folder whose credentials open it, or empty for those of Jenkins itself
 */
record DeploymentSource(String place, RepositoryChoice choice) {

    /** As an item means it. */
    static DeploymentSource of(Item item, RepositoryChoice choice) {
        try {
            return choice.shared(item)
                    .filter(shared ->
                            GitOpsSettings.argoCdConnections(item).equals(GitOpsSettings.argoCdConnections(null)))
                    .map(DeploymentSource::shared)
                    .orElseGet(() -> new DeploymentSource(item.getParent().getFullName() + "/", choice));
        } catch (GitOpsException gone) {
            return new DeploymentSource(item.getParent().getFullName() + "/", choice);
        }
    }

    /** One that is configured for all of Jenkins. */
    static DeploymentSource shared(ConfiguredRepository configured) {
        return new DeploymentSource("", new RepositoryChoice(configured.getName(), null, null));
    }

    /**
     * Opens it. Nothing is sent yet.
     *
     * @param item that means it; null for one that is configured for all of Jenkins
     * @throws GitOpsException if it is no longer configured, or the credentials do not fit
     */
    OpenedRepository open(@CheckForNull Item item) {
        return choice.open(item);
    }

    /** Names an application of it in requests: the same as long as the source is, and no secret. */
    String idOf(String application) {
        String text = String.join("\n", place, choice.toString(), application);
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
