package io.jenkins.plugins.gitops.playground.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A headless Chromium, driven over the DevTools protocol. It is the installed one: tests skip themselves visibly where
 * there is none.
 *
 * @see <a href="https://chromedevtools.github.io/devtools-protocol/">the protocol</a>
 */
public final class Chromium implements AutoCloseable {

    private static final String LISTENING = "DevTools listening on ";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonNode>> listeners = new ConcurrentHashMap<>();

    private Chromium(Path executable) throws IOException {
        profile = Files.createTempDirectory("chromium");
        process = new ProcessBuilder(
                        executable.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        socket = connect(address(process.inputReader()));
    }

    /** Starts the installed Chromium; empty where none is installed. */
    @NonNull
    public static Optional<Chromium> start() throws IOException {
        Optional<Path> executable = Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        return executable.isPresent() ? Optional.of(new Chromium(executable.get())) : Optional.empty();
    }

    /** Opens an empty tab, with cookies of its own. */
    @NonNull
    public Tab open() {
        String context = call("", "Target.createBrowserContext", Map.of("disposeOnDetach", true))
                .path("browserContextId")
                .asText();
        String target = call("", "Target.createTarget", Map.of("url", "about:blank", "browserContextId", context))
                .path("targetId")
                .asText();
        String session = call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asText();
        return new Tab(this, session, context);
    }

    /** Closes everything that was opened with these cookies. */
    void closeContext(@NonNull String context) {
        call("", "Target.disposeBrowserContext", Map.of("browserContextId", context));
    }

    /** Sends a command and waits for its answer. */
    @NonNull
    JsonNode call(@NonNull String session, @NonNull String method, @NonNull Map<String, ?> parameters) {
        int id = lastId.incrementAndGet();
        ObjectNode message = json.createObjectNode().put("id", id).put("method", method);
        message.set("params", json.valueToTree(parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        socket.sendText(message.toString(), true).join();
        JsonNode answered =
                answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (answered.has("error")) {
            String sentence = method + ": " + answered.get("error");
            throw DocumentLeftException.is(answered.get("error"))
                    ? new DocumentLeftException(sentence)
                    : new IllegalStateException(sentence);
        }
        return answered.path("result");
    }

    /** Hands every event of a session to the listener. */
    void listen(@NonNull String session, @NonNull Consumer<JsonNode> listener) {
        listeners.put(session, listener);
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        }
    }

    private static URI address(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(LISTENING)) {
                drain(output);
                return URI.create(line.substring(LISTENING.length()));
            }
        }
        throw new IOException("Chromium ended before it listened");
    }

    /** Reads on, or the browser would stop when the pipe is full. */
    private static void drain(BufferedReader output) {
        Thread reader = new Thread(
                () -> {
                    try {
                        while (output.readLine() != null) {
                            continue;
                        }
                    } catch (IOException closed) {
                        return;
                    }
                },
                "chromium output");
        reader.setDaemon(true);
        reader.start();
    }

    private WebSocket connect(URI address) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, new Messages())
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Puts the parts of a message together and gives it to whoever waits for it. */
    private final class Messages implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                receive(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        private void receive(String message) {
            try {
                JsonNode node = json.readTree(message);
                if (node.has("id")) {
                    waiting.remove(node.get("id").asInt()).complete(node);
                } else {
                    listeners
                            .getOrDefault(node.path("sessionId").asText(), ignored -> {})
                            .accept(node);
                }
            } catch (IOException e) {
                throw new IllegalStateException("not JSON: " + message, e);
            }
        }
    }
}
