package io.jenkins.plugins.gitops.engine.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** The real thing: Debian's docker-registry on a free port of loopback, its images in a temporary directory. */
public final class DebianRegistry implements AutoCloseable {

    static final String USER = "robot";
    static final String PASSWORD = "s3cret";

    private static final Path BINARY = Path.of("/usr/bin/docker-registry");

    /** bcrypt of {@link #PASSWORD}. */
    private static final String HTPASSWD = USER + ":$2a$04$N9qo8uLOickgx2ZMRZoMyexct2DkrOPRqiVFVmLL6mXAceQb5Y9NO\n";

    private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");
    private static final Pattern ACCESS = Pattern.compile("\"((?:GET|HEAD) /v2/\\S*) HTTP/1.1\" (\\d+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger marks = new AtomicInteger();
    private final Process process;
    private final Path log;
    private final String host;

    private DebianRegistry(Path directory, String auth) throws IOException {
        Path config = directory.resolve("config.yml");
        Files.writeString(config, """
            version: 0.1
            storage:
              filesystem:
                rootdirectory: %s
              delete:
                enabled: true
            http:
              addr: 127.0.0.1:0
            """.formatted(directory.resolve("data")) + auth);
        log = directory.resolve("log");
        process = new ProcessBuilder(BINARY.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        host = Awaitility.await("docker-registry listens")
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(this::listening, found -> !found.isEmpty());
    }

    /** Skips the test, visibly, where the package is not installed. */
    public static void assumeInstalled() {
        Assumptions.assumeTrue(
                Files.isExecutable(BINARY),
                "Debian's docker-registry is not installed: apt-get install docker-registry");
    }

    public static DebianRegistry plain(Path directory) throws IOException {
        return new DebianRegistry(directory, "");
    }

    static DebianRegistry withBasicAuthentication(Path directory) throws IOException {
        Path htpasswd = Files.writeString(directory.resolve("htpasswd"), HTPASSWD);
        return new DebianRegistry(directory, """
            auth:
              htpasswd:
                realm: loopback
                path: %s
            """.formatted(htpasswd));
    }

    static DebianRegistry withTokenServer(Path directory, TokenServer server) throws IOException {
        return new DebianRegistry(directory, """
            auth:
              token:
                realm: %s
                service: %s
                issuer: %s
                rootcertbundle: %s
            """.formatted(
                        server.realm(), TokenServer.SERVICE, TokenServer.ISSUER, server.certificate()));
    }

    /** As image references write it. */
    public String host() {
        return host;
    }

    public URI base() {
        return URI.create("http://" + host);
    }

    /**
     * What was read so far, as the registry's own access log has it: {@code HEAD /v2/… 200}. The registry writes its log
     * after its answers, so this asks for a mark and waits until the mark is there.
     */
    public List<String> reads() {
        String mark = "/v2/?mark=" + marks.incrementAndGet();
        HttpRequest request = HttpRequest.newBuilder(base().resolve(mark)).build();
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding()).join();
        Awaitility.await("the mark is in the log")
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(() -> log().contains("GET " + mark + " "));
        return ACCESS.matcher(log())
                .results()
                .map(line -> line.group(1) + " " + line.group(2))
                .filter(line -> !line.contains("?mark="))
                .toList();
    }

    private String listening() {
        Matcher matcher = LISTENING.matcher(log());
        if (!process.isAlive()) {
            throw new IllegalStateException("docker-registry ended: " + log());
        }
        return matcher.find() ? matcher.group(1) : "";
    }

    private String log() {
        try {
            return Files.readString(log, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
