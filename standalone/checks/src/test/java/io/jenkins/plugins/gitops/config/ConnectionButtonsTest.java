package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.model.Item;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import hudson.util.FormValidation.Kind;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.core.Authentication;

/** What the test buttons say of servers that are not what they should be. */
@Timeout(60)
class ConnectionButtonsTest {

    private static final ConnectionTest HASTY = new ConnectionTest(Duration.ofSeconds(1));

    @TempDir
    private Path home;

    private ServerSocket server;

    @BeforeEach
    void start() throws Exception {
        new StandIn()
                .install()
                .withRootDir(home.toFile())
                .withExtension(new GitOpsServices())
                .withCredential(new Token("token"));
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        GitOpsServices.terminate();
    }

    /** Whoever may configure a folder asks no server of the controller's own machine, nor a cloud's metadata service. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080/config.git",
                "http://localhost/config.git",
                "ssh://git@127.0.0.1/config.git",
                "git@localhost:config.git",
                "http://169.254.169.254/latest/meta-data",
                "http://[::1]/config.git",
                "git@0177.0.0.1:config.git",
                "https://2130706433/config.git",
                "http://127.0.0.1\\@git.example.com/config.git",
                "http://local_host/config.git",
                "no address"
            })
    void whoIsNoAdministratorTestsNoInternalAddress(String url) {
        StandIn.current().withAccess((who, permission, where) -> permission != Jenkins.ADMINISTER);

        try (ACLContext as = ACL.as2(StandIn.user("configurer", List.of()))) {
            assertThat(said(ConnectionTest.USUAL.of(new ConfiguredRepository("config", url), null)))
                    .as("as %s", as)
                    .startsWith("ERROR Not tested: ");
        }
    }

    /** A kubeconfig names its server itself. */
    @Test
    void whoIsNoAdministratorTestsNoKubeconfig() {
        StandIn.current().withAccess((who, permission, where) -> permission != Jenkins.ADMINISTER);
        ArgoCdConnection unnamed = connection(ArgoCdConnection.Kind.KUBERNETES, null);

        try (ACLContext as = ACL.as2(StandIn.user("configurer", List.of()))) {
            assertThat(said(ConnectionTest.USUAL.of(unnamed, null)))
                    .as("as %s", as)
                    .startsWith("ERROR Not tested: ");
        }
    }

    @Test
    void anEksRegionThatWouldNameAnotherHostIsRefused() {
        ArgoCdConnection eks = connection(ArgoCdConnection.Kind.KUBERNETES, "https://kubernetes.example.com");
        eks.setEksCluster("shop");
        eks.setEksRegion("attacker.example/#");

        assertThat(said(ConnectionTest.USUAL.of(eks, null))).contains("which is not a region");
    }

    @Test
    void anAdministratorAllowsAHost() {
        StandIn.current().withAccess((who, permission, where) -> permission != Jenkins.ADMINISTER);
        GitOpsConfiguration.get().setAllowedCheckHosts(List.of("127.0.0.1"));

        try (ACLContext as = ACL.as2(StandIn.user("configurer", List.of()))) {
            assertThat(said(HASTY.of(new ConfiguredRepository("config", address() + "config.git"), null)))
                    .as("as %s", as)
                    .contains("did not respond within 1 seconds");
        }
    }

    /** The server's backlog takes the connection, and nobody ever answers. */
    @Test
    void aGitServerThatStaysSilentIsGivenUp() {
        ConfiguredRepository silent = new ConfiguredRepository("config", address() + "config.git");

        assertThat(said(HASTY.of(silent, null)))
                .isEqualTo("ERROR " + address() + "config.git did not respond within 1 seconds: check the address, and"
                        + " the network, firewalls and proxies in between.");
    }

    @ParameterizedTest
    @EnumSource
    void anArgoCdThatStaysSilentIsGivenUp(ArgoCdConnection.Kind kind) {
        assertThat(said(HASTY.of(connection(kind, address()), null)))
                .matches("ERROR \\Q" + address() + "\\E did not respond within [14] seconds: .*");
    }

