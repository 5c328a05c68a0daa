package io.jenkins.plugins.gitops.engine.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;

/**
 * Git's own {@code http-backend} behind the JDK's HTTP server on 127.0.0.1: every bare repository under a directory is
 * at {@code http://127.0.0.1:port/name.git}. Needs the {@code git} command line.
 *
 * <p>It keeps a list of requests with their sizes, asks for basic authentication if it is told to, and lets a test
 * answer in its stead.
 */
public final class GitHttpServer implements Closeable {
    static {
        // The JDK's server waits for the client's acknowledgement of small packets otherwise: 40 ms an answer.
        System.getProperties().putIfAbsent("sun.net.httpserver.nodelay", "true");
    }

    /** As a hosting service has it: pushes are taken, parts of a repository handed out, nothing packed meanwhile. */
    private static final String SETTINGS = """
        [http] receivepack = true
        [uploadpack] allowFilter = true
        [gc] auto = 0
        [receive] autogc = false
        """;
    /** More than a test looks at; what runs for long must not grow. */
    private static final int KEPT = 2_000;

    private final Path root;
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService executor;
    private final AtomicInteger count = new AtomicInteger();
    private final Deque<Entry> entries = new ConcurrentLinkedDeque<>();
    /** Users by the header they send. */
    private final Map<String, String> users = new ConcurrentHashMap<>();

    private volatile int newestProtocol = 2;
    private volatile boolean hidesShallow;
    private volatile boolean wantsMultiAck;
    private volatile long lastAnswer;
    private volatile Interceptor interceptor = request -> Optional.empty();

    /**
     * A request.
     *
     * @param status 0 while it is not answered
     * @param received bytes of the request's body
     * @param sent bytes of the answer's body
     * @param user empty where everybody is let in
     */
    public record Request(
            @NonNull String method,
            @NonNull String path,
            @NonNull String query,
            int status,
            long received,
            long sent,
            @NonNull String user) {

        /** Whether it is one of a push. */
        public boolean isPush() {
            return path.endsWith("/git-receive-pack") || query.contains("git-receive-pack");
        }
    }

    /**
     * An answer in the server's stead.
     *
     * @param status 0 for none at all
     */
    public record Answer(
            int status,
            @NonNull Map<String, String> headers,
            @NonNull Order order,
            @NonNull String body) {

        /** Whether Git's answer is replaced before or after Git did its work. */
        public enum Order {
            INSTEAD,
            AFTERWARDS
        }

        public static Answer instead(int status) {
            return new Answer(status, Map.of(), Order.INSTEAD, "");
        }

        /** Git does what it is asked and the client hears something else. */
        public static Answer afterwards(int status) {
            return new Answer(status, Map.of(), Order.AFTERWARDS, "");
        }

        /** Git does what it is asked, and then the server is gone: the connection ends without an answer. */
        public static Answer none() {
            return new Answer(0, Map.of(), Order.AFTERWARDS, "");
        }

        public Answer with(String header, String value) {
            return new Answer(status, Map.of(header, value), order, body);
        }

        /** With something to read. */
        public Answer saying(String text) {
            return new Answer(status, headers, order, text);
        }
    }

    /** Decides about each request; empty lets Git answer. */
    @FunctionalInterface
    public interface Interceptor {
        @NonNull
        Optional<Answer> intercept(@NonNull Request request);
    }

    /**
     * Starts a server.
     *
     * @param root directory of the bare repositories
     * @param port 0 for any free one
     */
    public GitHttpServer(@NonNull Path root, int port) throws IOException {
        this(root, HttpServer.create(loopback(port), 256), "http");
    }

