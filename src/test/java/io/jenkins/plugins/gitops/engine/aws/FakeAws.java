package io.jenkins.plugins.gitops.engine.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * AWS's documented wire format on loopback: ECR's JSON 1.1 protocol, named by {@code X-Amz-Target}, and STS's query
 * protocol, named by {@code Action}. Answers what a test says, in order; the last answer stays.
 */
public final class FakeAws implements AutoCloseable {

    private static final Pattern ACTION = Pattern.compile("(?:^|&)Action=(\\w+)");

    /** A request as it arrived. */
    public record Call(String action, String authorization, String body) {

        /** Access key, date, region and service it was signed for. */
        public String scope() {
            Matcher matcher = Pattern.compile("Credential=([^,]+)").matcher(authorization);
            return matcher.find() ? matcher.group(1) : "";
        }
    }

    private record Reply(int status, String type, String body) {}

    private final HttpServer server;
    private final Map<String, Deque<Reply>> replies = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    public FakeAws() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** @param action for example {@code DescribeImages} */
    public FakeAws answers(String action, String json) {
        return reply(action, new Reply(200, "application/x-amz-json-1.1", json));
    }

    public FakeAws fails(String action, int status, String code, String message) {
        String json = "{\"__type\":\"" + code + "\",\"message\":\"" + message + "\"}";
        return reply(action, new Reply(status, "application/x-amz-json-1.1", json));
    }

    /** Answers AssumeRole and AssumeRoleWithWebIdentity. */
    public FakeAws givesRole(String action, String accessKey) {
        return reply(action, new Reply(200, "text/xml", """
            <%sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%sResult><Credentials>
            <AccessKeyId>%s</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
            <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></%sResult></%sResponse>\
            """.formatted(action, action, accessKey, action, action)));
    }

    public FakeAws refusesRole(String action, String code, String message) {
        return reply(action, new Reply(403, "text/xml", """
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
            <Code>%s</Code><Message>%s</Message></Error></ErrorResponse>\
            """.formatted(code, message)));
    }

    public List<Call> calls() {
        return calls;
    }

    public List<String> actions() {
        return calls.stream().map(Call::action).toList();
    }

    private FakeAws reply(String action, Reply reply) {
        replies.computeIfAbsent(action, missing -> new ArrayDeque<>()).add(reply);
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        Matcher query = ACTION.matcher(body);
        String action = target != null
                ? target.substring(target.indexOf('.') + 1)
                : query.find() ? query.group(1) : exchange.getRequestURI().toString();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        calls.add(new Call(action, authorization == null ? "" : authorization, body));
        Deque<Reply> waiting = replies.getOrDefault(action, new ArrayDeque<>());
        Reply reply = waiting.size() > 1 ? waiting.poll() : waiting.peek();
        write(exchange, reply == null ? new Reply(404, "text/plain", "no answer for " + action) : reply);
    }

    private static void write(HttpExchange exchange, Reply reply) throws IOException {
        byte[] bytes = reply.body().getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", reply.type());
        exchange.sendResponseHeaders(reply.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
