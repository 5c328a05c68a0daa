package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import java.util.Optional;
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
     * The way in; empty for none.
     *
     * @param id null for none
     * @throws CredentialsException if there are none with this id, or they are of another kind
     */
    static Optional<Login> login(
            String url, @CheckForNull String id, @CheckForNull String knownHosts, CredentialLookup lookup) {
        StandardCredentials found = lookup.require(id, CredentialLookup.at(url), "for the config repository " + url);
        if (found == null) {
            return Optional.empty();
        }
        return Optional.of(login(found, knownHosts)
                .orElseThrow(() -> new CredentialsException("The credentials '" + id
                        + "' cannot open the config repository " + url
                        + ": choose a username with password, a secret text holding a token, or an SSH key.")));
    }

    /**
     * The way into the API of its server; empty for the same.
     *
     * @param id null for none
     * @throws CredentialsException if there are none with this id, or they are of another kind
     */
    static Optional<Login> api(String url, @CheckForNull String id, CredentialLookup lookup) {
        StandardCredentials found =
                lookup.require(id, CredentialLookup.at(url), "for the API of the config repository " + url);
        if (found == null) {
            return Optional.empty();
        }
        return Optional.of(login(found, null)
                .filter(Login.UserPassword.class::isInstance)
                .orElseThrow(() -> new CredentialsException("The credentials '" + id
                        + "' cannot open pull requests of the config repository " + url
                        + ": choose a username with password, a GitHub App, or a secret text holding a token.")));
    }

    private static Optional<Login> login(StandardCredentials found, @CheckForNull String knownHosts) {
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

    /** The same of credentials for the API. */
    static ListBoxModel apiChoices(@CheckForNull Item item, @CheckForNull String current, @CheckForNull String url) {
        return CredentialChoices.of(item, current, CredentialLookup.at(url), CredentialChoices.OF_REQUESTS);
    }

    /** What the drop-down offers; to a user who may not configure, only the current value. */
    static ListBoxModel choices(@CheckForNull Item item, @CheckForNull String current, @CheckForNull String url) {
        return CredentialChoices.of(item, current, CredentialLookup.at(url), FITTING);
    }
}