    /** Only the first loads the client, which on a busy controller takes longer than most servers. */
    @Test
    void theFirstConversationWithArgoCdHasMoreTime() {
        ConnectionTest cold = new ConnectionTest(Duration.ofSeconds(1));
        ArgoCdConnection silent = connection(ArgoCdConnection.Kind.KUBERNETES, address());

        assertThat(said(cold.of(silent, null))).contains(" did not respond within 4 seconds: ");
        assertThat(said(cold.of(silent, null))).contains(" did not respond within 1 seconds: ");
    }

    @Test
    void whereTooManyFormsWaitNoServerIsBlamed() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        ExecutorService forms = GitOpsServices.get().formWorkers();
        try {
            for (boolean hasRoom = true; hasRoom; ) {
                try {
                    forms.submit(() -> over.await(60, TimeUnit.SECONDS));
                } catch (RejectedExecutionException full) {
                    hasRoom = false;
                }
            }

            assertThat(said(HASTY.of(connection(ArgoCdConnection.Kind.SERVER, address()), null)))
                    .isEqualTo(
                            "ERROR " + address()
                                    + " was not contacted, because too many forms wait for a server: try again in a few seconds.");
        } finally {
            over.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereNothingListensTheRemedyIsSaid(ArgoCdConnection.Kind kind) throws Exception {
        server.close();

        assertThat(said(ConnectionTest.USUAL.of(connection(kind, address()), null)))
                .startsWith("ERROR Cannot list Applications")
                .contains("onnection")
                .doesNotContain("Exception")
                .endsWith(": check the address, and the network between it and Jenkins");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not an address",
                "javascript:alert(1)",
                "https:///api",
                "file:///etc/passwd",
                "argocd",
                "//argocd.acme.example"
            })
    void whatIsNoAddressIsSaidToBeNone(String typed) {
        for (ArgoCdConnection.Kind kind : ArgoCdConnection.Kind.values()) {
            FormValidation answer = ConnectionTest.USUAL.of(connection(kind, typed), null);

            assertThat(answer.kind).isEqualTo(Kind.ERROR);
            assertThat(answer.getMessage()).contains("of the Argo CD connection &#039;eu&#039; is not an address");
        }
    }

    @Test
    void aWebUiThatIsNoAddressIsNeverLinkedTo() {
        ArgoCdConnection connection = connection(ArgoCdConnection.Kind.KUBERNETES, address());
        connection.setUiUrl("javascript:alert(1)");

        assertThatThrownBy(() -> new ArgoCdConnector(connection, null).open())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'javascript:alert(1)' of the Argo CD connection 'eu' is not an address");
    }

    /** A server of one's own would be told the secret. */
    @Test
    void whoMayNotUseTheCredentialsOfAFolderSendsThemNowhere() throws Exception {
        Item job = Pipelines.run("shop").getParent();
        ConfiguredRepository repository = new ConfiguredRepository("config", address() + "config.git");
        repository.setCredentialsId("token");
        Authentication before = StandIn.current()
                .withAccess((who, permission, where) -> permission.equals(Item.CONFIGURE))
                .become(StandIn.user("configurer", List.of()));

        try {
            assertThat(said(ConnectionTest.USUAL.of(repository, job)))
                    .startsWith("ERROR You may not use credentials here");
            assertThat(said(ConnectionTest.USUAL.of(connection(ArgoCdConnection.Kind.SERVER, address()), job)))
                    .startsWith("ERROR You may not use credentials here");
            assertThat(CredentialChoices.check(job, "no such", List.of()).kind)
                    .as("does not tell which there are")
                    .isEqualTo(Kind.OK);
        } finally {
            StandIn.current().become(before);
        }
        server.setSoTimeout(1);
        assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void workThatIsGivenUpIsInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);

        assertThatThrownBy(() -> Forms.within(Duration.ofMillis(50), () -> {
                    try {
                        return new CountDownLatch(1).await(1, TimeUnit.HOURS);
                    } catch (InterruptedException expected) {
                        interrupted.countDown();
                        throw expected;
                    }
                }))
                .isInstanceOf(TimeoutException.class);

        assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    }

    private static ArgoCdConnection connection(ArgoCdConnection.Kind kind, String url) {
        ArgoCdConnection connection = new ArgoCdConnection("eu", kind);
        connection.setUrl(url);
        connection.setCredentialsId("token");
        return connection;
    }

    private String address() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    private static String said(FormValidation answer) {
        return answer.kind + " " + answer.getMessage();
    }
}
