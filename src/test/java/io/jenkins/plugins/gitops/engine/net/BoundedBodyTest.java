package io.jenkins.plugins.gitops.engine.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are too large, too slow, or never end, in memory and as a stream. */
@Timeout(30)
class BoundedBodyTest {

    private static final BodyLimits PLENTY = new BodyLimits(1 << 20, Duration.ofSeconds(20));
    private static final BodyLimits HURRIED = new BodyLimits(1 << 20, Duration.ofSeconds(20), Duration.ofMillis(300));
    private static final BodyLimits SMALL = new BodyLimits(100, Duration.ofSeconds(20));

    private final HttpClient client = HttpClients.DEFAULT.build("test");

    @Test
    void aWholeAnswerArrives() throws Exception {
        try (Peer peer = new Peer(out -> {
            Peer.head(out, "5");
            out.write("hello".getBytes(StandardCharsets.US_ASCII));
        })) {
            assertThat(BoundedBody.send(client, get(peer), PLENTY).body())
                    .asString()
                    .isEqualTo("hello");
            try (InputStream stream = stream(peer, PLENTY)) {
                assertThat(stream.readAllBytes()).asString().isEqualTo("hello");
            }
        }
    }

    @Test
    void aBodyThatTricklesEndsAtItsTotalTime() throws Exception {
        try (Peer peer = new Peer(out -> {
            Peer.head(out, "1000000");
            Peer.trickle(out);
        })) {
            assertThatThrownBy(() -> BoundedBody.send(client, get(peer), HURRIED))
                    .isInstanceOf(HttpTimeoutException.class);
            assertThat(peer.isHungUp()).isTrue();
        }
        try (Peer peer = new Peer(out -> {
                    Peer.head(out, "1000000");
                    Peer.trickle(out);
                });
                InputStream stream = stream(peer, HURRIED)) {
            assertThatThrownBy(stream::readAllBytes).isInstanceOf(HttpTimeoutException.class);
            assertThat(peer.isHungUp()).isTrue();
        }
    }

    @Test
    void anEndlessBodyEndsAtItsSize() throws Exception {
        try (Peer peer = new Peer(out -> {
            Peer.head(out, "1000000000");
            Peer.flood(out);
        })) {
            assertThatThrownBy(() -> BoundedBody.send(client, get(peer), SMALL))
                    .isInstanceOf(BodyLimits.TooLargeException.class);
            assertThat(peer.isHungUp()).isTrue();
        }
        try (Peer peer = new Peer(out -> {
                    Peer.head(out, "1000000000");
                    Peer.flood(out);
                });
                InputStream stream = stream(peer, SMALL)) {
            assertThatThrownBy(stream::readAllBytes).isInstanceOf(BodyLimits.TooLargeException.class);
            assertThat(peer.isHungUp()).isTrue();
        }
    }

    @Test
    void silenceEndsAtTheIdleTime() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Peer peer = new Peer(out -> {
                    Peer.head(out, "10");
                    end.await();
                });
                InputStream stream =
                        stream(peer, new BodyLimits(100, Duration.ofMillis(200), Duration.ofSeconds(20)))) {
            assertThatThrownBy(stream::readAllBytes).isInstanceOf(HttpTimeoutException.class);
        }
        end.countDown();
    }

    @Test
    void anInterruptFreesTheThreadAtOnce() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Peer peer = new Peer(out -> {
                    Peer.head(out, "10");
                    end.await();
                });
                InputStream stream = stream(peer, PLENTY)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(stream::read).isExactlyInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
        }
        end.countDown();
        try (Peer peer = new Peer(Peer::trickle)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> BoundedBody.send(client, get(peer), PLENTY))
                    .isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aCancelledAnswerIsBrokenOff() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (Peer peer = new Peer(out -> {
            Peer.head(out, "1000000");
            begun.countDown();
            Peer.trickle(out);
        })) {
            CompletableFuture<HttpResponse<byte[]>> answer = BoundedBody.sendAsync(client, get(peer), PLENTY);
            begun.await();
            answer.cancel(true);

            assertThat(peer.isHungUp()).isTrue();
        }
    }

    private InputStream stream(Peer peer, BodyLimits limits) throws Exception {
        return client.send(get(peer), BodyStream.within(limits)).body();
    }

    private static HttpRequest get(Peer peer) {
        return HttpClients.DEFAULT.request(peer.address()).build();
    }
}
