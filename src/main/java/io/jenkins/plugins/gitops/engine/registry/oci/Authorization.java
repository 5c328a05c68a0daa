package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;

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

    private record Token(String header, Instant until) {}

    private final OciEndpoint endpoint;
    private final Wire wire;
    private final InstantSource clock;
    private final Cache<String, Token> tokens =
            Caffeine.newBuilder().maximumSize(MOST_TOKENS).build();
    private volatile Challenge challenge;

    Authorization(@NonNull OciEndpoint endpoint, @NonNull Wire wire, @NonNull InstantSource clock) {
        this.endpoint = endpoint;
        this.wire = wire;
        this.clock = clock;
    }

    /** The header for reading a repository; empty while the registry has not asked for one, or nothing can answer. */
    @NonNull
    Optional<String> header(@NonNull String repository) {
        Challenge known = challenge;
        if (known == null) {
            return Optional.empty();
        }
        if (known.scheme().equals("basic")) {
            return endpoint.login().current().map(Authorization::basic);
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
    boolean learn(@NonNull Answer refusal, @NonNull String repository, @NonNull Optional<String> used) {
        Optional<Challenge> read = Challenge.read(refusal.headers().allValues("WWW-Authenticate"));
        if (read.isEmpty()) {
            return false;
        }
        challenge = read.get();
        tokens.invalidate(repository);
        return read.get().scheme().equals("bearer")
                || (used.isEmpty() && endpoint.login().current().isPresent());
    }

    /** Whether there are credentials that the registry has not asked for yet. */
    boolean hasUnused() {
        return challenge == null && endpoint.login().current().isPresent();
    }

    private Token fetch(Challenge known, String repository) {
        URI realm = realm(known);
        Optional<RegistryLogin.UserPassword> login = endpoint.login().current();
        if (login.isPresent() && !endpoint.trustsTokenServer(realm)) {
            throw new RegistryException("Registry '" + endpoint.host() + "' names the token server '" + realm.getHost()
                    + "', which gets no password: if it belongs to the registry, allow this host in the connection.");
        }
        String query = "scope=" + encoded("repository:" + repository + ":pull")
                + known.parameter("service")
                        .map(service -> "&service=" + encoded(service))
                        .orElse("");
        URI uri = URI.create(realm + (realm.getRawQuery() == null ? "?" : "&") + query);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "application/json");
        login.ifPresent(with -> request.header("Authorization", basic(with)));
        Answer answer = wire.send(request);
        if (answer.status() == 401 || answer.status() == 403) {
            throw Refusal.of(endpoint, repository, answer.status());
        }
        if (answer.status() != 200) {
            throw new RegistryException("The token server " + realm.getHost() + " of registry '" + endpoint.host()
                    + "' answers with status " + answer.status() + ": try again, or look into its log.");
        }
        JsonNode json = Json.read(endpoint.host(), answer);
        String token = json.path("token").asText(json.path("access_token").asText(""));
        if (token.isEmpty()) {
            throw new RegistryException("The token server " + realm.getHost() + " of registry '" + endpoint.host()
                    + "' gives no token: check the registry's address and its authentication settings.");
        }
        long seconds =
                Math.max(0, Math.min(LONGEST_SECONDS, json.path("expires_in").asLong(DEFAULT_SECONDS)));
        return new Token("Bearer " + token, clock.instant().plusSeconds(seconds).minus(MARGIN));
    }

    /** The registry names who gets the password, so a token server in clear text is refused where TLS was asked for. */
    private URI realm(Challenge known) {
        String text = known.parameter("realm").orElseThrow();
        try {
            URI realm = URI.create(text);
            boolean encrypted = "https".equals(realm.getScheme());
            boolean plain = "http".equals(realm.getScheme())
                    && "http".equals(endpoint.base().getScheme());
            if (realm.getHost() != null && (encrypted || plain)) {
                return realm;
            }
        } catch (IllegalArgumentException e) {
            throw untrusted(text, e);
        }
        throw untrusted(text, null);
    }

    private RegistryException untrusted(String realm, Throwable cause) {
        return new RegistryException(
                "Registry '" + endpoint.host() + "' names the token server '" + Shortened.name(realm)
                        + "', which gets no password: it must be an https address.",
                cause);
    }

    private static String basic(RegistryLogin.UserPassword login) {
        byte[] pair = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
