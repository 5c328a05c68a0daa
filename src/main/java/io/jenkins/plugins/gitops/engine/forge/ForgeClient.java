package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.forge.ForgeException.Kind;
import io.jenkins.plugins.gitops.engine.model.Durations;
import io.jenkins.plugins.gitops.engine.net.Backoff;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON over HTTP with one server's API under one login. What has not changed is asked for with its entity tag, which most
 * servers do not count against their limits. Once a server says that it was asked too often, nothing more is sent to it
 * before the time that it names. Safe for any thread.
 */
final class ForgeClient {

    static final JsonMapper JSON = new JsonMapper();

    private static final BodyLimits LIMITS = new BodyLimits(4 << 20, Duration.ofSeconds(30));
    private static final int MOST_PAGES = 20;
    private static final int MOST_KEPT_BYTES = 4 << 20;
    private static final int LONGEST_MESSAGE = 300;
    /** Where a server limits without saying for how long: what GitHub asks for. */
    private static final Duration USUAL_PAUSE = Duration.ofMinutes(1);

    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;[^,]*rel=\"?next\"?");

    private final HttpClients clients;
    private final HttpClient client;
    private final URI api;
    private final String name;
    private final Optional<String> authorization;
    private final InstantSource clock;
    private final Cache<URI, Kept> kept = Caffeine.newBuilder()
            .maximumWeight(MOST_KEPT_BYTES)
            .<URI, Kept>weigher((address, answer) -> answer.bytes())
            .build();
    private volatile Instant pausedUntil = Instant.MIN;

    private record Kept(String tag, Answer answer, int bytes) {}

    /** What came back, of a status below 300. */
    record Answer(JsonNode body, HttpHeaders headers) {

        /** The address of the next page by the {@code Link} header (RFC 8288). */
        Optional<String> next() {
            return headers.allValues("Link").stream()
                    .map(NEXT::matcher)
                    .filter(Matcher::find)
                    .map(found -> found.group(1))
                    .findFirst();
        }
    }

    /**
     * @param name of the server, for sentences: {@code GitHub (git.example.org)}
     * @param api without a slash at its end
     * @param authorization value of the header
     */
    ForgeClient(HttpClients clients, String name, URI api, Optional<String> authorization, InstantSource clock) {
        this.clients = clients;
        this.client = clients.build("forge");
        this.name = name;
        this.api = api;
        this.authorization = authorization;
        this.clock = clock;
    }

    URI api() {
        return api;
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    JsonNode get(String path) {
        return exchange("GET", address(path), null).body();
    }

    /** Where somebody may not ask, or the server is too old to know: a missing node. */
    JsonNode getIfAllowed(String path) {
        try {
            return get(path);
        } catch (ForgeException e) {
            if (e.kind() == Kind.FORBIDDEN || e.kind() == Kind.NOT_FOUND) {
                return MissingNode.getInstance();
            }
            throw e;
        }
    }

    /** Does nothing where there is no such thing, or the server is too old to know. */
    void deleteIfThere(String path) {
        try {
            send("DELETE", path, null);
        } catch (ForgeException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    JsonNode send(String method, String path, @Nullable JsonNode body) {
        return exchange(method, address(path), body).body();
    }

    /**
     * Every page, as far as there are no more than {@value #MOST_PAGES}.
     *
     * @param field that holds the items; empty where the answer is the list
     * @param next path or whole address of the page after one
     */
    List<JsonNode> list(String path, String field, Function<Answer, Optional<String>> next) {
        List<JsonNode> items = new ArrayList<>();
        Optional<String> page = Optional.of(path);
        for (int pages = 0; page.isPresent() && pages < MOST_PAGES; pages++) {
            Answer answer = exchange("GET", address(page.get()), null);
            (field.isEmpty() ? answer.body() : answer.body().path(field)).forEach(items::add);
            page = next.apply(answer);
        }
        return items;
    }

    /** The same, by the {@code Link} header. */
    List<JsonNode> list(String path, String field) {
        return list(path, field, Answer::next);
    }

    /** @param reset seconds of the clock; from some servers seconds from now */
    private static Duration untilReset(long reset, Instant now) {
        return Duration.ofSeconds(Math.max(1, reset > 1_000_000_000L ? reset - now.getEpochSecond() : reset));
    }

    /** The login goes to no other server, whatever a page says is the next one. */
    private URI address(String path) {
        try {
            URI address = URI.create(path.startsWith("/") || path.isEmpty() ? api + path : path);
            if (Objects.equals(address.getScheme(), api.getScheme())
                    && Objects.equals(address.getRawAuthority(), api.getRawAuthority())) {
                return address;
            }
        } catch (IllegalArgumentException unreadable) {
            // Refused as what leads elsewhere.
        }
        throw new ForgeException(
                Kind.REFUSED,
                name + " names another server for the next page: check its configured address.",
                null,
                null);
    }

    private Answer exchange(String method, URI address, @Nullable JsonNode body) {
        Instant now = clock.instant();
        Instant pause = pausedUntil;
        if (pause.isAfter(now)) {
            throw limited(pause);
        }
        Optional<Kept> before =
                method.equals("GET") ? Optional.ofNullable(kept.getIfPresent(address)) : Optional.empty();
        HttpRequest.Builder request = clients.request(address)
                .header("Accept", "application/json")
                .header("User-Agent", "jenkins-gitops-promotion");
        authorization.ifPresent(value -> request.header("Authorization", value));
        before.ifPresent(answer -> request.header("If-None-Match", answer.tag()));
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
        }
        HttpResponse<byte[]> response = answer(request.build());
        int status = response.statusCode();
        if (status == 304 && before.isPresent()) {
            return before.get().answer();
        }
        // Azure DevOps answers 203 and a page to sign in where a token is not valid.
        if (status >= 200 && status < 300 && status != 203) {
            Answer answer = new Answer(json(response.body(), address), response.headers());
            response.headers()
                    .firstValue("ETag")
                    .filter(tag -> method.equals("GET"))
                    .ifPresent(tag -> kept.put(address, new Kept(tag, answer, response.body().length + 1)));
            return answer;
        }
        throw failure(method, address, response, clock.instant());
    }

    private HttpResponse<byte[]> answer(HttpRequest request) {
        try {
            return BoundedBody.send(client, request, LIMITS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ForgeException(Kind.UNAVAILABLE, "The request to " + name + " was interrupted.", null, e);
        } catch (BodyLimits.TooLargeException e) {
            throw new ForgeException(
                    Kind.REFUSED,
                    name + " answered with more than " + (e.limit() >> 20) + " MiB: check the address.",
                    null,
                    e);
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            throw new ForgeException(
                    Kind.UNAVAILABLE,
                    name + " cannot be reached ("
                            + line(why.equals("null") ? e.getClass().getSimpleName() : why)
                            + "): check the address, the proxy and the network.",
                    null,
                    e);
        }
    }

    private JsonNode json(byte[] body, URI address) {
        try {
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException e) {
            throw new ForgeException(
                    Kind.REFUSED,
                    name + " did not respond with JSON at " + address.getPath() + ": check the address and 'provider'.",
                    null,
                    e);
        }
    }

    private ForgeException failure(String method, URI address, HttpResponse<byte[]> response, Instant now) {
        int status = response.statusCode();
        String said = message(response.body());
        Optional<Instant> pause = pause(response, said, now);
        if (pause.isPresent()) {
            pausedUntil = pause.get();
            return limited(pause.get());
        }
        String what =
                " to " + method + " " + address.getPath() + " (" + status + (said.isEmpty() ? "" : ": " + said) + ")";
        if (status == 401 || status == 203) {
            return new ForgeException(
                    Kind.UNAUTHORIZED,
                    name + " does not accept the credentials" + what + ": renew the token, or choose other credentials"
                            + " for the config repository.",
                    null,
                    null);
        }
        if (status == 403) {
            return new ForgeException(
                    Kind.FORBIDDEN,
                    name + " does not allow the credentials" + what + ": give the token the right to write code and"
                            + " pull requests of the config repository.",
                    null,
                    null);
        }
        if (status == 404 || status == 410) {
            return new ForgeException(
                    Kind.NOT_FOUND,
                    name + " found nothing" + what + ": check the address of the config repository, and that the token"
                            + " may read it.",
                    null,
                    null);
        }
        if (status >= 500) {
            return new ForgeException(
                    Kind.UNAVAILABLE, name + " failed" + what + ": try again, or see its log.", null, null);
        }
        if (status >= 300 && status < 400) {
            return new ForgeException(
                    Kind.REFUSED,
                    name + " redirects" + what + ", because the repository was moved or the address is not its API's:"
                            + " correct the address of the config repository.",
                    null,
                    null);
        }
        return new ForgeException(Kind.REFUSED, name + " refused" + what + ".", null, null);
    }

    private ForgeException limited(Instant until) {
        return new ForgeException(
                Kind.LIMITED,
                name + " limits the requests of these credentials until " + Durations.time(until)
                        + ": wait, or use credentials of their own for the config repository.",
                until,
                null);
    }

    /** Of a primary limit until its reset, of a secondary one as long as the server wants; empty where it is none. */
    private static Optional<Instant> pause(HttpResponse<byte[]> response, String said, Instant now) {
        int status = response.statusCode();
        if (status != 429 && status != 403 && status != 503) {
            return Optional.empty();
        }
        Optional<Duration> asked =
                response.headers().firstValue("Retry-After").flatMap(value -> Backoff.retryAfter(value, now));
        boolean isSpent = header(response, "X-RateLimit-Remaining", "RateLimit-Remaining")
                .filter("0"::equals)
                .isPresent();
        Optional<Duration> reset = header(response, "X-RateLimit-Reset", "RateLimit-Reset")
                .filter(value -> value.matches("\\d{1,12}"))
                .map(value -> untilReset(Long.parseLong(value), now));
        boolean isSecondary = said.toLowerCase(Locale.ROOT).contains("rate limit");
        if (asked.isEmpty() && status != 429 && !isSpent && !isSecondary || status == 503 && asked.isEmpty()) {
            return Optional.empty();
        }
        Duration pause = asked.or(() -> isSpent ? reset : Optional.empty()).orElse(USUAL_PAUSE);
        return Optional.of(now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE));
    }

    private static Optional<String> header(HttpResponse<byte[]> response, String name, String otherName) {
        return response.headers().firstValue(name).or(() -> response.headers().firstValue(otherName));
    }

    /** What the server says in its own words, wherever its kind of answer has them. */
    private static String message(byte[] body) {
        try {
            JsonNode answer = JSON.readTree(body);
            JsonNode errors = answer.path("errors");
            StringBuilder said = new StringBuilder(words(answer.path("message")));
            add(said, words(answer.path("error")));
            add(said, answer.path("error").path("message").asText(""));
            if (errors.isArray()) {
                errors.forEach(error -> add(
                        said,
                        error.isTextual()
                                ? error.asText()
                                : error.path("message").asText("")));
            }
            return line(said.toString());
        } catch (IOException notJson) {
            return "";
        }
    }

    private static String words(JsonNode message) {
        if (message.isArray()) {
            StringBuilder all = new StringBuilder();
            message.forEach(one -> add(all, one.asText()));
            return all.toString();
        }
        return message.isTextual()
                ? message.asText()
                : message.isObject() && !message.has("message") ? message.toString() : "";
    }

    private static void add(StringBuilder said, String more) {
        if (!more.isBlank() && said.indexOf(more) < 0) {
            said.append(said.isEmpty() ? "" : "; ").append(more);
        }
    }

    private static String line(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip().replaceFirst("\\.$", "");
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line;
    }
}
