package io.jenkins.plugins.gitops.engine.registry.oci;

import io.jenkins.plugins.gitops.engine.net.Backoff;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks one registry: authenticates when asked to, waits when asked to, follows redirects within its origin. Returns
 * answers of status 200, 404 and 405; everything else is a {@link RegistryException}.
 */
final class OciClient {

    private static final int MOST_REDIRECTS = 3;
    /** What a registry asks for may be learned at its root, and corrected by its next answer. */
    private static final int MOST_LEARNED = 2;

    private static final int RETRIES = 3;

    /** In sum, for one question: a thread waits. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(4));

    /** Where a redirect may lead. */
    enum Redirects {
        /** Manifests: another host could say what a tag is. */
        SAME_ORIGIN,
        /** Blobs, whose digest is checked: registries keep them in object stores. No credentials go along. */
        ANY_HOST
    }

    private final OciConnection connection;
    private final OciHttp http;
    private final Supplier<Optional<RegistryLogin>> login;
    private final Authorization authorization;
    private volatile boolean askedAtRoot;

    /** @param login as it is now, asked before every authentication: it may be renewed */
    OciClient(OciConnection connection, OciHttp http, Supplier<Optional<RegistryLogin>> login) {
        this.connection = connection;
        this.http = http;
        this.login = login;
        this.authorization = new Authorization(connection, http, login);
    }

    /** @param method HEAD or GET */
    HttpResponse<byte[]> ask(String method, URI uri, String accept, String repository, Redirects redirects) {
        Duration left = LONGEST_WAIT;
        for (int attempt = 1; ; attempt++) {
            HttpResponse<byte[]> answer = redirected(method, uri, accept, repository, redirects);
            int status = answer.statusCode();
            if (status == 200 || status == 404 || status == 405) {
                return answer;
            }
            boolean busy = status == 429 || status == 503;
            Duration wait = busy ? pause(answer, attempt) : Duration.ZERO;
            if (!busy || attempt > RETRIES || wait.compareTo(left) > 0) {
                throw status == 429
                        ? limited(wait)
                        : RegistryRefusedException.of(
                                connection.host(),
                                repository,
                                status,
                                login.get().isEmpty());
            }
            left = left.minus(wait);
            connection.settings().pause().accept(wait);
        }
    }

    /** What the registry asks for, or a growing, jittered pause where it does not say. */
    private Duration pause(HttpResponse<?> answer, int attempt) {
        return answer.headers()
                .firstValue("Retry-After")
                .flatMap(value ->
                        Backoff.retryAfter(value, connection.settings().clock().instant()))
                .orElseGet(() -> BACKOFF.bound(attempt)
                        .plus(BACKOFF.pause(attempt, connection.settings().random())));
    }

    private RegistryRefusedException limited(Duration wait) {
        return new RegistryRefusedException("Registry '" + connection.host() + "' limits requests and asks to wait "
                + wait.toSeconds() + " s: try again later, or give its connection credentials with a higher limit.");
    }

    private HttpResponse<byte[]> redirected(
            String method, URI uri, String accept, String repository, Redirects redirects) {
        URI at = uri;
        for (int hop = 0; ; hop++) {
            HttpResponse<byte[]> answer = authenticated(method, at, accept, repository);
            Optional<URI> next = redirect(answer);
            if (next.isEmpty()) {
                return answer;
            }
            boolean downgraded =
                    at.getScheme().equals("https") && !"https".equals(next.get().getScheme());
            boolean elsewhere = !connection.sameOrigin(next.get());
            if (hop == MOST_REDIRECTS || downgraded || (elsewhere && redirects == Redirects.SAME_ORIGIN)) {
                throw new RegistryException("Registry '" + connection.host() + "' redirects '" + repository + "' to "
                        + next.get().getHost()
                        + ", which is not followed: configure the registry by the address it redirects to.");
            }
            at = next.get();
        }
    }

    private static Optional<URI> redirect(HttpResponse<?> answer) {
        return switch (answer.statusCode()) {
            case 301, 302, 303, 307, 308 ->
                answer.headers().firstValue("Location").map(answer.uri()::resolve);
            default -> Optional.empty();
        };
    }

    /** Credentials go to the registry's own origin only. */
    private HttpResponse<byte[]> authenticated(String method, URI uri, String accept, String repository) {
        if (!connection.sameOrigin(uri)) {
            return send(method, uri, accept, Optional.empty());
        }
        Optional<String> used = authorization.header(repository);
        HttpResponse<byte[]> answer = send(method, uri, accept, used);
        for (int learned = 0; learned < MOST_LEARNED && learns(answer, repository, used); learned++) {
            used = authorization.header(repository);
            answer = send(method, uri, accept, used);
        }
        return answer;
    }

    private boolean learns(HttpResponse<byte[]> answer, String repository, Optional<String> used) {
        return (answer.statusCode() == 401 && authorization.learn(answer, repository, used))
                || (used.isEmpty() && hides(answer.statusCode()) && learnAtRoot(repository));
    }

    /** Artifactory can answer whoever sends no credentials as if there were nothing, or nothing allowed. */
    private static boolean hides(int status) {
        return status == 401 || status == 403 || status == 404;
    }

    /**
     * Asks for the challenge where every registry has to give it, once. One that lets anonymous requests in there, and
     * hides what they may not read, asks for no credentials anywhere: it gets them unasked.
     *
     * @see <a href="https://distribution.github.io/distribution/spec/api/#api-version-check">the version check</a>
     */
    private boolean learnAtRoot(String repository) {
        if (askedAtRoot || !authorization.hasUnused()) {
            return false;
        }
        HttpResponse<byte[]> root = send("GET", connection.base().resolve("/v2/"), "*/*", Optional.empty());
        askedAtRoot = root.statusCode() < 500 && root.statusCode() != 429;
        if (root.statusCode() == 200) {
            authorization.assumeBasic();
            return true;
        }
        return root.statusCode() == 401 && authorization.learn(root, repository, Optional.empty());
    }

    private HttpResponse<byte[]> send(String method, URI uri, String accept, Optional<String> credentials) {
        HttpRequest.Builder request = http.request(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Accept", accept);
        credentials.ifPresent(header -> request.header("Authorization", header));
        return http.send(request.build());
    }
}
