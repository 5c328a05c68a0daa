package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A server with the pull requests of one repository, on loopback. It keeps them in memory and speaks to the client as a
 * provider's documentation says, which a {@link Dialect} knows. What goes wrong at real servers can be ordered.
 */
public final class ForgeServer implements AutoCloseable {

    /** A request as it came. */
    record Call(
            String method, String path, Map<String, String> query, JsonNode body, String authorization, String host) {

        int number(String parameter, int usual) {
            return Integer.parseInt(query.getOrDefault(parameter, String.valueOf(usual)));
        }
    }

    record Reply(int status, JsonNode body, Map<String, String> headers) {

        Reply(int status, JsonNode body) {
            this(status, body, Map.of());
        }

        static Reply ok(JsonNode body) {
            return new Reply(200, body);
        }
    }

    /** A pull request as the server keeps it. */
    public static final class Pull {
        public final int number;
        public final String head;
        public final String base;
        public String title;
        public String body;
        public String sha;
        /** open, merged or closed. */
        public String state = "open";

        public String by = "";
        public String mergeCommit = "";
        public String mergeMessage = "";
        public String mergeMethod = "";
        /** Whether its branch is one of a fork. */
        public boolean fork;

        public boolean conflicts;
        public boolean queued;
        /** Whether the server merges it by itself once it may. */
        public boolean autoMerge;
        /** Why it may not be merged; empty if it may. */
        public String blocked = "";
        /** So many looks at it say that it is open, though it is merged. */
        public int saysOpen;

        public int version;
        public final Map<String, String> reviews = new LinkedHashMap<>();
        /** By login, the commit that was reviewed; the newest where it is not here. */
        public final Map<String, String> reviewed = new LinkedHashMap<>();
        /** Those of the reviewers who are no people. */
        public final Set<String> bots = new HashSet<>();

        /** Name to pending, passed or failed. */
        public final Map<String, String> checks = new LinkedHashMap<>();

        public final Map<Integer, String> comments = new LinkedHashMap<>();
        public final List<String> labels = new ArrayList<>();
        public final List<String> reviewers = new ArrayList<>();
        /** Context to state and description, as it was sent. */
        public final Map<String, String> statuses = new LinkedHashMap<>();

        Pull(int number, String head, String base, String title, String body, String sha) {
            this.number = number;
            this.head = head;
            this.base = base;
            this.title = title;
            this.body = body;
            this.sha = sha;
        }

        /** Somebody approves what is on the branch now, or says "changes". */
        public void review(String login, String verdict) {
            reviews.put(login, verdict);
            reviewed.put(login, sha);
        }

        /** For those who tell times instead of commits: an older commit came at 10 o'clock, the newest at 12. */
        String reviewedAt(String login) {
            return reviewedBy(login).equals(sha) ? "2026-03-01T13:00:00Z" : "2026-03-01T11:00:00Z";
        }

        String reviewedBy(String login) {
            return reviewed.getOrDefault(login, sha);
        }

        public boolean isOpen() {
            return state.equals("open");
        }

        /** The state that is told, which may lag behind. */
        String told() {
            if (state.equals("merged") && saysOpen > 0) {
                saysOpen--;
                return "open";
            }
            return state;
        }
    }

    /** What stood on the branch of every pull request before its newest commit. */
    static final String OLDER = "9".repeat(40);

    static final String REPOSITORY = "/acme/config.git";

    public final List<Pull> pulls = new ArrayList<>();
    /** Method and path of every request. */
    public final List<String> calls = new ArrayList<>();

    public final List<String> authorizations = new ArrayList<>();
    public int unchanged;
    /** The commit at the tip of a branch. */
    public Function<String, String> tips = branch -> "1".repeat(40);
    /** Called in a merge; gives the merge's commit. */
    public Function<Pull, String> merging = pull -> "2".repeat(40);

    public boolean hasQueue;

    /** Why the server merges nothing by itself; empty if it does. */
    public String noAutoMerge = "";

    /** Addresses of pull requests, before their numbers. */
    public String pages = "https://github.example.org/acme/config/pull/";

    /** Called for each open pull request before anything is answered. */
    public Consumer<Pull> looking = pull -> {};

    /** What becomes of a request, by method and path. */
    public Function<String, Fate> fate = call -> Fate.ANSWERED;

    /** What becomes of a request. */
    public enum Fate {
        ANSWERED,
        /** Nothing is done. */
        NOT_HEARD,
        /** It is done, and nobody hears of it. */
        ANSWER_LOST
    }

    private final Deque<Reply> faults = new ArrayDeque<>();
    private Predicate<Call> lost = call -> false;
    private final HttpServer server;
    private final Dialect dialect;

