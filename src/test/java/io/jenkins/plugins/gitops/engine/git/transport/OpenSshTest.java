package io.jenkins.plugins.gitops.engine.git.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.SshKey;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server that config repositories behind SSH are most often on; skipped where it is not installed. */
class OpenSshTest {

    private static final List<String> TYPES = List.of("ed25519", "rsa", "ecdsa");

    @TempDir
    static Path directory;

    private static final Map<String, String> KEYS = new HashMap<>();
    private static Path bare;
    private static OpenSshServer server;
    private static GitConfigRepositories repositories;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(OpenSshServer.isInstalled(), "needs OpenSSH's sshd");
        bare = directory.resolve("config.git");
        TestGit.run(directory, "init", "--quiet", "--bare", "--initial-branch=main", bare.toString());
        TestGit.run(bare, "config", "uploadpack.allowFilter", "true");
        String commit = TestGit.output(bare, "commit-tree", TestGit.output(bare, "mktree"), "-m", "Begin");
        TestGit.run(bare, "update-ref", "refs/heads/main", commit);
        StringBuilder authorized = new StringBuilder();
        for (String type : TYPES) {
            for (String passphrase : List.of("", "open sesame")) {
                Path file = directory.resolve(type + passphrase.length());
                KEYS.put(type + passphrase, SshKeygen.key(file, type, passphrase));
                authorized.append(SshKeygen.publicHalf(file));
            }
        }
        server = new OpenSshServer(directory.resolve("sshd"), "ed25519", authorized.toString());
        repositories = new GitConfigRepositories(directory.resolve("caches"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        if (repositories != null) {
            repositories.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"ed25519,''", "rsa,''", "ecdsa,''", "ed25519,open sesame", "rsa,open sesame", "ecdsa,open sesame"})
    void everyKindOfKeyReadsAndPushes(String type, String passphrase) throws IOException {
        String path = "keys/" + type + passphrase.length();
        ConfigRepository repository =
                open(KEYS.get(type + passphrase), passphrase.isEmpty() ? null : passphrase, server.knownHosts());

        repository.commit(write(path, "pushed"), Progress.SILENT);

        assertThat(TestGit.output(bare, "show", "main:" + path)).isEqualTo("pushed");
        assertThat(repository.tip("main", Progress.SILENT).file(path)).contains(bytes("pushed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa", "ecdsa"})
    void everyKindOfHostKeyIsRecognizedAndAnImpostorIsNot(String type) throws Exception {
        String authorized = SshKeygen.publicHalf(directory.resolve("ed255190"));
        try (OpenSshServer other = new OpenSshServer(directory.resolve("sshd-" + type), type, authorized)) {
            SshKey known = login(KEYS.get("ed25519"), null, other.knownHosts());
            String port = other.knownHosts().split(" ")[0];
            String impostor = port + " " + SshKeygen.publicHalf(directory.resolve(type + "0"));

            assertThat(repositories
                            .open(new Remote(other.url(bare), known))
                            .tip("main", Progress.SILENT)
                            .commit())
                    .isEqualTo(TestGit.output(bare, "rev-parse", "main"));
            for (String lines : List.of("", impostor, "@revoked " + other.knownHosts() + other.knownHosts())) {
                SshKey login = login(KEYS.get("ed25519"), null, lines);
                assertThatThrownBy(() -> repositories
                                .open(new Remote(other.url(bare), login))
                                .tip("main", Progress.SILENT))
                        .as(lines)
                        .hasMessageContaining("the host key is not among the known hosts");
            }
        }
    }

    @Test
    void aHostWhoseKnownLineIsHashedIsRecognized() throws Exception {
        Path file = directory.resolve("hashed");
        Files.writeString(file, server.knownHosts());
        assertThat(new ProcessBuilder("ssh-keygen", "-q", "-H", "-f", file.toString())
                        .redirectErrorStream(true)
                        .start()
                        .waitFor())
                .isZero();
        String hashed = Files.readString(file);
        assertThat(hashed).startsWith("|1|");

        assertThat(open(KEYS.get("rsa"), null, hashed)
                        .tip("main", Progress.SILENT)
                        .commit())
                .isNotEmpty();
    }

    @Test
    void aStrangersKeyIsRefused() throws Exception {
        String stranger = SshKeygen.key(directory.resolve("stranger"), "ed25519", "");
        ConfigRepository repository = open(stranger, null, server.knownHosts());

        assertThatThrownBy(() -> repository.tip("main", Progress.SILENT))
                .hasMessageContaining("the server does not accept the SSH key")
                .hasMessageContaining("given up after 1 attempt");
    }

    private static ConfigRepository open(String key, String passphrase, String knownHosts) {
        return repositories.open(new Remote(server.url(bare), login(key, passphrase, knownHosts)));
    }

    private static SshKey login(String key, String passphrase, String knownHosts) {
        return new SshKey(OpenSshServer.user(), key, passphrase, knownHosts);
    }

    private static CommitRequest write(String path, String content) {
        return new CommitRequest(
                "main",
                UUID.randomUUID().toString(),
                "Set " + path,
                "",
                List.of(),
                new CommitRequest.Identity("Jenkins", "j@example.com"),
                tip -> Map.of(path, bytes(content)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
