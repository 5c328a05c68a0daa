package io.jenkins.plugins.gitops.engine.verification;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The real thing: Debian's prometheus on loopback, which reads an exporter of ours every second. */
final class DebianPrometheus implements AutoCloseable {

    private final HttpServer exporter;
    private final Process process;
    private final int port;
    private volatile String metrics = "";

    /** @param folder empty */
    DebianPrometheus(Path folder) throws IOException {
        exporter = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        exporter.createContext("/metrics", exchange -> {
            byte[] text = metrics.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        exporter.start();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("prometheus.yml"), """
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: shop
                static_configs: [{ targets: ['127.0.0.1:%d'] }]
            """.formatted(
                        exporter.getAddress().getPort()));
        process = new ProcessBuilder(
                        binary().orElseThrow().toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** Skips the test, visibly, where the package is not installed. */
    static void assumeInstalled() {
        Assumptions.assumeTrue(
                binary().isPresent(), "Debian's prometheus is not installed: apt-get install prometheus");
    }

    private static Optional<Path> binary() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What the exporter says from now on. */
    void export(String text) {
        metrics = text;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        exporter.stop(0);
    }
}