    ForgeServer(Function<ForgeServer, Dialect> dialect) throws IOException {
        System.getProperties().putIfAbsent("sun.net.httpserver.nodelay", "true");
        this.dialect = dialect.apply(this);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    /**
     * One that speaks as GitHub does, and passes on to a Git server what is for the repository {@code acme/config.git}.
     *
     * @param git address of the repository there
     */
    public static ForgeServer gitHub(String git) throws IOException {
        return gitHub(new GitProxy(git));
    }

    /** The same, with what answers for the repository in this JVM. */
    public static ForgeServer gitHub(HttpHandler git) throws IOException {
        ForgeServer forge = new ForgeServer(GitHubDialect::new);
        forge.server.createContext(REPOSITORY, git);
        return forge;
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** The next request gets this instead of an answer. */
    public void fault(int status, String message, String... headers) {
        Map<String, String> given = new LinkedHashMap<>();
        for (int at = 0; at < headers.length; at += 2) {
            given.put(headers[at], headers[at + 1]);
        }
        faults.add(new Reply(status, object().put("message", message), given));
    }

    /** The next request that matches is done, and its answer lost. */
    public void loseAnswerOf(String method, String pathPart) {
        lost = call -> call.method().equals(method) && call.path().contains(pathPart);
    }

    static ObjectNode object() {
        return ForgeClient.JSON.createObjectNode();
    }

    static ArrayNode array() {
        return ForgeClient.JSON.createArrayNode();
    }

    Optional<Pull> open(String head, String base) {
        return pulls.stream()
                .filter(pull -> pull.isOpen() && pull.head.equals(head) && pull.base.equals(base))
                .findFirst();
    }

    Pull pull(String number) {
        return pulls.get(Integer.parseInt(number) - 1);
    }

    public Pull add(String head, String base, String title, String body) {
        Pull pull = new Pull(pulls.size() + 1, head, base, title, body, tips.apply(head));
        pulls.add(pull);
        return pull;
    }

    /** Why a merge is refused; empty when it is done. */
    Optional<String> merge(Pull pull, String sha, String method, String message) {
        if (!pull.isOpen()) {
            return Optional.of("it is not open");
        }
        if (pull.conflicts) {
            return Optional.of("it conflicts");
        }
        if (!pull.blocked.isEmpty()) {
            return Optional.of(pull.blocked);
        }
        if (!sha.isEmpty() && !sha.equals(pull.sha)) {
            return Optional.of("head has moved");
        }
        if (!method.isEmpty()) {
            pull.mergeMethod = method;
            pull.mergeMessage = message;
        }
        pull.mergeCommit = merging.apply(pull);
        pull.state = "merged";
        pull.by = "merger";
        return Optional.empty();
    }

    /** Has the server merge it by itself; why not, or empty. */
    Optional<String> handOver(Pull pull, String sha, String method, String message) {
        Optional<String> refusal = !pull.isOpen()
                ? Optional.of("it is not open")
                : !noAutoMerge.isEmpty()
                        ? Optional.of(noAutoMerge)
                        : sha.isEmpty() || sha.equals(pull.sha) ? Optional.empty() : Optional.of("head has moved");
        if (refusal.isEmpty()) {
            pull.autoMerge = true;
            pull.mergeMethod = method;
            pull.mergeMessage = message;
        }
        return refusal;
    }

    /** What the server does by itself with what it was handed, as soon as its rules and checks allow it. */
    public void mergeByItself(Pull pull) {
        if (pull.autoMerge
                && pull.checks.values().stream().allMatch("passed"::equals)
                && merge(pull, "", "", "").isEmpty()) {
            pull.autoMerge = false;
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] given = exchange.getRequestBody().readAllBytes();
        String raw = exchange.getRequestURI().getRawPath();
        Call call = new Call(
                exchange.getRequestMethod(),
                raw,
                query(exchange.getRequestURI().getRawQuery()),
                given.length == 0 ? MissingNode.getInstance() : ForgeClient.JSON.readTree(given),
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                exchange.getRequestHeaders().getFirst("Host"));
        synchronized (this) {
            Fate becomes = fate.apply(call.method() + " " + raw);
            if (becomes == Fate.NOT_HEARD) {
                exchange.close();
                return;
            }
            pulls.stream().filter(Pull::isOpen).forEach(looking);
            calls.add(call.method() + " " + raw);
            authorizations.add(call.authorization());
            Reply reply = faults.isEmpty() ? dialect.answer(call) : faults.remove();
            if (becomes == Fate.ANSWER_LOST || lost.test(call)) {
                lost = other -> false;
                exchange.close();
                return;
            }
            send(exchange, reply);
        }
    }

    private void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body =
                reply.body() == null ? new byte[0] : reply.body().toString().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        int status = reply.status();
        if (dialect.knowsTags() && status == 200 && exchange.getRequestMethod().equals("GET")) {
            String tag = "\"" + Arrays.hashCode(body) + "\"";
            exchange.getResponseHeaders().set("ETag", tag);
            if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                unchanged++;
                status = 304;
                body = new byte[0];
            }
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new LinkedHashMap<>();
        if (raw != null) {
            for (String part : raw.split("&")) {
                String[] pair = part.split("=", 2);
                query.put(decoded(pair[0]), pair.length < 2 ? "" : decoded(pair[1]));
            }
        }
        return query;
    }

    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** A page by number, the next one in the {@code Link} header. */
    static Reply linked(Call call, List<ObjectNode> all, String sizeParameter) {
        int size = call.number(sizeParameter, 20);
        int page = call.number("page", 1);
        ArrayNode items = array();
        all.stream().skip((long) (page - 1) * size).limit(size).forEach(items::add);
        if ((long) page * size >= all.size()) {
            return Reply.ok(items);
        }
        StringBuilder next = new StringBuilder("<http://" + call.host() + call.path() + "?page=" + (page + 1));
        call.query().forEach((key, value) -> {
            if (!key.equals("page")) {
                next.append('&').append(key).append('=').append(PullRequests.encoded(value));
            }
        });
        String link = next + ">; rel=\"next\", <http://" + call.host() + call.path() + "?page=9>; rel=\"last\"";
        return new Reply(200, items, Map.of("Link", link));
    }

    static ObjectNode user(String field, String login) {
        return object().put(field, login);
    }

    /** Each change of what a pull request has, by the names that a body gives. */
    static void texts(JsonNode body, String field, Consumer<String> change) {
        if (body.has(field)) {
            change.accept(body.path(field).asText());
        }
    }

    /** @param head null for any */
    Stream<Pull> of(@CheckForNull String head, String base) {
        return pulls.stream().filter(pull -> (head == null || pull.head.equals(head)) && pull.base.equals(base));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
