package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.TestCertificate;
import io.jenkins.plugins.gitops.engine.git.FaultProxy.Direction;
import io.jenkins.plugins.gitops.engine.git.FaultProxy.Fault;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong port or scheme is told at once; a handshake that was cut is not mistaken for it. */
class OtherProtocolTest {

    private static final String AT_ONCE = "given up after 1 attempt in";
    private static final String NGINX = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    private static final String SSH = "SSH-2.0-OpenSSH_9.2\r\n";

    /** A fatal alert of TLS 1.2, handshake_failure (RFC 8446, 6). */
    private static final String HANDSHAKE_FAILURE = "\u0015\u0003\u0003\u0000\u0002\u0002\u0028";

    @TempDir
    static Path keys;

    private static SSLContext trusting;
    private static GitHttpServer server;

    @TempDir
    Path directory;

    @BeforeAll
    static void startServer() throws Exception {
        TestCertificate certificate = TestCertificate.create(keys);
        trusting = certificate.clientContext();
        server = GitHttpServer.secure(Files.createDirectories(keys.resolve("server")), certificate.serverContext());
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {NGINX, SSH})
    void aPortWithoutTlsIsNamedAtOnce(String greeting) throws IOException {
        try (Blunt other = new Blunt(greeting)) {
            refuses("https://127.0.0.1:" + other.port() + "/config.git")
                    .hasMessageContaining("the server does not use TLS on this port")
                    .hasMessageContaining(AT_ONCE);
            assertThat(other.connections()).isEqualTo(1);
        }
    }

    @Test
    void aPortWithoutHttpIsNamedAtOnce() throws IOException {
        try (Blunt other = new Blunt(SSH)) {
            refuses("http://127.0.0.1:" + other.port() + "/config.git")
                    .hasMessageContaining("the server did not return an HTTP response: Invalid status line")
                    .hasMessageContaining(AT_ONCE);
            assertThat(other.connections()).isEqualTo(1);
        }
    }

    @Test
    void aPortThatWantsTlsIsNamedAtOnce() throws IOException {
        try (Blunt other = new Blunt(HANDSHAKE_FAILURE)) {
            refuses("http://127.0.0.1:" + other.port() + "/config.git")
                    .hasMessageContaining("the server uses TLS on this port: use an https address")
                    .hasMessageContaining(AT_ONCE);
        }
    }

    @Test
    void aServerThatRefusesTheHandshakeIsNotAskedAgain() throws IOException {
        try (Blunt other = new Blunt(HANDSHAKE_FAILURE)) {
            refuses("https://127.0.0.1:" + other.port() + "/config.git")
                    .hasMessageContaining("the server refuses the TLS connection (")
                    .hasMessageContaining(AT_ONCE);
            assertThat(other.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 700})
    void aHandshakeThatIsCutIsTriedAgain(int afterBytes) throws IOException {
        String name = "cut-" + afterBytes + ".git";
        Path bare = server.create(name);
        String commit = TestGit.output(bare, "commit-tree", TestGit.output(bare, "mktree"), "-m", "Begin");
        TestGit.run(bare, "update-ref", "refs/heads/main", commit);
        AtomicInteger connections = new AtomicInteger();
        List<String> said = new ArrayList<>();

        try (FaultProxy proxy = new FaultProxy(
                        server.port(),
                        () -> new Fault.Cut(
                                Direction.TO_CLIENT,
                                connections.getAndIncrement() == 0 ? afterBytes : Integer.MAX_VALUE));
                GitConfigRepositories repositories = repositories()) {
            repositories
                    .open(new Remote("https://127.0.0.1:" + proxy.port() + "/" + name))
                    .commit(request(append("log", "a")), said::add);
            assertThat(proxy.injected()).isEqualTo(1);
        }

        assertThat(said)
                .anySatisfy(line ->
                        assertThat(line).startsWith("Retrying the push: the connection broke in the TLS handshake"));
        assertThat(TestGit.output(bare, "show", "main:log")).isEqualTo("a");
    }

    @Test
    void aHandshakeThatIsAlwaysCutIsSoonGivenUp() throws IOException {
        try (Blunt other = new Blunt("")) {
            refuses("https://127.0.0.1:" + other.port() + "/config.git")
                    .hasMessageContaining("the connection broke in the TLS handshake")
                    .hasMessageContaining("given up after 8 attempts");
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refuses(String url) throws IOException {
        try (GitConfigRepositories repositories = repositories()) {
            return assertThatThrownBy(() -> repositories
                            .open(new Remote(url, new Login.UserPassword("jenkins", "s3cret")))
                            .tip("main", Progress.SILENT))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageNotContaining("s3cret")
                    .hasMessageNotContaining("\n");
        }
    }

    /** Pauses are drawn from zero to a bound: there are none. */
    private GitConfigRepositories repositories() {
        return new GitConfigRepositories(
                directory.resolve("caches"),
                RepositorySettings.DEFAULT
                        .with(new OperationLimits(20, Duration.ofMinutes(5), 1 << 20, 1 << 20))
                        .with((RandomGenerator) () -> 0L)
                        .with(HttpClients.DEFAULT.trusting(trusting)));
    }

    /** Reads something, says its greeting whatever that was, and hangs up. */
    private static final class Blunt implements Closeable {

        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        private final AtomicInteger connections = new AtomicInteger();
        private final byte[] greeting;

        Blunt(@NonNull String greeting) throws IOException {
            this.greeting = greeting.getBytes(StandardCharsets.ISO_8859_1);
            Thread thread = new Thread(this::serve, "blunt-server");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return listener.getLocalPort();
        }

        int connections() {
            return connections.get();
        }

        private void serve() {
            while (!listener.isClosed()) {
                try (Socket client = listener.accept()) {
                    connections.incrementAndGet();
                    // A whole request: what is left unread would reset the connection before the greeting is seen.
                    client.getInputStream().read(new byte[8192]);
                    client.getOutputStream().write(greeting);
                } catch (IOException e) {
                    // Closed, or the client went away.
                }
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
