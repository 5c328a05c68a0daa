package io.jenkins.plugins.gitops.engine.argocd.client;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.StreamListener;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Kubernetes API that sends one message of a watch for ever. */
@Timeout(240)
class EndlessMessageTest {

    /** From RFC 6455. */
    private static final String WEB_SOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final AtomicLong sent = new AtomicLong();
    private final List<Optional<ArgoCdException>> ends = new CopyOnWriteArrayList<>();

    @Test
    void aMessageThatDoesNotEndEndsTheWatch() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> serve(server), "endless message");
            thread.start();
            KubernetesAccess access = new KubernetesAccess.Token(
                    "http://127.0.0.1:" + server.getLocalPort(), Optional.empty(), () -> "token");
            BodyLimits limits = new BodyLimits(1 << 20, Duration.ofMinutes(1));
            try (ArgoCd argoCd =
                    new KubernetesArgoCd(access.client(HttpClients.DEFAULT, limits), "argocd", Optional.empty())) {
                argoCd.watch("argocd", "5", new Ends());

                await().until(() -> ends.size() == 1);
                thread.join();
            }
        }

        // Besides what was received there is what was under way.
        assertThat(sent).hasValueBetween(1L << 20, 64L << 20);
    }

    private void serve(ServerSocket server) {
        try (Socket socket = server.accept()) {
            BufferedReader request =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String key = "";
            for (String line = request.readLine(); !line.isEmpty(); line = request.readLine()) {
                key = line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:") ? line.split(": ")[1] : key;
            }
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            // One text message of 2^62 bytes.
            out.write(new byte[] {(byte) 0x81, 127, 0x40, 0, 0, 0, 0, 0, 0, 0});
            byte[] text = new byte[8192];
            while (true) {
                out.write(text);
                sent.addAndGet(text.length);
            }
        } catch (IOException brokenOff) {
            // what is to be seen
        }
    }

    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + WEB_SOCKET).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException cause) {
            throw new UncheckedIOException(new IOException(cause));
        }
    }

    private final class Ends implements StreamListener {

        @Override
        public void changed(Observation application) {}

        @Override
        public void deleted(ApplicationName application, String resourceVersion) {}

        @Override
        public void bookmark(String resourceVersion) {}

        @Override
        public void ended(Optional<ArgoCdException> cause) {
            ends.add(cause);
        }
    }
}
