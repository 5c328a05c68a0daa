package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.ProxyConfiguration;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.ForwardProxy;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.standalone.StandIn;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Git goes through the proxy that an administrator set up for the controller, as it is set up at the moment. */
class ControllerProxyTest {

    @TempDir
    private Path directory;

    private StandIn jenkins;
    private GitHttpServer server;
    private ForwardProxy proxy;
    private String tip;
    private ConfigRepository repository;

    @BeforeEach
    void start() throws IOException {
        GitOpsServices services = new GitOpsServices();
        jenkins = new StandIn()
                .install()
                .withRootDir(directory.resolve("home").toFile())
                .withExtension(services);
        server = new GitHttpServer(Files.createDirectories(directory.resolve("server")));
        Path bare = server.create("config.git");
        tip = TestGit.output(bare, "commit-tree", TestGit.output(bare, "mktree"), "-m", "Begin");
        TestGit.run(bare, "update-ref", "refs/heads/main", tip);
        proxy = new ForwardProxy();
        // A host that only this proxy knows.
        repository = services.repository(new Remote(
                "http://git.example.invalid:" + server.port() + "/config.git", new Remote.Login.Anonymous()));
    }

    @AfterEach
    void stop() throws IOException {
        GitOpsServices.terminate();
        proxy.close();
        server.close();
    }

    @Test
    void gitGoesThroughItWithItsPassword() {
        proxy.require("Basic cm9ib3Q6czNjcmV0");
        jenkins.withProxy(configuration("robot", "s3cret", null));

        assertThat(repository.tip("main", Progress.SILENT).commit()).isEqualTo(tip);
        assertThat(proxy.heads()).isNotEmpty();
    }

    @Test
    void aPasswordThatItRefusesIsSaidAndNotShown() {
        proxy.require("Basic cm9ib3Q6czNjcmV0");
        jenkins.withProxy(configuration("robot", "wr0ng", null));

        assertThatThrownBy(() -> repository.tip("main", Progress.SILENT))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("the proxy answered 407: it refuses the user and password")
                .hasMessageNotContaining("wr0ng");
    }

    @Test
    void aChangeCountsFromTheNextRequestOn() {
        jenkins.withProxy(configuration("", null, null));
        repository.tip("main", Progress.SILENT);
        proxy.require("Basic cm9ib3Q6bjN3");
        jenkins.withProxy(configuration("robot", "n3w", null));

        assertThat(repository.tip("main", Progress.SILENT).commit()).isEqualTo(tip);
    }

    @Test
    void itsExceptionsAreReachedDirectly() {
        jenkins.withProxy(configuration("robot", "s3cret", "localhost, *.internal"));

        assertThat(chosenFor("https://git.example.com/config.git"))
                .containsExactly(new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(
                                "127.0.0.1", proxy.address().getPort())));
        assertThat(chosenFor("https://git.acme.internal/config.git")).containsExactly(Proxy.NO_PROXY);
        assertThat(chosenFor("http://localhost:8080/config.git")).containsExactly(Proxy.NO_PROXY);
    }

    @Test
    void withoutOneJavasOwnSettingsCount() {
        jenkins.withProxy(null);

        assertThat(chosenFor("https://git.example.com/config.git")).containsExactly(Proxy.NO_PROXY);
        assertThat(ControllerProxy.current()).isEmpty();
    }

    private static List<Proxy> chosenFor(String url) {
        return ControllerProxy.CLIENTS.proxies().orElseThrow().select(URI.create(url));
    }

    private ProxyConfiguration configuration(String user, String password, String exceptions) {
        return new ProxyConfiguration(
                proxy.address().getAddress().getHostAddress(), proxy.address().getPort(), user, password, exceptions);
    }
}
