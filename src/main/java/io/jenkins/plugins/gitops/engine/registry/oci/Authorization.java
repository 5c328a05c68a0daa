package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The {@code Authorization} header of one registry, as its first refusal taught it. A token is kept for its repository
 * until shortly before it expires. Safe for any thread.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">the token flow</a>
 */
final class Authorization {

    /** A token without {@code expires_in} lives this long, the specification says. */
    private static final long DEFAULT_SECONDS = 60;

    /** A token that says to live longer is asked for again after a day. */
    private static final long LONGEST_SECONDS = 86_400;

    private static final Duration MARGIN = Duration.ofSeconds(10);
    private static final int MOST_TOKENS = 200;

    private record Token(String header, Instant until) {

        @Override
        public String toString() {
            return "Token[until=" + until + "]";
        }
    }

    private final OciConnection connection;
    private final OciHttp http;
    private final Supplier<Optional<RegistryLogin>> login;
    private final InstantSource clock;
    private final Cache<String, Token> tokens =
            Caffeine.newBuilder().maximumSize(MOST_TOKENS).build();
    private volatile Challenge challenge;

    Authorization(OciConnection connection, OciHttp http, Supplier<Optional<RegistryLogin>> login) {
        this.connection = connection;
        this.http = http;
        this.login = login;
        this.clock = connection.settings().clock();
    }

    /** The header for reading a repository; empty while the registry has not asked for one, or nothing can answer. */
    Optional<String> header(String repository) {
        Challenge known = challenge;
        if (known == null) {
            return Optional.empty();
        }
        if (known.scheme().equals("basic")) {
            return login.get().map(RegistryLogin::basic);
        }
        Token kept = tokens.getIfPresent(repository);
        if (kept != null && clock.instant().isBefore(kept.until())) {
            return Optional.of(kept.header());
        }
        Token fetched = fetch(known, repository);
        tokens.put(repository, fetched);
        return Optional.of(fetched.header());
    }

    /**
     * Takes in a 401.
     *
     * @param used the header that was refused
     * @return whether asking again with a new {@link #header} can help
     */
    boolean learn(HttpResponse<?> refusal, String repository, Optional<String> used) {
        Optional<Challenge> read = Challenge.read(refusal.headers().allValues("WWW-Authenticate"));
        if (read.isEmpty()) {
            return false;
        }
        challenge = read.get();
        tokens.invalidate(repository);
        return read.get().scheme().equals("bearer")
                || (used.isEmpty() && login.get().isPresent());
    }

    /** Takes the registry, which serves anonymous requests and asks nobody who they are, for one that reads passwords. */
    void assumeBasic() {
        challenge = new Challenge("basic", Map.of());
    }

    /** Whether there are credentials that the registry has not asked for yet. */
    boolean hasUnused() {
        return challenge == null && login.get().isPresent();
    }

    private Token fetch(Challenge known, String repository) {
        URI realm = realm(known);
        Optional<RegistryLogin> with = login.get();
        if (with.isPresent() && !connection.trustsTokenServer(realm)) {
            throw new RegistryException(
                    "Registry '" + connection.host() + "' names the token server '" + realm.getHost()
                            + "', which is not sent the password: if it belongs to the registry, allow this host in the"
                            + " connection.");
        }
        String query = "scope=" + encoded("repository:" + repository + ":pull")
                + known.parameter("service")
                        .map(service -> "&service=" + encoded(service))
                        .orElse("");
        HttpRequest.Builder request = http.request(
                        URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + query))
                .header("Accept", "application/json");
        with.ifPresent(user -> request.header("Authorization", user.basic()));
        HttpResponse<byte[]> answer = http.send(request.build());
        int status = answer.statusCode();
        if (status == 401 || status == 403) {
            throw RegistryRefusedException.of(connection.host(), repository, status, with.isEmpty());
        }
        String server = "The token server " + realm.getHost() + " of registry '" + connection.host() + "'";
        if (status != 200) {
            throw new RegistryException(server + " returned status " + status + ": try again, or check its log.");
        }
        JsonNode json = http.json(answer);
        String token = json.path("token").asText(json.path("access_token").asText(""));
        if (token.isEmpty()) {
            throw new RegistryException(
                    server + " returned no token: check the registry's address and its authentication settings.");
        }
        return new Token(
                "Bearer " + token,
                clock.instant().plusSeconds(lifetime(json.path("expires_in"))).minus(MARGIN));
    }

    /** Seconds. As a number with a point: whole ones wrap around when they are too large. */
    private static long lifetime(JsonNode expiresIn) {
        double seconds = expiresIn.asDouble(DEFAULT_SECONDS);
        return seconds > 0 ? (long) Math.min(LONGEST_SECONDS, seconds) : DEFAULT_SECONDS;
    }

    /** The registry names who gets the password, so a token server in clear text is refused where TLS was asked for. */
    private URI realm(Challenge known) {
        String text = known.parameter("realm").orElseThrow();
        try {
            URI realm = new URI(text);
            boolean encrypted = "https".equals(realm.getScheme());
            boolean plain = "http".equals(realm.getScheme())
                    && "http".equals(connection.base().getScheme());
            if (realm.getHost() != null && realm.getRawFragment() == null && (encrypted || plain)) {
                return realm;
            }
        } catch (URISyntaxException e) {
            // Refused below, like every other address that is not https.
        }
        throw new RegistryException("Registry '" + connection.host() + "' names the token server '"
                + Shortened.name(text) + "', which is not sent the password: it must be an https address.");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
