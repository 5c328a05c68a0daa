package io.jenkins.plugins.gitops.engine.argocd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.TestCertificate;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.client.ArgoCdHttp;
import io.jenkins.plugins.gitops.engine.argocd.client.ArgoCdServer;
import io.jenkins.plugins.gitops.engine.argocd.client.KubeconfigTest;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesAccess;
import io.jenkins.plugins.gitops.engine.argocd.client.KubernetesArgoCd;
import io.jenkins.plugins.gitops.engine.aws.AwsIdentity;
import io.jenkins.plugins.gitops.engine.aws.AwsSession;
import io.jenkins.plugins.gitops.engine.aws.EksTokens;
import io.jenkins.plugins.gitops.engine.net.Authorities;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;

/** Every way to connect, from its configuration to an answer over real TLS: who is trusted, and which token is shown. */
@Timeout(240)
class ConnectionTlsTest {

    private static TestCertificate certificate;
    private static TestCertificate other;

    @TempDir
    Path directory;

    private final AtomicReference<String> good = new AtomicReference<>("token");
    private TlsEndpoint endpoint;

    /** The two APIs an Argo CD can be reached through. */
    enum Backend {
        KUBERNETES {
            @Override
            ArgoCd connect(String url, Optional<String> authorities, Supplier<String> token) {
                return overKubernetes(new KubernetesAccess.Token(url, authorities, token));
            }
        },
        ARGO_CD {
            @Override
            ArgoCd connect(String url, Optional<String> authorities, Supplier<String> token) {
                return new ArgoCdServer(new ArgoCdHttp(URI.create(url), clients(authorities), token), "argocd");
            }
        };

        abstract ArgoCd connect(String url, Optional<String> authorities, Supplier<String> token);
    }

    @BeforeAll
    static void makeCertificates(@TempDir Path one, @TempDir Path two) throws Exception {
        certificate = TestCertificate.create(one);
        other = TestCertificate.create(two);
    }

