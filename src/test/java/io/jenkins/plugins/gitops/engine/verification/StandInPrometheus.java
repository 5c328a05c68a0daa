package io.jenkins.plugins.gitops.engine.verification;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers queries as Prometheus 2.42 was seen to; what it has not been told has no data. {@link PrometheusContract} holds of both. */
public final class StandInPrometheus implements AutoCloseable {

    private static final String EMPTY = success("vector", "[]");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private volatile String authorization = "";

    private record Answer(int status, String json) {}

    public StandInPrometheus() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        refuses(
                "sum(rate(",
                400,
                "bad_data",
                "invalid parameter \\\"query\\\": 1:10: parse error: unclosed left parenthesis");
        answers.put("1 + 1", new Answer(200, success("scalar", "[1796006680.098,\"2\"]")));
        answers.put("0 / 0", new Answer(200, success("scalar", "[1796006680.495,\"NaN\"]")));
        answers.put("\"text\"", new Answer(200, success("string", "[1796006680.513,\"text\"]")));
        gives("vector(1) / 0", "+Inf");
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A query gives an instant vector with so many values. */
    public void gives(String query, String... values) {
        StringBuilder series = new StringBuilder();
        for (int pod = 0; pod < values.length; pod++) {
            series.append(pod == 0 ? "" : ",")
                    .append("{\"metric\":{\"pod\":\"")
                    .append((char) ('a' + pod))
                    .append("\"},\"value\":[1796006680.076,\"")
                    .append(values[pod])
                    .append("\"]}");
        }
        answers.put(query, new Answer(200, success("vector", "[" + series + "]")));
    }

    /** A query gives a range vector. */
    public void givesRange(String query) {
        String series = "[{\"metric\":{\"pod\":\"a\"},\"values\":[[1796006679.370,\"1\"]]}]";
        answers.put(query, new Answer(200, success("matrix", series)));
    }

    public void refuses(String query, int status, String errorType, String error) {
        answers.put(
                query,
                new Answer(
                        status,
                        "{\"status\":\"error\",\"errorType\":\"" + errorType + "\",\"error\":\"" + error + "\"}"));
    }

    /** What a query is answered with, byte for byte. */
    public void says(String query, int status, String body) {
        answers.put(query, new Answer(status, body));
    }

    /** Those that were asked, in order. */
    public List<String> queries() {
        return queries;
    }

    /** The header of the last request, or empty. */
    public String authorization() {
        return authorization;
    }

    private static String success(String type, String result) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"" + type + "\",\"result\":" + result + "}}";
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        authorization = header == null ? "" : header;
        if (!exchange.getRequestURI().getPath().equals("/api/v1/query")) {
            send(exchange, 404, "text/plain; charset=utf-8", "404 page not found\n");
            return;
        }
        String query = URLDecoder.decode(body.replaceFirst("^query=([^&]*).*", "$1"), StandardCharsets.UTF_8);
        queries.add(query);
        Answer answer = answers.getOrDefault(query, new Answer(200, EMPTY));
        send(exchange, answer.status(), "application/json", answer.json());
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
