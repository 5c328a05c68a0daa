package io.jenkins.plugins.gitops.engine.git;

import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.append;
import static io.jenkins.plugins.gitops.engine.git.ConfigRepositoryFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.TestCertificate;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer.Answer;
import io.jenkins.plugins.gitops.engine.git.Remote.Login;
import io.jenkins.plugins.gitops.engine.git.RepositorySettings.OperationLimits;
import io.jenkins.plugins.gitops.engine.git.commit.GitConfigRepositories;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS and proxies, with a server whose authority only some clients trust. */
class HttpsTest {

    private static final String PROXY_PASSWORD = "Basic amVua2luczpwcjB4eQ==";

    @TempDir
    static Path keys;

    private static TestCertificate certificate;
    private static SSLContext trusting;
    private static GitHttpServer server;

    @TempDir
    Path directory;

    private ForwardProxy proxy;
    private Path bare;
    private String name;

    @BeforeAll
    static void startServer() throws Exception {
        certificate = TestCertificate.create(keys);
        trusting = certificate.clientContext();
        server = GitHttpServer.secure(Files.createDirectories(keys.resolve("server")), certificate.serverContext());
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void start() throws IOException {
        name = directory.getFileName() + ".git";
        bare = server.create(name);
        String commit = TestGit.output(bare, "commit-tree", TestGit.output(bare, "mktree"), "-m", "Begin");
        TestGit.run(bare, "update-ref", "refs/heads/main", commit);
        server.require("jenkins", "s3cret");
        server.intercept(request -> Optional.empty());
        server.forgetRequests();
        proxy = new ForwardProxy();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
    }

    @Test
    void credentialsGoOverTrustedTls() throws IOException {
        writes(server.url(name), trusting(direct()));

        assertThat(TestGit.output(bare, "show", "main:log")).isEqualTo("a");
    }

    @Test
    void anUntrustedAuthorityIsRefusedAtOnce() throws IOException {
        refuses(server.url(name), settings(HttpClients.DEFAULT))
                .hasMessageContaining(
                        "the server's certificate is not trusted: unable to find valid certification path")
                .hasMessageContaining("given up after 1 attempt");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aPrivateAuthorityVouchesForItsRepositoryAlone() throws IOException {
        Remote remote = new Remote(server.url(name), new Login.UserPassword("jenkins", "s3cret"));
        try (GitConfigRepositories repositories = repositories(settings(HttpClients.DEFAULT))) {
            repositories.open(remote.trusting(certificate.pem())).commit(request(append("log", "a")), Progress.SILENT);

            assertThatThrownBy(() -> repositories.open(remote).tip("main", Progress.SILENT))
                    .hasMessageContaining("the server's certificate is not trusted");
            assertThatThrownBy(() -> repositories.open(remote.trusting("-----BEGIN CERTIFICATE-----\nno\n")))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageContaining("The CA certificate of the config repository " + server.url(name));
        }
        assertThat(TestGit.output(bare, "show", "main:log")).isEqualTo("a");
    }

    @Test
    void aCertificateForAnotherHostIsRefusedAtOnce() throws IOException {
        refuses(server.url(name).replace("127.0.0.1", "localhost"), trusting(direct()))
                .hasMessageContaining("the server's certificate is not trusted: No name matching localhost found")
                .hasMessageContaining("given up after 1 attempt");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aRedirectToPlainHttpIsRefused() throws IOException {
        server.intercept(request -> Optional.of(Answer.instead(301)
                .with("Location", server.url(name).replace("https:", "http:") + "/info/refs?" + request.query())));

        refuses(server.url(name), trusting(direct())).hasMessageContaining("to plain http on the same host");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aTunnelThroughAProxyCarriesEverything() throws IOException {
        writes(server.url(name), trusting(ProxySelector.of(proxy.address())));

        assertThat(TestGit.output(bare, "show", "main:log")).isEqualTo("a");
        assertThat(proxy.heads())
                .isNotEmpty()
                .allSatisfy(head -> assertThat(head)
                        .startsWith("CONNECT 127.0.0.1:" + server.port())
                        .doesNotContain("\r\nAuthorization:"));
    }

    @Test
    void aPasswordThatJavaKeepsFromTheTunnelIsExplained() throws IOException {
        proxy.require(PROXY_PASSWORD);

        refuses(server.url(name), trusting(ProxySelector.of(proxy.address())))
                .hasMessageContaining("it requires a user and password");
        refuses(
                        server.url(name),
                        settings(HttpClients.DEFAULT
                                .trusting(trusting)
                                .through(ProxySelector.of(proxy.address()), () -> Optional.of(PROXY_PASSWORD))))
                .hasMessageContaining("407")
                .hasMessageContaining("-Djdk.http.auth.tunneling.disabledSchemes=;")
                .hasMessageContaining("given up after 1 attempt");
    }

    @Test
    void aPasswordOpensTheTunnelWhereJavaIsToldToSendIt() throws Exception {
        proxy.require(PROXY_PASSWORD);

        Process process = TunnelProcess.start(
                server.url(name),
                directory.resolve("caches"),
                keys.resolve("certificate.p12"),
                proxy.address().getPort(),
                PROXY_PASSWORD);

        assertThat(process.waitFor()).isZero();
        assertThat(TestGit.output(bare, "show", "main:log")).isEqualTo("a");
    }

    @Test
    void aProxyThatForbidsTheTunnelIsNotAskedAgain() throws IOException {
        proxy.refuse(403);

        refuses(server.url(name), trusting(ProxySelector.of(proxy.address())))
                .hasMessageContaining("the proxy answered 403 to CONNECT")
                .hasMessageContaining("given up after 1 attempt");
    }

    @Test
    void aProxyInTroubleIsAskedAgain() throws IOException {
        proxy.refuse(503);

        refuses(server.url(name), trusting(ProxySelector.of(proxy.address())))
                .hasMessageContaining("the proxy answered 503 to CONNECT")
                .hasMessageContaining("given up after 3 attempts");
    }

    @Test
    void aProxyIsGivenItsPasswordAndNobodyElseIs() throws IOException {
        proxy.require(PROXY_PASSWORD);
        try (ConfigRepositoryFixture plain = new ConfigRepositoryFixture(directory)) {
            plain.commitWithGit(Map.of("log", ""));
            RepositorySettings through =
                    settings(HttpClients.DEFAULT.through(ProxySelector.of(proxy.address()), Optional::empty));

            refuses(plain.server.url(ConfigRepositoryFixture.NAME), through).hasMessageContaining("407");
            refuses(plain.server.url(ConfigRepositoryFixture.NAME), settings(through("Basic d3I6b25n")))
                    .hasMessageContaining("it refuses the user and password")
                    .hasMessageNotContaining("d3I6b25n");
            writes(plain.server.url(ConfigRepositoryFixture.NAME), settings(through(PROXY_PASSWORD)));
            assertThat(plain.onServer("log")).isEqualTo("a");
        }

        // A host that is reached directly, played by the proxy, which shows what it was sent.
        int before = proxy.heads().size();
        refuses(
                        "http://127.0.0.1:" + proxy.address().getPort() + "/config.git",
                        settings(HttpClients.DEFAULT.through(direct(), () -> Optional.of(PROXY_PASSWORD))))
                .hasMessageContaining("407");
        assertThat(proxy.heads().subList(before, proxy.heads().size()))
                .isNotEmpty()
                .noneMatch(head -> head.contains("Proxy-Authorization"));
    }

    private void writes(String url, RepositorySettings settings) throws IOException {
        try (GitConfigRepositories repositories = repositories(settings)) {
            repositories
                    .open(new Remote(url, new Login.UserPassword("jenkins", "s3cret")))
                    .commit(request(append("log", "a")), Progress.SILENT);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refuses(String url, RepositorySettings settings)
            throws IOException {
        try (GitConfigRepositories repositories = repositories(settings)) {
            return assertThatThrownBy(() -> repositories
                            .open(new Remote(url, new Login.UserPassword("jenkins", "s3cret")))
                            .tip("main", Progress.SILENT))
                    .isInstanceOf(RepositoryException.class)
                    .hasMessageNotContaining("s3cret");
        }
    }

    private GitConfigRepositories repositories(RepositorySettings settings) {
        return new GitConfigRepositories(directory.resolve("caches"), settings);
    }

    private static RepositorySettings trusting(ProxySelector proxy) {
        return settings(HttpClients.DEFAULT.trusting(trusting).through(proxy, Optional::empty));
    }

    private HttpClients through(String password) {
        return HttpClients.DEFAULT.through(ProxySelector.of(proxy.address()), () -> Optional.of(password));
    }

    private static RepositorySettings settings(HttpClients http) {
        return RepositorySettings.DEFAULT
                .with(new OperationLimits(3, Duration.ofSeconds(30), 1 << 20, 1 << 20))
                .with(http);
    }

    private static ProxySelector direct() {
        return HttpClient.Builder.NO_PROXY;
    }
}
