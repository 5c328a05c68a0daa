package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import io.jenkins.plugins.gitops.engine.git.signing.CommitSigners;
import io.jenkins.plugins.gitops.engine.git.signing.TrustedSigners;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;

/** Which credentials sign commits: an SSH key, or a secret file holding an OpenPGP key. */
final class SigningKeys {

    private static final CredentialsMatcher FITTING = CredentialsMatchers.anyOf(
            CredentialsMatchers.instanceOf(SSHUserPrivateKey.class),
            CredentialsMatchers.instanceOf(FileCredentials.class));

    private static final Logger LOGGER = Logger.getLogger(SigningKeys.class.getName());

    /** Opening a key with a passphrase takes up to a second, and its public part never changes. */
    private static final Cache<String, String> PUBLIC =
            Caffeine.newBuilder().maximumSize(100).build();

    /** By the keys, so that a commit is verified once, whoever reads it. */
    private static final Cache<List<String>, TrustedSigners> TRUSTED =
            Caffeine.newBuilder().maximumSize(100).build();

    /** A key by its credentials' id, and the place that names it; null for Jenkins. */
    record Configured(String id, @CheckForNull Item place) {

        CredentialLookup lookup() {
            return CredentialLookup.in(place);
        }
    }

    /** Whose commits count, as it is configured; equal ones share what was read and verified. */
    record Trust(Optional<Configured> own, @CheckForNull String others) implements Supplier<SignatureCheck> {

        @Override
        public SignatureCheck get() {
            return trusted(own, others, GitOpsServices.get().clock());
        }
    }

    private SigningKeys() {}

    /**
     * The credentials' key, ready to sign. Takes up to a second where it has a passphrase.
     *
     * @throws CredentialsException if there are none with this id, they are of another kind, or hold no key that signs
     */
    static CommitSigner signer(String id, CredentialLookup lookup, InstantSource clock) {
        return PrivateKey.of(id, lookup).signer(clock);
    }

    /** A private key as its credentials hold it. */
    private record PrivateKey(
            String id, String text, @CheckForNull String passphrase) {

        static PrivateKey of(String id, CredentialLookup lookup) {
            StandardCredentials found = lookup.require(id, List.of(), "to sign commits");
            if (found instanceof SSHUserPrivateKey key && !key.getPrivateKeys().isEmpty()) {
                Secret passphrase = key.getPassphrase();
                return new PrivateKey(
                        id,
                        key.getPrivateKeys().get(0),
                        passphrase == null ? null : Util.fixEmpty(passphrase.getPlainText()));
            }
            if (found instanceof FileCredentials file) {
                return new PrivateKey(id, CredentialLookup.text(file), null);
            }
            throw new CredentialsException("The credentials '" + id
                    + "' cannot sign commits: choose an SSH key, or a secret file holding an OpenPGP key.");
        }

        CommitSigner signer(InstantSource clock) {
            try {
                return CommitSigners.of(text, passphrase, clock);
            } catch (RepositoryException e) {
                throw new CredentialsException(
                        "The credentials '" + id + "' cannot sign commits: " + e.getMessage() + ".", e);
            }
        }

        /** Tells one key from another, and nothing of either. */
        String digest() {
            try {
                byte[] key = (text + "\n" + passphrase).getBytes(StandardCharsets.UTF_8);
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(key));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JVM has SHA-256", e);
            }
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "PrivateKey[" + id + "]";
        }
    }

    /**
     * Whose commits count: the signing key's owner, and whoever is configured besides. A key that cannot be read verifies
     * nothing; then what it signed does not count.
     *
     * @param own the key that signs, if there is one
     * @param others public keys
     * @throws ConfigurationException if one of those is not a public key
     */
    private static SignatureCheck trusted(Optional<Configured> own, @CheckForNull String others, InstantSource clock) {
        List<String> keys = new ArrayList<>();
        own.flatMap(key -> publicKey(key, clock)).ifPresent(keys::add);
        if (others != null) {
            keys.add(others);
        }
        return TRUSTED.get(List.copyOf(keys), SigningKeys::read);
    }

    private static TrustedSigners read(List<String> keys) {
        try {
            return TrustedSigners.of(keys);
        } catch (RepositoryException e) {
            throw new ConfigurationException(e.getMessage() + ".");
        }
    }

    private static Optional<String> publicKey(Configured key, InstantSource clock) {
        try {
            PrivateKey found = PrivateKey.of(key.id(), key.lookup());
            return Optional.of(
                    PUBLIC.get(found.digest(), first -> found.signer(clock).publicKey()));
        } catch (CredentialsException e) {
            LOGGER.log(Level.WARNING, "Signatures of the signing key are not verified: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Reads the public keys as verifying would. */
    static FormValidation checkTrusted(@CheckForNull String keys) {
        String given = Util.fixEmptyAndTrim(keys);
        try {
            TrustedSigners.of(Optional.ofNullable(given).stream().toList());
            return FormValidation.ok();
        } catch (RepositoryException e) {
            return FormValidation.error(e.getMessage() + ".");
        }
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
            CredentialLookup lookup = CredentialLookup.in(item);
            signer(id, lookup, clock);
            return CredentialChoices.exposure(item, lookup.find(id, List.of()));
        } catch (CredentialsException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