    @BeforeEach
    void start() throws Exception {
        endpoint = new TlsEndpoint(certificate, token -> token.equals(good.get()));
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @ParameterizedTest
    @EnumSource
    void theGivenAuthorityIsTrusted(Backend backend) {
        try (ArgoCd argoCd = backend.connect(here(), Optional.of(certificate.pem()), () -> "token")) {
            assertThat(argoCd.list("argocd").applications()).isEmpty();
        }

        assertThat(endpoint.tokens()).containsExactly("token");
    }

    @ParameterizedTest
    @EnumSource
    void oneOfSeveralAuthoritiesIsEnough(Backend backend) {
        Optional<String> both = Optional.of(other.pem() + certificate.pem());

        try (ArgoCd argoCd = backend.connect(here(), both, () -> "token")) {
            assertThat(argoCd.list("argocd").applications()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherAuthorityIsRefusedBeforeTheTokenIsShown(Backend backend) {
        try (ArgoCd argoCd = backend.connect(here(), Optional.of(other.pem()), () -> "token")) {
            assertThatThrownBy(() -> argoCd.list("argocd"))
                    .isInstanceOfSatisfying(
                            ArgoCdException.class,
                            cause -> assertThat(cause.reason()).isEqualTo(Reason.REFUSED))
                    .hasMessageStartingWith("Cannot list Applications")
                    .hasMessageContaining(here())
                    .hasMessageEndingWith(": its certificate is not signed by the connection's CA certificate; give the"
                            + " connection the CA that signed it");
        }

        assertThat(endpoint.tokens()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnAuthorityThoseOfTheJvmAreTrustedAlone(Backend backend) {
        try (ArgoCd argoCd = backend.connect(here(), Optional.empty(), () -> "token")) {
            assertThatThrownBy(() -> argoCd.list("argocd"))
                    .isInstanceOf(ArgoCdException.class)
                    .hasMessageContaining("its certificate is not signed by");
        }

        assertThat(endpoint.tokens()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aCertificateForAnotherHostIsRefusedBeforeTheTokenIsShown(Backend backend) {
        String elsewhere = endpoint.url("localhost");

        try (ArgoCd argoCd = backend.connect(elsewhere, Optional.of(certificate.pem()), () -> "token")) {
            assertThatThrownBy(() -> argoCd.list("argocd"))
                    .isInstanceOfSatisfying(
                            ArgoCdException.class,
                            cause -> assertThat(cause.reason()).isEqualTo(Reason.REFUSED))
                    .hasMessageStartingWith("Cannot list Applications")
                    .hasMessageEndingWith(": its certificate is for another host name; use the address that the"
                            + " certificate names");
        }

        assertThat(endpoint.tokens()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theTokenIsAskedForAnewWithEveryRequest(Backend backend) {
        try (ArgoCd argoCd = backend.connect(here(), Optional.of(certificate.pem()), good::get)) {
            argoCd.list("argocd");
            good.set("rotated");
            argoCd.list("argocd");
        }

        assertThat(endpoint.tokens()).containsExactly("token", "rotated");
    }

    @Test
    void thePodsServiceAccountIsUsedInACluster() throws Exception {
        serviceAccount("token");

        try (ArgoCd argoCd = overKubernetes(inCluster())) {
            argoCd.list("argocd");
        }

        assertThat(endpoint.tokens()).containsExactly("token");
    }

    @Test
    void aServiceAccountsTokenIsReadAgainWhenItIsRotated() throws Exception {
        serviceAccount("token");

        try (ArgoCd argoCd = overKubernetes(inCluster())) {
            argoCd.list("argocd");
            good.set("rotated");
            serviceAccount("rotated");
            argoCd.list("argocd");
        }

        assertThat(endpoint.tokens()).containsExactly("token", "rotated");
    }

    @Test
    void outsideAClusterOneSentenceSaysWhatToGive() {
        KubernetesAccess access = new KubernetesAccess.InCluster(Map.of(), directory);

        assertThatThrownBy(() -> access.client(HttpClients.DEFAULT))
                .isInstanceOf(ArgoCdException.class)
                .hasMessage("This controller does not run in a cluster with a service account: give the Argo CD"
                        + " connection the API server's address and credentials.");
    }

    @Test
    void aKubeconfigBringsItsOwnAuthorityAndToken() {
        try (ArgoCd argoCd = overKubernetes(new KubernetesAccess.Kubeconfig(kubeconfig(certificate)))) {
            argoCd.list("argocd");
        }

        assertThat(endpoint.tokens()).containsExactly("token");
    }

    @Test
    void aKubeconfigWithAnotherAuthorityIsRefused() {
        try (ArgoCd argoCd = overKubernetes(new KubernetesAccess.Kubeconfig(kubeconfig(other)))) {
            assertThatThrownBy(() -> argoCd.list("argocd")).hasMessageContaining("its certificate is not signed by");
        }
    }

    @Test
    void anEksTokenIsShownAsBearerAndReplacedBeforeItExpires() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-08-01T12:00:00Z"));
        try (EksTokens tokens = new EksTokens(session(), "shop-prod", now::get)) {
            String first = tokens.get();
            good.set(first);
            try (ArgoCd argoCd = Backend.KUBERNETES.connect(here(), Optional.of(certificate.pem()), tokens)) {
                argoCd.list("argocd");
                now.updateAndGet(before -> before.plus(Duration.ofMinutes(14)));
                String second = tokens.get();
                good.set(second);
                argoCd.list("argocd");

                assertThat(first).startsWith("k8s-aws-v1.");
                assertThat(endpoint.tokens()).containsExactly(first, second).doesNotHaveDuplicates();
            }
        }
    }

    private static HttpClients clients(Optional<String> authorities) {
        try {
            return authorities.isPresent()
                    ? HttpClients.DEFAULT.trusting(Authorities.trusting(authorities.get()))
                    : HttpClients.DEFAULT;
        } catch (CertificateException cause) {
            throw new IllegalStateException(cause);
        }
    }

    private String here() {
        return endpoint.url("127.0.0.1");
    }

    private static ArgoCd overKubernetes(KubernetesAccess access) {
        return new KubernetesArgoCd(access.client(HttpClients.DEFAULT), "argocd", Optional.empty());
    }

    private KubernetesAccess inCluster() {
        Map<String, String> environment = Map.of(
                "KUBERNETES_SERVICE_HOST", "127.0.0.1", "KUBERNETES_SERVICE_PORT", String.valueOf(endpoint.port()));
        return new KubernetesAccess.InCluster(environment, directory);
    }

    private void serviceAccount(String token) throws Exception {
        Files.writeString(directory.resolve("ca.crt"), certificate.pem());
        Files.writeString(directory.resolve("token"), token + "\n");
    }

    private String kubeconfig(TestCertificate authority) {
        String encoded = Base64.getEncoder().encodeToString(authority.pem().getBytes(StandardCharsets.UTF_8));
        return KubeconfigTest.KUBECONFIG
                .formatted("token: token")
                .replace(
                        "server: https://kubernetes.example.com:6443",
                        "server: " + here() + "\n    certificate-authority-data: " + encoded);
    }

    private static AwsSession session() {
        return new AwsSession(
                new AwsIdentity.Supplied(
                        "deployer",
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "very-secret"))),
                Region.EU_CENTRAL_1,
                ApacheHttpClient.create(),
                Optional.empty());
    }
}
