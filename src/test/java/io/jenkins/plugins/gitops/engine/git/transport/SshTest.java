package io.jenkins.plugins.gitops.engine.git.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.SshKey;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.git.signing.CommitSigners;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshTest {

    private static final CommitRequest.Identity AUTHOR = new CommitRequest.Identity("Jenkins", "j@example.com");

    @TempDir
    Path directory;

    private Path bare;
    private String userKey;
    private GitSshServer server;
    private GitConfigRepositories repositories;

    @BeforeEach
    void start() throws Exception {
        bare = directory.resolve("config.git");
        TestGit.run(directory, "init", "--quiet", "--bare", "--initial-branch=main", bare.toString());
        TestGit.run(bare, "config", "uploadpack.allowFilter", "true");
        String empty = TestGit.output(bare, "mktree");
        String commit = TestGit.output(bare, "commit-tree", empty, "-m", "Begin");
        TestGit.run(bare, "update-ref", "refs/heads/main", commit);
        userKey = key("user", "ecdsa", "");
        server = new GitSshServer(
                SshKeys.parse(key("host", "ecdsa", ""), null),
                SshKeys.parse(userKey, null).getPublic());
        repositories = new GitConfigRepositories(directory.resolve("caches"));
    }

    @AfterEach
    void stop() throws IOException {
        repositories.close();
        server.close();
    }

    @Test
    void aBumpOverSsh() {
        CommitOutcome outcome = open(userKey, null, server.knownHosts()).commit(write("a", "1\n"), Progress.SILENT);

        assertThat(outcome.commit()).isEqualTo(TestGit.output(bare, "rev-parse", "main"));
        assertThat(TestGit.output(bare, "show", "main:a")).isEqualTo("1");
    }

    @Test
    void commandsThatFollowCloselyShareAConnection() {
        ConfigRepository repository = open(userKey, null, server.knownHosts());

        repository.commit(write("a", "1\n"), Progress.SILENT);
        repository.commit(write("a", "2\n"), Progress.SILENT);
        repository.tip("main", Progress.SILENT);

        assertThat(server.connections()).hasSizeGreaterThan(2);
        assertThat(server.connections().stream().distinct()).hasSize(1);
    }

    @Test
    void aKeyWithPassphraseIsRead() throws Exception {
        String encrypted = key("encrypted", "ecdsa", "open sesame");

        assertThat(SshKeys.parse(encrypted, "open sesame").getPublic()).isNotNull();
        assertThatThrownBy(() -> SshKeys.parse(encrypted, "wrong"))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("SSH private key cannot be read");
    }

    @Test
    void anUnknownHostIsRefused() {
        ConfigRepository repository = open(userKey, null, "");

        assertThatThrownBy(() -> repository.tip("main", Progress.SILENT))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("the host key is not among the known hosts");
    }

    @Test
    void aHostWithAnotherKeyIsRefused() throws Exception {
        String other = Files.readString(directory.resolve("host.pub"), StandardCharsets.US_ASCII);
        key("impostor", "ecdsa", "");
        String impostor = Files.readString(directory.resolve("impostor.pub"), StandardCharsets.US_ASCII);
        String knownHosts = server.knownHosts().replace(other.split(" ")[1], impostor.split(" ")[1]);
        ConfigRepository repository = open(userKey, null, knownHosts);

        assertThatThrownBy(() -> repository.commit(write("a", "1\n"), Progress.SILENT))
                .hasMessageContaining("the host key is not among the known hosts");
    }

    @Test
    void aKeyTheServerDoesNotKnowIsRefused() throws Exception {
        ConfigRepository repository = open(key("stranger", "ecdsa", ""), null, server.knownHosts());

        assertThatThrownBy(() -> repository.tip("main", Progress.SILENT))
                .hasMessageContaining("the server does not accept the SSH key");
    }

    @Test
    void aMissingRepositoryIsSaidInTheServersWords() {
        SshKey login = new SshKey("git", userKey, null, server.knownHosts());
        ConfigRepository repository = repositories.open(new Remote(server.url(directory.resolve("none.git")), login));

        assertThatThrownBy(() -> repository.tip("main", Progress.SILENT))
                .hasMessageContaining("does not appear to be a git repository");
    }

    @Test
    void aSignatureIsVerifiedByGit() throws Exception {
        for (String type : List.of("rsa", "ecdsa", "ed25519")) {
            String key = key("signer-" + type, type, "");
            Path allowed = directory.resolve("allowed-" + type);
            Files.writeString(
                    allowed, "j@example.com " + Files.readString(directory.resolve("signer-" + type + ".pub")));

            CommitOutcome outcome = open(userKey, null, server.knownHosts())
                    .commit(
                            write("signed", type).signedBy(CommitSigners.of(key, null, InstantSource.system())),
                            Progress.SILENT);

            TestGit.run(
                    bare,
                    "-c",
                    "gpg.format=ssh",
                    "-c",
                    "gpg.ssh.allowedSignersFile=" + allowed,
                    "verify-commit",
                    outcome.commit());
        }
    }

    private ConfigRepository open(String key, String passphrase, String knownHosts) {
        return repositories.open(new Remote(server.url(bare), new SshKey("git", key, passphrase, knownHosts)));
    }

    private static CommitRequest write(String path, String content) {
        return new CommitRequest(
                "main",
                UUID.randomUUID().toString(),
                "Set " + path,
                "",
                List.of(),
                AUTHOR,
                tip -> Map.of(path, content.getBytes(StandardCharsets.UTF_8)));
    }

    private String key(String name, String type, String passphrase) throws IOException, InterruptedException {
        return SshKeygen.key(directory.resolve(name), type, passphrase);
    }
}
