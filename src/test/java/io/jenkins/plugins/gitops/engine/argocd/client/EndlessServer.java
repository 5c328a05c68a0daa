package io.jenkins.plugins.gitops.engine.argocd.client;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

/** A Kubernetes API whose lists never end, until the connection is broken off. */
final class EndlessServer implements AutoCloseable {

    private static final byte[] ITEM =
            "{\"metadata\":{\"namespace\":\"argocd\",\"name\":\"shop\"}},".getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Flow flow;
    private final AtomicBoolean brokenOff = new AtomicBoolean();

    /** How it sends. */
    enum Flow {
        PACKED,
        TRICKLING
    }

    EndlessServer(Flow flow) throws IOException {
        this.flow = flow;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    ArgoCd connect(BodyLimits limits) {
        KubernetesAccess access = new KubernetesAccess.Token(
                "http://127.0.0.1:" + server.getAddress().getPort(), Optional.empty(), () -> "token");
        return new KubernetesArgoCd(access.client(HttpClients.DEFAULT, limits), "argocd", Optional.empty());
    }

    void awaitBrokenOff() {
        await().until(brokenOff::get);
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (flow == Flow.PACKED) {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        try (OutputStream list = flow == Flow.PACKED ? new GZIPOutputStream(out, 8192, true) : out) {
            list.write("{\"kind\":\"ApplicationList\",\"items\":[".getBytes(StandardCharsets.UTF_8));
            while (!Thread.currentThread().isInterrupted()) {
                list.write(flow == Flow.PACKED ? ITEM : new byte[] {' '});
                list.flush();
                if (flow == Flow.TRICKLING) {
                    LockSupport.parkNanos(20_000_000);
                }
            }
        } catch (IOException closed) {
            brokenOff.set(true);
            throw closed;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
