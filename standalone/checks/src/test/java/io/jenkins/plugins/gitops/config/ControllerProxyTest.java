package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hudson.ProxyConfiguration;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.aws.AwsException;
import io.jenkins.plugins.gitops.engine.aws.AwsIdentity;
import io.jenkins.plugins.gitops.engine.aws.AwsSession;
import io.jenkins.plugins.gitops.engine.aws.FakeAws;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.ForwardProxy;
import io.jenkins.plugins.gitops.engine.git.GitHttpServer;
import io.jenkins.plugins.gitops.engine.git.Remote;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.TestGit;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import io.jenkins.plugins.gitops.engine.promotion.CheckEndpoints;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** Every connection but SSH's goes through the proxy that an administrator set up for the controller, as it is set up at the moment. */
class ControllerProxyTest {

    private static final String DIGEST = "sha256:" + "a".repeat(64);

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
        repository = services.repository(new Remote("http://git.example.invalid:" + server.port() + "/config.git"));
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
    void kubernetesArgoCdRegistriesAndChecksGoThroughItWithItsPassword() throws Exception {
        proxy.require("Basic cm9ib3Q6czNjcmV0");
        jenkins.withProxy(configuration("robot", "s3cret", null)).withCredential(new Token("token"));
        HttpServer peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext("/", ControllerProxyTest::answer);
        peer.start();
        String host = "peer.example.invalid:" + peer.getAddress().getPort();
        try {
            assertThat(applications(ArgoCdConnection.Kind.KUBERNETES, host)).isZero();
            assertThat(applications(ArgoCdConnection.Kind.SERVER, host)).isZero();
            ConfiguredRegistry registry = new ConfiguredRegistry(host);
            registry.setUrl("http://" + host);
            GitOpsConfiguration.get().setRegistries(List.of(registry));
            ImageReference image = ImageReference.parse(host + "/shop/api:1.4.0");
            assertThat(GitOpsServices.get()
                            .verification(Pipelines.run("shop").getParent())
                            .verify(new Release(Map.of("api", image), null), Progress.SILENT)
                            .images())
                    .containsEntry("api", image.withDigest(DIGEST));
            CheckEndpoints checks = GitOpsServices.get().checkEndpoints();
            HttpRequest request = checks.clients()
                    .request(URI.create("http://" + host + "/check"))
                    .build();
            assertThat(BoundedBody.send(checks.client(), request, new BodyLimits(1000, Duration.ofSeconds(30)))
                            .statusCode())
                    .isEqualTo(200);
        } finally {
            peer.stop(0);
        }
        assertThat(proxy.heads()).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void awsGoesThroughItWithItsPasswordAndItsExceptions() throws Exception {
        proxy.require("Basic cm9ib3Q6czNjcmV0");
        jenkins.withProxy(configuration("robot", "s3cret", "127.0.0.1"));
        try (FakeAws aws = new FakeAws().givesRole("AssumeRole", "AKIAROLE")) {
            int port = aws.endpoint().getPort();

            assertThat(assumeRole("http://sts.example.invalid:" + port)).isEqualTo("AKIAROLE");
            assertThat(proxy.heads())
                    .last()
                    .asString()
                    .startsWith("POST http://sts.example.invalid:" + port)
                    .contains("Proxy-Authorization: Basic cm9ib3Q6czNjcmV0");
            int through = proxy.heads().size();
            assertThat(assumeRole("http://127.0.0.1:" + port)).isEqualTo("AKIAROLE");
            assertThat(proxy.heads()).hasSize(through);

            // Nothing listens at the end of the tunnel.
            int closed = closedPort();
            assertThatThrownBy(() -> assumeRole("https://sts.example.invalid:" + closed))
                    .isInstanceOf(AwsException.class);
            assertThat(proxy.heads().subList(through, proxy.heads().size()))
                    .allSatisfy(head -> assertThat(head).startsWith("CONNECT sts.example.invalid:" + closed))
                    .anySatisfy(head -> assertThat(head).contains("Proxy-Authorization: Basic cm9ib3Q6czNjcmV0"));
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket closed = new ServerSocket(0)) {
            return closed.getLocalPort();
        }
    }

    private static String assumeRole(String endpoint) {
        AwsIdentity user = new AwsIdentity.Supplied(
                "ci", StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIACI", "secret")));
        AwsIdentity role = new AwsIdentity.AssumedRole(user, "arn:aws:iam::123456789012:role/deploy", null);
        try (AwsSession session = new AwsSession(
                role,
                Region.EU_CENTRAL_1,
                new ControllerProxy.AwsClients(ControllerProxy.current()).get(),
                Optional.of(URI.create(endpoint)))) {
            return session.credentials().accessKeyId();
        }
    }

    private static int applications(ArgoCdConnection.Kind kind, String host) throws Exception {
        ArgoCdConnection connection = new ArgoCdConnection("eu", kind);
        connection.setUrl("http://" + host);
        connection.setCredentialsId("token");
        try (ArgoCd argoCd = new ArgoCdConnector(connection, null).open()) {
            return argoCd.list("argocd").applications().size();
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            byte[] body =
                    "{\"kind\":\"ApplicationList\",\"apiVersion\":\"argoproj.io/v1alpha1\",\"metadata\":{},\"items\":[]}"
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .add("Content-Type", head ? "application/vnd.oci.image.manifest.v1+json" : "application/json");
            exchange.getResponseHeaders().add("Docker-Content-Digest", DIGEST);
            exchange.sendResponseHeaders(200, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
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
