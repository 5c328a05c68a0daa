package io.jenkins.plugins.gitops.engine.verification;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/** The real thing: Debian's Alertmanager on loopback, which posts what it is told to a webhook, after a second. */
public final class DebianAlertmanager implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Process process;
    private final int port;

    /**
     * @param folder empty
     * @param token sent as bearer token
     */
    public DebianAlertmanager(Path folder, URI webhook, String token) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path credentials = Files.writeString(folder.resolve("token"), token);
        Path config = Files.writeString(folder.resolve("alertmanager.yml"), """
            route:
              receiver: jenkins
              group_by: [alertname]
              group_wait: 1s
              group_interval: 1s
              repeat_interval: 5s
            receivers:
              - name: jenkins
                webhook_configs:
                  - url: %s
                    send_resolved: true
                    http_config:
                      authorization: { credentials_file: %s }
            """.formatted(webhook, credentials));
        process = new ProcessBuilder(
                        binary().orElseThrow().toString(),
                        "--config.file=" + config,
                        "--storage.path=" + folder.resolve("data"),
                        "--cluster.listen-address=",
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** Skips the test, visibly, where the package is not installed. */
    public static void assumeInstalled() {
        Assumptions.assumeTrue(
                binary().isPresent(),
                "Debian's Alertmanager is not installed: apt-get install prometheus-alertmanager");
    }

    private static Optional<Path> binary() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "prometheus-alertmanager"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether it answers. */
    public boolean isReady() {
        try {
            return send(HttpRequest.newBuilder(address("/-/ready")).build()) == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Tells it of an alert, as Prometheus does. */
    public void fire(Map<String, String> labels, String summary, Instant startsAt) throws IOException {
        String pairs = labels.entrySet().stream()
                .map(label -> "\"" + label.getKey() + "\":\"" + label.getValue() + "\"")
                .collect(Collectors.joining(","));
        String body = "[{\"labels\":{" + pairs + "},\"annotations\":{\"summary\":\"" + summary + "\"},\"startsAt\":\""
                + startsAt + "\"}]";
        int status = send(HttpRequest.newBuilder(address("/api/v2/alerts"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        if (status != 200) {
            throw new IOException("Alertmanager answers " + status);
        }
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static int send(HttpRequest request) throws IOException {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
