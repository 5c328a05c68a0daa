package io.jenkins.plugins.gitops.playground.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A request to the page. */
public final class PageRequest {

    private static final int MAX_BODY = 64 * 1024;

    private final HttpExchange exchange;

    PageRequest(HttpExchange exchange) {
        this.exchange = exchange;
    }

    @NonNull
    public String path() {
        return exchange.getRequestURI().getPath();
    }

    boolean isPost() {
        return "POST".equals(exchange.getRequestMethod());
    }

    @NonNull
    Optional<String> header(@NonNull String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    /** A parameter of the query. */
    @NonNull
    public Optional<String> query(@NonNull String name) {
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        return Arrays.stream(query.split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst();
    }

    @NonNull
    Optional<String> cookie(@NonNull String name) {
        return Arrays.stream(header("Cookie").orElse("").split("; "))
                .filter(cookie -> cookie.startsWith(name + "="))
                .map(cookie -> cookie.substring(name.length() + 1))
                .findFirst();
    }

    /** The query's parameters and, when a form was sent, the form's. */
    @NonNull
    Map<String, String> parameters() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        addTo(all, Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
        if (header("Content-Type").orElse("").startsWith("application/x-www-form-urlencoded")) {
            addTo(all, new String(exchange.getRequestBody().readNBytes(MAX_BODY), StandardCharsets.UTF_8));
        }
        return all;
    }

    private static void addTo(Map<String, String> parameters, String encoded) {
        Arrays.stream(encoded.split("&"))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> parameters.put(decode(pair[0]), decode(pair[1])));
    }

    private static String decode(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }

    /** The body as it is sent. */
    @NonNull
    InputStream body() {
        return exchange.getRequestBody();
    }

    /** The body as JSON. */
    @NonNull
    public JsonNode json() throws IOException {
        return Answer.JSON.readTree(exchange.getRequestBody().readNBytes(MAX_BODY));
    }
}