    /** Starts a server that speaks TLS alone. */
    @NonNull
    public static GitHttpServer secure(@NonNull Path root, @NonNull SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(0), 256);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new GitHttpServer(root, server, "https");
    }

    private GitHttpServer(Path root, HttpServer server, String scheme) throws IOException {
        this.root = root.toRealPath();
        this.server = server;
        this.scheme = scheme;
        this.executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "git-http");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    public GitHttpServer(@NonNull Path root) throws IOException {
        this(root, 0);
    }

    /** Makes an empty bare repository that takes pushes and hands out parts of itself, and returns its directory. */
    @NonNull
    public Path create(@NonNull String name) {
        Path directory = root.resolve(name);
        TestGit.run(root, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", directory.toString());
        try {
            Files.writeString(directory.resolve("config"), SETTINGS, StandardOpenOption.APPEND);
            Files.createDirectory(directory.resolve("hooks"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    @NonNull
    public String url(@NonNull String name) {
        return scheme + "://127.0.0.1:" + port() + "/" + name;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** From now on only this user is let in, and those of whom it was told before. */
    public void require(@NonNull String user, @NonNull String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        users.put("Basic " + Base64.getEncoder().encodeToString(pair), user);
    }

    /** Speaks protocol 0, and refuses clients without {@code multi_ack_detailed}, as Azure DevOps does. */
    public void requireMultiAck() {
        newestProtocol = 0;
        wantsMultiAck = true;
    }

    /** From now on it is a server that knows no newer protocol version than this, 0, 1 or 2. */
    public void newestProtocol(int version) {
        newestProtocol = version;
    }

    /** From now on it is a server that cannot cut history: it does not say so, and refuses who asks for it. */
    public void hideShallow() {
        hidesShallow = true;
    }

    public void intercept(@NonNull Interceptor other) {
        interceptor = other;
    }

    /** Requests so far, in the order they came, the last {@value #KEPT}; those under way are among them. */
    @NonNull
    public List<Request> requests() {
        return entries.stream().map(Entry::request).toList();
    }

    /** When it answered last, as {@link System#nanoTime} tells. */
    public long lastAnswer() {
        return lastAnswer;
    }

    public void forgetRequests() {
        entries.clear();
        count.set(0);
    }

    /** How many pushes were sent, refused ones included. */
    public long pushes() {
        return requests().stream()
                .filter(r -> r.method().equals("POST") && r.isPush())
                .count();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
        try {
            // Else a push that goes on writes into a directory that is being deleted.
            if (!executor.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new AssertionError("a request to the Git server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetSocketAddress loopback(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String authorization = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        Entry entry = new Entry(exchange, users.getOrDefault(authorization, ""));
        // From now on, so that nobody who has read the answer looks at the list too early.
        entries.add(entry);
        if (count.incrementAndGet() > KEPT) {
            entries.poll();
        }
        try (exchange) {
            if (!users.isEmpty() && entry.user.isEmpty()) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                answer(exchange, Answer.instead(401), entry);
                return;
            }
            Optional<Answer> answer = interceptor.intercept(entry.request());
            if (answer.isPresent() && answer.get().order() == Answer.Order.INSTEAD) {
                exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
                answer(exchange, answer.get(), entry);
            } else {
                backend(exchange, entry, answer);
            }
            lastAnswer = System.nanoTime();
        }
    }

    /** A request while it is answered. */
    private static final class Entry {

        private final String method;
        private final String path;
        private final String query;
        private final String user;
        private final AtomicLong received = new AtomicLong();
        private final AtomicLong sent = new AtomicLong();
        private volatile int status;

        Entry(HttpExchange exchange, String user) {
            this.method = exchange.getRequestMethod();
            this.path = exchange.getRequestURI().getPath();
            this.query =
                    Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
            this.user = user;
        }

        Request request() {
            return new Request(method, path, query, status, received.get(), sent.get(), user);
        }
    }

    private static void answer(HttpExchange exchange, Answer answer, Entry entry) throws IOException {
        entry.status = answer.status();
        if (answer.status() == 0) {
            // Closing an exchange that was not answered closes its connection.
            return;
        }
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] body = answer.body().getBytes(StandardCharsets.ISO_8859_1);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private void backend(HttpExchange exchange, Entry entry, Optional<Answer> after) throws IOException {
        InputStream question = exchange.getRequestBody();
        if (wantsMultiAck && entry.path.endsWith("/git-upload-pack")) {
            byte[] whole = question.readAllBytes();
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream plain = new ByteArrayInputStream(whole);
            String text = new String(
                    (zipped ? new GZIPInputStream(plain) : plain).readAllBytes(), StandardCharsets.ISO_8859_1);
            if (!text.contains(" multi_ack_detailed")) {
                // As Azure DevOps: TF401041.
                answer(exchange, Answer.instead(400), entry);
                return;
            }
            question = new ByteArrayInputStream(whole);
        }
        if (hidesShallow) {
            byte[] whole = question.readAllBytes();
            if (new String(whole, StandardCharsets.ISO_8859_1).contains("deepen ")) {
                answer(exchange, Answer.instead(400), entry);
                return;
            }
            question = new ByteArrayInputStream(whole);
        }
        InputStream body = question;
        Process process = GitHttpBackend.start(root, exchange, entry.path, entry.query, newestProtocol);
        try {
            // Git may answer before it has read everything: feed it from another thread.
            executor.execute(() -> GitHttpBackend.feed(exchange, body, process, entry.received));
            try (InputStream out = new BufferedInputStream(process.getInputStream())) {
                int status = GitHttpBackend.headers(exchange, out);
                if (after.isPresent()) {
                    out.transferTo(OutputStream.nullOutputStream());
                    answer(exchange, after.get(), entry);
                    return;
                }
                entry.status = status;
                exchange.sendResponseHeaders(status, 0);
                InputStream answer =
                        hidesShallow && exchange.getRequestMethod().equals("GET") ? withoutShallow(out) : out;
                try (OutputStream target = exchange.getResponseBody()) {
                    byte[] buffer = new byte[1 << 16];
                    for (int n = answer.read(buffer); n >= 0; n = answer.read(buffer)) {
                        target.write(buffer, 0, n);
                        entry.sent.addAndGet(n);
                    }
                }
            }
        } finally {
            // A client that went away does not stop what git-http-backend has started: it still writes.
            List<ProcessHandle> started = process.descendants().toList();
            process.destroy();
            started.forEach(handle -> handle.onExit().join());
        }
    }

    /** An advertisement with another word of the same length in that place. */
    private static InputStream withoutShallow(InputStream advertisement) throws IOException {
        String text = new String(advertisement.readAllBytes(), StandardCharsets.ISO_8859_1);
        return new ByteArrayInputStream(text.replace("shallow", "nothing").getBytes(StandardCharsets.ISO_8859_1));
    }
}
