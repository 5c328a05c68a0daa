package io.jenkins.plugins.gitops.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Identity;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositoryAddress;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import io.jenkins.plugins.gitops.engine.model.BranchName;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Opens a config repository with the credentials, author and signing key of the place that configures it. Jobs
 * need no credentials of their own.
 */
final class RepositoryConnector {

    private static final Identity DEFAULT_AUTHOR = new Identity("Jenkins GitOps", "gitops@jenkins.invalid");

    private final ConfiguredRepository repository;
    private final Item place;

    /** @param place the item that configures it; null for Jenkins itself */
    RepositoryConnector(ConfiguredRepository repository, @CheckForNull Item place) {
        this.repository = repository;
        this.place = place;
    }

    ConfiguredRepository repository() {
        return repository;
    }

    /** Whether it is configured for all of Jenkins. */
    boolean isShared() {
        return place == null;
    }

    /**
     * Nothing is sent yet.
     *
     * @param recorded has the use of what is looked up recorded
     * @throws CredentialsException if the credentials are missing or do not fit
     * @throws ConfigurationException if the configured branch is not a branch name
     */
    OpenedRepository open(UnaryOperator<CredentialLookup> recorded) {
        ConfiguredDefaults defaults = GitOpsSettings.defaults(place);
        return opened(
                repository,
                recorded.apply(CredentialLookup.in(place)),
                new Identity(
                        first(repository.getAuthorName(), defaults.getAuthorName(), DEFAULT_AUTHOR.name()),
                        first(repository.getAuthorEmail(), defaults.getAuthorEmail(), DEFAULT_AUTHOR.email())),
                signer(recorded),
                trusted(defaults));
    }

    /**
     * Another repository on the same server, which the same credentials may be let into; empty for one elsewhere.
     *
     * @param recorded has the use of what is looked up recorded
     */
    Optional<Remote> beside(String address, UnaryOperator<CredentialLookup> recorded) {
        return RepositoryAddress.isSameServer(address, repository.getUrl())
                ? Optional.of(repository
                        .remote(recorded.apply(CredentialLookup.in(place)))
                        .at(address))
                : Optional.empty();
    }

    /**
     * Opens an address that a step gives. It gets nothing of what is configured for others: no author, no signature.
     *
     * @param lookup finds what the step's own run may use
     */
    static OpenedRepository openAddress(ConfiguredRepository address, CredentialLookup lookup) {
        return opened(address, lookup, DEFAULT_AUTHOR, Optional.empty(), Optional.empty());
    }

    private static OpenedRepository opened(
            ConfiguredRepository repository,
            CredentialLookup lookup,
            Identity author,
            Optional<Supplier<CommitSigner>> signer,
            Optional<Supplier<SignatureCheck>> trusted) {
        requireBranch(repository.getBranch());
        ConfigRepository reached =
                GitOpsServices.get().repository(repository.remote(lookup)).with(repository.template());
        ConfigRepository opened = trusted.map(reached::trusting).orElse(reached);
        return new OpenedRepository(
                repository.getName(),
                repository.getUrl(),
                repository.getBranch(),
                author,
                repository.ticketPattern(),
                signer.map(opened::signing).orElse(opened));
    }

    /** Whether neither it nor any defaults name a key. */
    boolean isUnsigned() {
        return signingKey().isEmpty();
    }

    /** Its own key, or else the one of the nearest defaults: each is looked for at the place that names it. */
    private Optional<SigningKeys.Configured> signingKey() {
        return Optional.ofNullable(repository.getSigningKeyId())
                .map(id -> new SigningKeys.Configured(id, place))
                .or(() -> GitOpsSettings.defaultSigningKey(place));
    }

    /** Whose commits count; empty where nobody signs. */
    private Optional<Supplier<SignatureCheck>> trusted(ConfiguredDefaults defaults) {
        Optional<SigningKeys.Configured> own = signingKey();
        String others =
                repository.getTrustedSigners() == null ? defaults.getTrustedSigners() : repository.getTrustedSigners();
        return own.isEmpty() && others == null ? Optional.empty() : Optional.of(new SigningKeys.Trust(own, others));
    }

    private Optional<Supplier<CommitSigner>> signer(UnaryOperator<CredentialLookup> recorded) {
        return signingKey()
                .map(key -> () -> SigningKeys.signer(
                        key.id(),
                        recorded.apply(key.lookup()),
                        GitOpsServices.get().clock()));
    }

    private static String first(@CheckForNull String own, @CheckForNull String around, String usual) {
        return own != null ? own : around != null ? around : usual;
    }

    /** @throws ConfigurationException if it names something else than a branch */
    static void requireBranch(String branch) {
        BranchName.problem(branch).ifPresent(problem -> {
            throw new ConfigurationException(problem + ".");
        });
    }
}
