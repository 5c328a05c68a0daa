package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/** Private keys as text. */
public final class SshKeys {

    private SshKeys() {}

    /**
     * Reads the first key.
     *
     * @param text PEM or OpenSSH
     * @param passphrase null when there is none
     * @throws RepositoryException if there is no key or the passphrase is wrong
     */
    public static KeyPair parse(String text, @Nullable String passphrase) {
        FilePasswordProvider password =
                passphrase == null ? FilePasswordProvider.EMPTY : FilePasswordProvider.of(passphrase);
        byte[] bytes = (text.strip() + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Iterable<KeyPair> keys = SecurityUtils.loadKeyPairIdentities(
                    null, NamedResource.ofName("the SSH key"), new ByteArrayInputStream(bytes), password);
            if (keys != null && keys.iterator().hasNext()) {
                return keys.iterator().next();
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw unreadable(e);
        }
        throw unreadable(null);
    }

    private static RepositoryException unreadable(@Nullable Exception e) {
        return new RepositoryException(
                "The SSH private key cannot be read; give it in PEM or OpenSSH form with its passphrase", e);
    }
}
