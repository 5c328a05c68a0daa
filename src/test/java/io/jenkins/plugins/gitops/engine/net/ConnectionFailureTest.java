package io.jenkins.plugins.gitops.engine.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jenkins.plugins.gitops.engine.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real failures of a real client, on whichever Java runs the test. */
@Timeout(30)
class ConnectionFailureTest {

    @TempDir
    static Path keys;

    private static TestCertificate certificate;
    private static HttpClients trusting;

    @BeforeAll
    static void create() throws Exception {
        certificate = TestCertificate.create(keys);
        trusting = HttpClients.DEFAULT.trusting(certificate.clientContext());
    }

    @Test
    void aClosedPortIsRefused() throws Exception {
        URI address;
        try (Peer peer = new Peer(out -> {})) {
            address = peer.address();
        }
        assertThat(failure(HttpClients.DEFAULT, address)).isEqualTo(ConnectionFailure.CONNECTION_REFUSED);
    }

    @Test
    void aNameNobodyKnowsIsUnknown() {
        assertThat(failure(HttpClients.DEFAULT, URI.create("http://no-such-host.invalid/")))
                .isEqualTo(ConnectionFailure.UNKNOWN_HOST);
    }

    @Test
    void aCutAnswerIsCut() throws Exception {
        try (Peer peer = new Peer(out -> Peer.head(out, "10"))) {
            assertThat(failure(HttpClients.DEFAULT, peer.address())).isEqualTo(ConnectionFailure.CUT);
        }
        try (Peer peer = new Peer(out -> {})) {
            assertThat(failure(HttpClients.DEFAULT, peer.address())).isEqualTo(ConnectionFailure.CUT);
        }
    }

    @Test
    void whatIsNotHttpIsTold() throws Exception {
        try (Peer peer = new Peer(out -> out.write("SSH-2.0-server\r\n".getBytes(StandardCharsets.US_ASCII)))) {
            assertThat(failure(HttpClients.DEFAULT, peer.address())).isEqualTo(ConnectionFailure.NOT_HTTP);
        }
    }

    @Test
    void anAnswerThatDoesNotComeIsATimeout() throws Exception {
        try (Peer peer = new Peer(out -> Thread.sleep(60_000))) {
            assertThat(failure(HttpClients.DEFAULT, peer.address())).isEqualTo(ConnectionFailure.TIMEOUT);
        }
    }

    @Test
    void aHandshakeCutOffMayPass() throws Exception {
        try (Peer peer = new Peer(out -> {})) {
            assertThat(failure(trusting, https(peer.address(), "127.0.0.1"))).isEqualTo(ConnectionFailure.TLS_CUT);
        }
    }

    @Test
    void aHandshakeAnsweredInPlainTextIsBroken() throws Exception {
        try (Peer peer =
                new Peer(out -> out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))) {
            assertThat(failure(trusting, https(peer.address(), "127.0.0.1"))).isEqualTo(ConnectionFailure.TLS_BROKEN);
        }
    }

    @Test
    void aHandshakeThatTheServerRefusesIsRefused() throws Exception {
        SSLServerSocket socket = tls();
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"});
        // The certificate's key is RSA: no cipher suite is left.
        try (Peer peer = new Peer(socket, out -> {})) {
            assertThat(failure(trusting, https(peer.address(), "127.0.0.1"))).isEqualTo(ConnectionFailure.TLS_REFUSED);
        }
    }

    @Test
    void certificatesAreToldApart() throws Exception {
        try (Peer peer = new Peer(tls(), out -> {})) {
            assertThat(failure(HttpClients.DEFAULT, https(peer.address(), "127.0.0.1")))
                    .isEqualTo(ConnectionFailure.CERTIFICATE_UNTRUSTED);
            assertThat(failure(trusting, https(peer.address(), "localhost")))
                    .isEqualTo(ConnectionFailure.CERTIFICATE_OTHER_HOST);
        }
    }

    private static SSLServerSocket tls() throws IOException, GeneralSecurityException {
        ServerSocket socket = certificate
                .serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        return (SSLServerSocket) socket;
    }

    private static URI https(URI address, String host) {
        return URI.create("https://" + host + ":" + address.getPort() + "/");
    }

    private static ConnectionFailure failure(HttpClients clients, URI address) {
        Throwable failure = catchThrowable(() -> BoundedBody.send(
                clients.build("test"),
                clients.request(address).build(),
                new BodyLimits(1 << 20, Duration.ofSeconds(2))));
        return ConnectionFailure.of(failure);
    }
}
