package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Which config repository a step means.
 *
 * @param repository name of a configured one, or an address; null for the only one that the nearest place configures
 * @param branch null for the configured one
 * @param credentialsId null for the configured ones
 */
public record RepositoryChoice(
        @CheckForNull String repository,
        @CheckForNull String branch,
        @CheckForNull String credentialsId) implements Serializable {

    private static final long serialVersionUID = 1L;

    public RepositoryChoice {
        repository = Util.fixEmptyAndTrim(repository);
        branch = Util.fixEmptyAndTrim(branch);
        credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /**
     * Opens it with credentials that the run may use. Nothing is sent yet.
     *
     * @throws ConfigurationException if none is configured, or several are and the step names none
     * @throws UnknownNameException if none has the name, suggesting the nearest
     * @throws CredentialsException if the credentials are missing or do not fit
     */
    public OpenedRepository open(Run<?, ?> run) {
        return open(run.getParent(), CredentialLookup.of(run));
    }

    /**
     * Opens it for pages of an item, which no run stands behind. What is configured for all of Jenkins is opened with
     * the credentials that Jenkins itself has, anything else with those that the item may use.
     *
     * @param item null for pages of Jenkins itself
     * @throws ConfigurationException if none is configured, or several are and none is named
     * @throws UnknownNameException if none has the name, suggesting the nearest
     * @throws CredentialsException if the credentials are missing or do not fit
     */
    public OpenedRepository openForPages(@CheckForNull Item item) {
        return open(item, CredentialLookup.in(shared(item).isPresent() ? null : item));
    }

    /**
     * Opens it for what somebody orders on an item's page, with credentials that the item may use and
     * is recorded to use.
     *
     * @throws ConfigurationException if none is configured, or several are and none is named
     * @throws UnknownNameException if none has the name, suggesting the nearest
     * @throws CredentialsException if the credentials are missing or do not fit
     */
    public OpenedRepository openForOrders(Item item) {
        return open(item, CredentialLookup.in(item).usedBy(item));
    }

    private OpenedRepository open(@CheckForNull Item item, CredentialLookup lookup) {
        ConfiguredRepository found = find(item);
        return found.open(
                branch == null ? found.getBranch() : branch,
                credentialsId == null ? found.getCredentialsId() : credentialsId,
                lookup,
                GitOpsSettings.defaults(item));
    }

    /**
     * What is configured for all of Jenkins, if the choice means that and changes nothing of it: then the pages of
     * every item show the same.
     *
     * @throws ConfigurationException if none is configured, or several are and none is named
     * @throws UnknownNameException if none has the name, suggesting the nearest
     */
    public Optional<ConfiguredRepository> shared(@CheckForNull Item item) {
        ConfiguredRepository found = find(item);
        return Optional.of(found)
                .filter(candidate -> credentialsId == null && branch == null)
                .filter(GitOpsConfiguration.get().getRepositories()::contains);
    }

    private ConfiguredRepository find(@CheckForNull Item item) {
        return repository == null
                ? only(GitOpsSettings.nearestRepositories(item))
                : named(repository, GitOpsSettings.repositories(item));
    }

    private static ConfiguredRepository named(String wanted, List<ConfiguredRepository> configured) {
        return configured.stream()
                .filter(candidate -> candidate.getName().equals(wanted))
                .findFirst()
                .or(() -> configured.stream()
                        .filter(candidate -> candidate.getUrl().equals(wanted))
                        .findFirst())
                .orElseGet(() -> byAddress(wanted, configured));
    }

    private static ConfiguredRepository only(List<ConfiguredRepository> configured) {
        if (configured.isEmpty()) {
            throw new ConfigurationException("No config repository is configured in Jenkins: add one under"
                    + " Manage Jenkins » System » GitOps Promotion or in a folder around the job, or give the step's"
                    + " parameter 'repository'.");
        }
        if (configured.size() > 1) {
            throw new ConfigurationException(
                    "Several config repositories are configured; choose one with the step's parameter"
                            + " 'repository': one of " + String.join(", ", names(configured)) + ".");
        }
        return configured.get(0);
    }

    private static ConfiguredRepository byAddress(String address, List<ConfiguredRepository> configured) {
        if (!address.contains("/")) {
            throw new UnknownNameException(address, "config repository", "Jenkins", names(configured));
        }
        return new ConfiguredRepository(address, address);
    }

    private static List<String> names(List<ConfiguredRepository> configured) {
        return configured.stream().map(ConfiguredRepository::getName).toList();
    }
}
