package io.jenkins.plugins.gitops.engine.git.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures made here and verified by git and gpg; skipped where gpg is not installed. */
class OpenPgpSignerTest {

    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path directory;

    /** Beside the other, because gpg wants a short path. */
    @TempDir
    Path home;

    private Gpg gpg;
    private GitHttpServer server;
    private Path bare;
    private GitConfigRepositories repositories;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Gpg.isInstalled(), "needs the gpg command line");
        gpg = new Gpg(home.resolve("g"));
        server = new GitHttpServer(Files.createDirectories(directory.resolve("server")));
        bare = server.create("config.git");
        String commit = TestGit.output(bare, "commit-tree", TestGit.output(bare, "mktree"), "-m", "Begin");
        TestGit.run(bare, "update-ref", "refs/heads/main", commit);
        repositories = new GitConfigRepositories(directory.resolve("caches"));
    }

    @AfterEach
    void stop() throws IOException {
        if (gpg != null) {
            repositories.close();
            server.close();
            gpg.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa3072", "ed25519", "nistp256"})
    void aSignatureIsVerifiedByGit(String algorithm) throws IOException {
        String key = gpg.key(algorithm, "sign", "");

        String commit = commitSigned(new OpenPgpSigner(gpg.secretKeys(key, ""), null, CLOCK));

        assertThat(verify(commit)).contains("VALIDSIG " + key, "GOODSIG");
    }

    @Test
    void aCommitThatWasChangedAfterwardsIsNotVerified() throws IOException {
        String key = gpg.key("ed25519", "sign", "");
        String commit = commitSigned(new OpenPgpSigner(gpg.secretKeys(key, ""), null, CLOCK));
        String changed = TestGit.output(bare, "cat-file", "commit", commit).replace("Set signed", "Set forged") + "\n";
        String forged = TestGit.output(
                bare, changed.getBytes(StandardCharsets.UTF_8), "hash-object", "-t", "commit", "-w", "--stdin");

        assertThatThrownBy(() -> verify(forged)).hasMessageContaining("BADSIG");
    }

    @Test
    void aKeyWithPassphraseIsOpenedByItAlone() throws IOException {
        String key = gpg.key("ed25519", "sign", "open sesame");
        String secret = gpg.secretKeys(key, "open sesame");

        assertThat(verify(commitSigned(new OpenPgpSigner(secret, "open sesame", CLOCK))))
                .contains("VALIDSIG " + key);
        for (String wrong : new String[] {null, "guess"}) {
            assertThatThrownBy(() -> new OpenPgpSigner(secret, wrong, CLOCK))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessage("The OpenPGP key " + key.substring(24)
                            + " cannot be opened; give the passphrase it is protected with");
        }
    }

    @Test
    void aSubkeyForSigningSignsInThePrimaryKeysStead() throws IOException {
        String key = gpg.key("ed25519", "cert", "");
        gpg.subkey(key, "cv25519", "encr", "never");
        gpg.subkey(key, "ed25519", "sign", "never");

        String commit = commitSigned(new OpenPgpSigner(gpg.secretSubkeys(key), null, CLOCK));

        // The last word is the primary key, the first the one that signed.
        assertThat(verify(commit))
                .containsPattern("VALIDSIG (?!" + key + ")[0-9A-F]{40} .* " + key)
                .contains("GOODSIG");
    }

    @Test
    void aKeyThatMayNotSignIsRefused() {
        String key = gpg.key("ed25519", "cert", "");
        gpg.subkey(key, "cv25519", "encr", "never");
        String secret = gpg.secretKeys(key, "");

        assertThatThrownBy(() -> new OpenPgpSigner(secret, null, CLOCK))
                .isInstanceOf(RepositoryException.class)
                .hasMessage("The OpenPGP key " + key.substring(24)
                        + " has no signing key that is neither expired nor revoked; export a key that has one");
    }

    @Test
    void anExpiredSubkeyIsRefused() {
        String key = gpg.key("ed25519", "cert", "");
        gpg.subkey(key, "ed25519", "sign", "7d");
        String secret = gpg.secretKeys(key, "");

        assertThat(new OpenPgpSigner(secret, null, CLOCK)).isNotNull();
        assertThatThrownBy(() -> new OpenPgpSigner(secret, null, InstantSource.offset(CLOCK, Duration.ofDays(8))))
                .hasMessageContaining("neither expired nor revoked");
    }

    @Test
    void whatIsNoPrivateKeyIsRefusedWithoutShowingIt() {
        String publicKey = gpg.publicKey(gpg.key("ed25519", "sign", ""));

        for (String text : List.of("", "s3cret", publicKey, "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\ns3cret\n")) {
            assertThatThrownBy(() -> new OpenPgpSigner(text, null, CLOCK))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessage("The OpenPGP private key cannot be read; give what gpg --armor --export-secret-keys"
                            + " prints");
        }
    }

    @Test
    void theKeysOwnWordsTellHowToSign() throws IOException {
        String key = gpg.key("ed25519", "sign", "");

        CommitSigner signer = CommitSigners.of(gpg.secretKeys(key, "") + "\n", null, CLOCK);

        assertThat(verify(commitSigned(signer))).contains("VALIDSIG " + key);
    }

    private String commitSigned(CommitSigner signer) {
        CommitRequest request = new CommitRequest(
                "main",
                UUID.randomUUID().toString(),
                "Set signed",
                "",
                List.of(),
                new CommitRequest.Identity("Jenkins", "jenkins@example.com"),
                tip -> Map.of("signed", UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8)));
        CommitOutcome outcome = repositories
                .open(new Remote(server.url("config.git")))
                .commit(request.signedBy(signer), Progress.SILENT);
        TestGit.run(bare, "fsck", "--full", "--strict");
        return outcome.commit();
    }

    private String verify(String commit) throws IOException {
        Path program = directory.resolve("gpg");
        if (Files.notExists(program)) {
            Files.writeString(program, "#!/bin/sh\nexec gpg --homedir '" + gpg.home() + "' \"$@\"\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
        return TestGit.output(bare, "-c", "gpg.program=" + program, "verify-commit", "--raw", commit);
    }
}
