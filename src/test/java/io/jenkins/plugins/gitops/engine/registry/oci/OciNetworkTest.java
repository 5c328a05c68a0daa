package io.jenkins.plugins.gitops.engine.registry.oci;

import static io.jenkins.plugins.gitops.engine.registry.oci.ScriptedServer.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.TestCertificate;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to a registry: proxies, their passwords, and certificate authorities. */
class OciNetworkTest extends ScriptedRegistry {

    @Test
    void aProxysPasswordAndTheRegistrysGoToEachOfThem() {
        AtomicReference<String> seen = new AtomicReference<>();
        server.on(HEAD, exchange -> {
            seen.set(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            boolean known = exchange.getRequestHeaders().containsKey("Authorization");
            (known ? found() : says(401, "", "WWW-Authenticate", "Basic realm=\"loopback\"")).answer(exchange);
        });
        OciRegistry behind = throughProxy(
                ProxySelector.of(
                        new InetSocketAddress("127.0.0.1", server.base("http").getPort())),
                URI.create("http://registry.invalid"),
                ROBOT);

        assertThat(behind.resolve(ImageReference.parse("registry.invalid/shop/api:1.4.0"))
                        .digest())
                .isEqualTo(DIGEST);
        assertThat(seen.get()).isEqualTo("Basic cHJveHk6cGFzcw==");
        assertThat(server.requests())
                .containsExactly(
                        "HEAD http://registry.invalid/v2/shop/api/manifests/1.4.0",
                        "HEAD http://registry.invalid/v2/shop/api/manifests/1.4.0 Basic cm9ib3Q6czNjcmV0");
    }

    @Test
    void aProxysPasswordDoesNotReachARegistryThatNeedsNoProxy() {
        AtomicReference<String> seen = new AtomicReference<>();
        server.on(HEAD, exchange -> {
            seen.set(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            found().answer(exchange);
        });
        OciRegistry direct = throughProxy(HttpClient.Builder.NO_PROXY, server.base("http"), ANONYMOUS);

        direct.resolve(reference("1.4.0"));

        assertThat(seen.get()).isNull();
    }

    @Test
    void aRegistryWithACertificateOfItsOwnIsReachedOnlyWithItsAuthority(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.create(directory);
        try (ScriptedServer tls = ScriptedServer.startWithTls(certificate.serverContext())) {
            tls.on(HEAD, found());
            ImageReference image = ImageReference.parse(tls.host() + "/shop/api:1.4.0");

            assertThatThrownBy(() -> setting.at(tls.base("https"), ANONYMOUS).resolve(image))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageStartingWith("Registry '" + tls.host() + "' has no trusted certificate (")
                    .hasMessageEndingWith(
                            "): add its certificate authority to the connection, or correct the address.");
            assertThat(setting.trusting(tls.base("https"), certificate.pem())
                            .resolve(image)
                            .digest())
                    .isEqualTo(DIGEST);
        }
    }

    @Test
    void anotherAuthorityVouchesForNothing(@TempDir Path one, @TempDir Path other) throws Exception {
        try (ScriptedServer tls =
                ScriptedServer.startWithTls(TestCertificate.create(one).serverContext())) {
            OciRegistry mistaken = setting.trusting(
                    tls.base("https"), TestCertificate.create(other).pem());

            assertThatThrownBy(() -> mistaken.resolve(ImageReference.parse(tls.host() + "/shop/api:1.4.0")))
                    .hasMessageStartingWith("Registry '" + tls.host() + "' has no trusted certificate (");
        }
    }

    @Test
    void anAuthorityThatCannotBeReadIsOneSentence() {
        assertSentence(
                () -> setting.trusting(server.base("http"), "no certificate"),
                "Registry '" + server.host() + "' has a certificate authority that cannot be read: paste its"
                        + " certificates in PEM form.");
    }

    /** With the password that the proxy requires. */
    private static OciRegistry throughProxy(ProxySelector proxies, URI base, Optional<RegistryLogin> login) {
        HttpClients clients = HttpClients.DEFAULT.through(proxies, () -> Optional.of("Basic cHJveHk6cGFzcw=="));
        return new OciRegistry(new OciConnection(
                base.getAuthority(), base, login, Set.of(), Optional.empty(), OciSettings.usual(clients)));
    }
}
