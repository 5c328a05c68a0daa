package io.jenkins.plugins.gitops.engine.git.transport;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.Remote.Login.SshKey;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said when no SSH connection comes about. */
class SshUnreachableTest {

    /** Pauses are drawn from zero to a bound: there are none. */
    private static final RepositorySettings HASTY = RepositorySettings.DEFAULT.with((RandomGenerator) () -> 0L);

    @TempDir
    static Path keys;

    private static SshKey login;

    @TempDir
    Path directory;

    @BeforeAll
    static void makeKey() throws Exception {
        login = new SshKey("git", SshKeygen.key(keys.resolve("user"), "ecdsa", ""), null, "");
    }

    @Test
    void aHostThatIsNotThereIsSoonGivenUp() throws IOException {
        refuses("ssh://git@127.0.0.1:" + closedPort() + "/config.git", HASTY)
                .hasMessageContaining("no SSH connection: Connection refused; check the address")
                .hasMessageContaining("given up after 8 attempts");
    }

    @Test
    void anUnknownNameIsSoonGivenUp() throws IOException {
        refuses("git@git.example.invalid:config.git", HASTY)
                .hasMessageContaining("no SSH connection: the name git.example.invalid is unknown; check the address");
    }

    /** A port that takes no connections, as behind a firewall that drops them: Linux does so once its queue is full. */
    @Test
    void aHostBehindAFirewallIsSoonGivenUp() throws IOException {
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assumeTrue(fillUp(full, waiting), "needs a queue of connections that can be full");

            refuses(
                            "ssh://git@127.0.0.1:" + full.getLocalPort() + "/config.git",
                            HASTY.within(Duration.ofMillis(300), Duration.ofSeconds(60)))
                    .hasMessageContaining("no SSH connection: no response within 300 ms; check the address")
                    .hasMessageMatching("(?s).*given up after [1-8] attempts? in .*");
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void aProxyThatSshDoesNotUseIsNamed() throws IOException {
        ProxySelector proxy = ProxySelector.of(InetSocketAddress.createUnresolved("proxy.example.invalid", 3128));

        refuses(
                        "ssh://git@127.0.0.1:" + closedPort() + "/config.git",
                        HASTY.with(HttpClients.DEFAULT.through(proxy, Optional::empty)))
                .hasMessageContaining(
                        "no SSH connection: Connection refused, and SSH does not use the configured proxy; use the"
                                + " https address if the server can be reached only through the proxy; check the"
                                + " address");
    }

    @Test
    void aServerThatHangsUpIsAskedAgain() throws IOException {
        try (ServerSocket rude = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread thread = new Thread(() -> hangUp(rude), "rude-server");
            thread.setDaemon(true);
            thread.start();

            refuses(
                            "ssh://git@127.0.0.1:" + rude.getLocalPort() + "/config.git",
                            HASTY.with(new OperationLimits(3, Duration.ofMinutes(5), 1 << 20, 1 << 20)))
                    .hasMessageContaining("no SSH connection: ")
                    .hasMessageContaining("try again later, or check the server")
                    .hasMessageContaining("given up after 3 attempts");
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refuses(String url, RepositorySettings settings)
            throws IOException {
        try (GitConfigRepositories repositories = new GitConfigRepositories(directory, settings)) {
            return assertThatThrownBy(
                    () -> repositories.open(new Remote(url, login)).tip("main", Progress.SILENT));
        }
    }

    private static boolean fillUp(ServerSocket server, List<Socket> waiting) {
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                socket.connect(server.getLocalSocketAddress(), 200);
            }
            return false;
        } catch (IOException full) {
            return true;
        }
    }

    private static void hangUp(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getInputStream().read();
            } catch (IOException e) {
                // Closed, or the client went away.
            }
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
