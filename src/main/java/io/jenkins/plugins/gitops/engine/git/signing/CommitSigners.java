package io.jenkins.plugins.gitops.engine.git.signing;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.time.InstantSource;

/** Makes signers of private keys. */
public final class CommitSigners {

    private static final String OPENPGP = "-----BEGIN PGP ";

    private CommitSigners() {}

    /**
     * A signer with a key, whose first line tells the kind. Reading a protected key takes up to a second.
     *
     * @param privateKey an SSH key in PEM or OpenSSH form, or an armoured OpenPGP key
     * @param passphrase null when there is none
     * @param clock dates OpenPGP signatures
     * @throws RepositoryException if the key cannot be read or cannot sign
     */
    public static CommitSigner of(String privateKey, @Nullable String passphrase, InstantSource clock) {
        return privateKey.stripLeading().startsWith(OPENPGP)
                ? new OpenPgpSigner(privateKey, passphrase, clock)
                : new SshSigner(privateKey, passphrase);
    }
}
