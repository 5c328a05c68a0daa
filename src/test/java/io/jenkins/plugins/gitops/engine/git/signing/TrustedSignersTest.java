package io.jenkins.plugins.gitops.engine.git.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck.Result;
import io.jenkins.plugins.gitops.engine.git.transport.SshKeygen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedSignersTest {

    private static final byte[] CONTENT = "tree 1\n\nDeploy\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = "tree 2\n\nDeploy\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private int commits;

    private Result check(TrustedSigners trusted, byte[] content, String signature) {
        return trusted.check("commit " + commits++, content, Optional.of(signature));
    }

    private void verifies(CommitSigner signer, CommitSigner another) {
        TrustedSigners trusted = TrustedSigners.of(List.of("# ours\n" + signer.publicKey()));

        assertThat(check(trusted, CONTENT, signer.sign(CONTENT))).isEqualTo(Result.VERIFIED);
        assertThat(check(trusted, OTHER, signer.sign(CONTENT))).isEqualTo(Result.UNVERIFIED);
        assertThat(check(trusted, CONTENT, another.sign(CONTENT))).isEqualTo(Result.UNVERIFIED);
        assertThat(trusted.check("commit", CONTENT, Optional.empty())).isEqualTo(Result.UNSIGNED);
        assertThat(check(TrustedSigners.of(List.of()), CONTENT, signer.sign(CONTENT)))
                .as("nobody is trusted")
                .isEqualTo(Result.UNVERIFIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ecdsa", "ed25519"})
    void sshSignatures(String type) throws IOException, InterruptedException {
        verifies(
                new SshSigner(SshKeygen.key(folder.resolve("one"), type, ""), null),
                new SshSigner(SshKeygen.key(folder.resolve("other"), type, ""), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa3072", "ed25519", "nistp256"})
    void openPgpSignatures(String algorithm) throws IOException {
        assumeTrue(Gpg.isInstalled(), "needs the gpg command line");
        try (Gpg one = new Gpg(folder.resolve("g"));
                Gpg other = new Gpg(folder.resolve("h"))) {
            verifies(signer(one, algorithm), signer(other, algorithm));
        }
    }

    private static CommitSigner signer(Gpg gpg, String algorithm) {
        String key = gpg.key(algorithm, "sign", "");
        return new OpenPgpSigner(gpg.secretKeys(key, ""), null, InstantSource.system());
    }

    @Test
    void keysOfBothKindsStandInOneText() throws IOException, InterruptedException {
        assumeTrue(Gpg.isInstalled(), "needs the gpg command line");
        try (Gpg gpg = new Gpg(folder.resolve("g"))) {
            CommitSigner openPgp = signer(gpg, "ed25519");
            CommitSigner ssh = new SshSigner(SshKeygen.key(folder.resolve("one"), "ed25519", ""), null);

            TrustedSigners trusted =
                    TrustedSigners.of(List.of(ssh.publicKey() + "\n" + openPgp.publicKey() + "\n" + ssh.publicKey()));

            assertThat(check(trusted, CONTENT, openPgp.sign(CONTENT))).isEqualTo(Result.VERIFIED);
            assertThat(check(trusted, CONTENT, ssh.sign(CONTENT))).isEqualTo(Result.VERIFIED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jenkins",
                "ssh-ed25519",
                "ssh-ed25519 AAAA",
                "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIEi1hVqHa0WGkZJfx4kYlrC6kGJVvZ8Nq8W6pUoYbJm0",
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----"
            })
    void whatIsNoKeyIsRefused(String text) {
        assertThatThrownBy(() -> TrustedSigners.of(List.of(text)))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("trusted signers");
    }
}
