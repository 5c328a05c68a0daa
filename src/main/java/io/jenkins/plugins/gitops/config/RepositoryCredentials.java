package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.engine.repository.Remote.Login;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Which credentials open a config repository, and how. */
final class RepositoryCredentials {

    /** What GitHub, GitLab and Bitbucket take as the user of a token. */
    private static final String TOKEN_USER = "x-access-token";

    private static final CredentialsMatcher FITTING = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(StandardUsernamePasswordCredentials.class),
            CredentialsMatchers.instanceOf(StringCredentials.class),
            CredentialsMatchers.instanceOf(SSHUserPrivateKey.class));

    private RepositoryCredentials() {}

    /**
     * The way in, with credentials that the run may use; their use is recorded.
     *
     * @param credentialsId null for none
     * @throws CredentialsException if there are none with this id, or they are of another kind
     */
    @NonNull
    static Login login(
            @NonNull Run<?, ?> run,
            @NonNull String url,
            @CheckForNull String credentialsId,
            @CheckForNull String knownHosts) {
        if (credentialsId == null) {
            return new Login.Anonymous();
        }
        StandardCredentials found =
                CredentialsProvider.findCredentialById(credentialsId, StandardCredentials.class, run, at(url));
        if (found == null) {
            throw new CredentialsException("There are no credentials '" + credentialsId
                    + "' that this run may use for the config repository " + url
                    + ": add them under Credentials, or correct credentialsId.");
        }
        CredentialsProvider.track(run, found);
        return login(found, url, knownHosts)
                .orElseThrow(() -> new CredentialsException("The credentials '" + credentialsId
                        + "' cannot open the config repository " + url
                        + ": choose a username with password, a secret text holding a token, or an SSH key."));
    }

    /** The way in with credentials that somebody who may configure the place has chosen. */
    @NonNull
    static Login login(@NonNull ConfiguredRepository repository, @NonNull CredentialLookup lookup) {
        return login(repository.getUrl(), repository.getCredentialsId(), repository.getKnownHosts(), lookup);
    }

    @NonNull
    static Login login(
            @NonNull String url,
            @CheckForNull String id,
            @CheckForNull String knownHosts,
            @NonNull CredentialLookup lookup) {
        if (id == null) {
            return new Login.Anonymous();
        }
        return Optional.ofNullable(lookup.find(id, at(url)))
                .flatMap(found -> login(found, url, knownHosts))
                .orElseThrow(() -> new CredentialsException(Messages.Forms_credentialsMissing(id)));
    }

    private static Optional<Login> login(StandardCredentials found, String url, String knownHosts) {
        if (found instanceof StandardUsernamePasswordCredentials user) {
            return Optional.of(new Login.UserPassword(
                    user.getUsername(), user.getPassword().getPlainText()));
        }
        if (found instanceof StringCredentials token) {
            return Optional.of(
                    new Login.UserPassword(TOKEN_USER, token.getSecret().getPlainText()));
        }
        if (found instanceof SSHUserPrivateKey key && !key.getPrivateKeys().isEmpty()) {
            Secret passphrase = key.getPassphrase();
            return Optional.of(new Login.SshKey(
                    key.getUsername(),
                    key.getPrivateKeys().get(0),
                    passphrase == null ? null : Util.fixEmpty(passphrase.getPlainText()),
                    Util.fixNull(knownHosts)));
        }
        return Optional.empty();
    }

    /** What the drop-down offers; to whoever may not configure, only the current value. */
    @NonNull
    static ListBoxModel choices(@CheckForNull Item item, @CheckForNull String current, @CheckForNull String url) {
        StandardListBoxModel choices = new StandardListBoxModel();
        String value = Util.fixNull(current);
        if (!Forms.mayConfigure(item)) {
            return choices.includeCurrentValue(value);
        }
        choices.includeEmptyValue();
        if (item == null) {
            choices.includeMatchingAs(ACL.SYSTEM2, Jenkins.get(), StandardCredentials.class, at(url), FITTING);
        } else {
            choices.includeMatchingAs(ACL.SYSTEM2, item, StandardCredentials.class, at(url), FITTING);
        }
        return choices.includeCurrentValue(value);
    }

    @NonNull
    static FormValidation check(@CheckForNull Item item, @CheckForNull String credentialsId, @CheckForNull String url) {
        String id = Util.fixEmptyAndTrim(credentialsId);
        if (id == null) {
            return FormValidation.ok();
        }
        StandardCredentials found = CredentialLookup.in(item).find(id, at(url));
        return found == null ? FormValidation.error(Messages.Forms_credentialsMissing(id)) : FormValidation.ok();
    }

    private static List<DomainRequirement> at(@CheckForNull String url) {
        return URIRequirementBuilder.fromUri(url).build();
    }
}
