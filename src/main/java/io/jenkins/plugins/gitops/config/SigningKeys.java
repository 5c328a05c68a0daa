package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.signing.CommitSigners;
import java.time.InstantSource;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;

/** Which credentials sign commits: an SSH key, or a secret file holding an OpenPGP key. */
final class SigningKeys {

    private static final CredentialsMatcher FITTING = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(SSHUserPrivateKey.class),
            CredentialsMatchers.instanceOf(FileCredentials.class));

    /** A key by its credentials' id, and where those are looked for. */
    record Configured(String id, CredentialLookup lookup) {}

    private SigningKeys() {}

    /**
     * The credentials' key, ready to sign. Takes up to a second where it has a passphrase.
     *
     * @throws CredentialsException if there are none with this id, they are of another kind, or hold no key that signs
     */
    static CommitSigner signer(String id, CredentialLookup lookup, InstantSource clock) {
        StandardCredentials found = lookup.require(id, List.of(), "to sign commits");
        try {
            if (found instanceof SSHUserPrivateKey key && !key.getPrivateKeys().isEmpty()) {
                Secret passphrase = key.getPassphrase();
                return CommitSigners.of(
                        key.getPrivateKeys().get(0),
                        passphrase == null ? null : Util.fixEmpty(passphrase.getPlainText()),
                        clock);
            }
            if (found instanceof FileCredentials file) {
                return CommitSigners.of(CredentialLookup.text(file), null, clock);
            }
        } catch (RepositoryException e) {
            throw new CredentialsException(
                    "The credentials '" + id + "' cannot sign commits: " + e.getMessage() + ".", e);
        }
        throw new CredentialsException("The credentials '" + id
                + "' cannot sign commits: choose an SSH key, or a secret file holding an OpenPGP key.");
    }

    /** What the drop-down offers; to whoever may not configure, only the current value. */
    static ListBoxModel choices(@CheckForNull Item item, @CheckForNull String current) {
        return CredentialChoices.of(item, current, List.of(), FITTING);
    }

    /** Reads the key as signing would; says nothing to whoever only reads the form. */
    static FormValidation check(@CheckForNull Item item, @CheckForNull String chosen, InstantSource clock) {
        String id = Util.fixEmptyAndTrim(chosen);
        if (id == null || !Forms.mayConfigure(item) || !CredentialChoices.mayUse(item)) {
            return FormValidation.ok();
        }
        try {
            signer(id, CredentialLookup.in(item), clock);
            return FormValidation.ok();
        } catch (CredentialsException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
