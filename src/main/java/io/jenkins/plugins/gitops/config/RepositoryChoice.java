package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.git.RepositoryAddress;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which config repository a step means. One that is configured is opened with what is configured for it, whoever asks; an
 * address that no place configures, with what the step's own run may use.
 *
 * @param repository name of a configured one, or an address; null for the only one that the nearest place configures
 * @param branch of an address, or of files that a step names; null for the configured one
 * @param credentialsId of an address; null for none
 */
public record RepositoryChoice(
        @CheckForNull String repository,
        @CheckForNull String branch,
        @CheckForNull String credentialsId) implements Serializable {

    /** The only one that the nearest place configures. */
    public static final RepositoryChoice USUAL = new RepositoryChoice(null, null, null);

    public RepositoryChoice {
        repository = Util.fixEmptyAndTrim(repository);
        branch = Util.fixEmptyAndTrim(branch);
        credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /**
     * Opens it for a run, whose use of credentials is recorded. Nothing is sent yet.
     *
     * @throws ConfigurationException if none is configured, several are and none is named, or the choice sets what only
     *     the configuration may
     * @throws UnknownNameException if none has the name, suggesting the nearest
     * @throws CredentialsException if the credentials are missing or do not fit
     */
    public OpenedRepository open(Run<?, ?> run) {
        return open(run.getParent(), CredentialLookup.of(run), lookup -> lookup.usedBy(run));
    }

    /** Likewise, where the branch is that of files which the step names: no declaration is read from it. */
    public OpenedRepository openForFiles(Run<?, ?> run) {
        if (branch == null || configured(run.getParent()).isEmpty()) {
            return open(run);
        }
        RepositoryConnector.requireBranch(branch);
        return new RepositoryChoice(repository, null, credentialsId).open(run);
    }

    /** Likewise for an item's pages, or for those of Jenkins itself where there is none; nobody is recorded. */
    public OpenedRepository open(@CheckForNull Item item) {
        return open(item, CredentialLookup.in(item), UnaryOperator.identity());
    }

    /** Likewise for what somebody orders on an item's page; the item is recorded. */
    public OpenedRepository openForOrders(Item item) {
        return open(item, CredentialLookup.in(item).usedBy(item), lookup -> lookup.usedBy(item));
    }

    private OpenedRepository open(
            @CheckForNull Item item, CredentialLookup own, UnaryOperator<CredentialLookup> recorded) {
        requireFit(item);
        return configured(item)
                .map(connector -> connector.open(recorded))
                .orElseGet(() -> RepositoryConnector.openAddress(address(), own));
    }

    /**
     * What is configured for all of Jenkins, if the choice means that: then the pages of every item show the same.
     *
     * @throws ConfigurationException if none is configured, or several are and none is named
     * @throws UnknownNameException if none has the name, suggesting the nearest
     */
    public Optional<ConfiguredRepository> shared(@CheckForNull Item item) {
        return configured(item).filter(RepositoryConnector::isShared).map(RepositoryConnector::repository);
    }

    /** Empty where the choice is an address that no place configures. */
    Optional<RepositoryConnector> configured(@CheckForNull Item item) {
        return repository == null
                ? Optional.of(only(GitOpsSettings.nearestRepositories(item)))
                : named(repository, GitOpsSettings.repositoryConnectors(item));
    }

    private static Optional<RepositoryConnector> named(String wanted, List<RepositoryConnector> configured) {
        Optional<RepositoryConnector> found = configured.stream()
                .filter(candidate -> candidate.repository().getName().equals(wanted))
                .findFirst()
                .or(() -> configured.stream()
                        .filter(candidate ->
                                RepositoryAddress.isSame(candidate.repository().getUrl(), wanted))
                        .findFirst());
        if (found.isEmpty() && !wanted.contains("/")) {
            throw new UnknownNameException(wanted, "config repository", "Jenkins", names(configured));
        }
        return found;
    }

    private static RepositoryConnector only(List<RepositoryConnector> configured) {
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

    private static List<String> names(List<RepositoryConnector> configured) {
        return configured.stream()
                .map(connector -> connector.repository().getName())
                .toList();
    }

    /**
     * For forms as well, before anything is opened.
     *
     * @throws ConfigurationException as {@link #open} does
     * @throws UnknownNameException likewise
     */
    public void requireFit(@CheckForNull Item item) {
        configured(item)
                .map(RepositoryConnector::repository)
                .ifPresentOrElse(this::requireNothingOfItsOwn, RepositoryChoice::requireAddressesAllowed);
    }

    private void requireNothingOfItsOwn(ConfiguredRepository configured) {
        if (credentialsId != null) {
            throw new ConfigurationException("The config repository '" + configured.getName()
                    + "' is opened with the credentials that are configured for it: remove 'credentialsId', which is"
                    + " for an address in 'repository'.");
        }
        if (branch != null) {
            throw new ConfigurationException("gitops.yaml and its gates are read from the configured branch '"
                    + configured.getBranch() + "' of '" + configured.getName()
                    + "' alone: remove 'branch', which is for bumps of a 'file'; an environment elsewhere has its"
                    + " 'branch' in gitops.yaml, another declaration is another config repository in Jenkins.");
        }
    }

    private static void requireAddressesAllowed() {
        if (GitOpsConfiguration.get().isOnlyConfiguredRepositories()) {
            throw new ConfigurationException("'Only configured repositories' under Manage Jenkins » System » GitOps"
                    + " Promotion forbids addresses in 'repository': give the name of a config repository, or ask an"
                    + " administrator to configure this one.");
        }
    }

    private ConfiguredRepository address() {
        String address = String.valueOf(repository);
        ConfiguredRepository given = new ConfiguredRepository(address, address);
        given.setBranch(branch);
        given.setCredentialsId(credentialsId);
        return given;
    }
}
