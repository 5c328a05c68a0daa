package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks one registry: authenticates when asked to, waits when asked to, follows redirects within its origin. Returns
 * answers of status 200, 404 and 405; everything else is a {@link RegistryException}.
 */
final class OciClient {

    private static final int MOST_REDIRECTS = 3;

    /** Where a redirect may lead. */
    enum Redirects {
        /** Manifests: another host could say what a tag is. */
        SAME_ORIGIN,
        /** Blobs, whose digest is checked: registries keep them in object stores. No credentials go along. */
        ANY_HOST
    }

    private final OciEndpoint endpoint;
    private final Wire wire;
    private final Authorization authorization;
    private final Patience patience;
    private volatile boolean askedAtRoot;

    OciClient(@NonNull OciEndpoint endpoint, @NonNull HttpClient http, @NonNull OciSettings settings) {
        this.endpoint = endpoint;
        this.wire = new Wire(http, endpoint.host(), settings);
        this.authorization = new Authorization(endpoint, wire, settings.clock());
        this.patience = new Patience(settings);
    }

    /** @param method HEAD or GET */
    @NonNull
    Answer ask(
            @NonNull String method,
            @NonNull URI uri,
            @NonNull String accept,
            @NonNull String repository,
            @NonNull Redirects redirects) {
        Duration left = Patience.LONGEST;
        for (int attempt = 0; ; attempt++) {
            Answer answer = redirected(method, uri, accept, repository, redirects);
            int status = answer.status();
            if (status == 200 || status == 404 || status == 405) {
                return answer;
            }
            if (status != 429 && status != 503) {
                throw Refusal.of(endpoint, repository, status);
            }
            Duration wait = patience.asked(answer, attempt);
            if (attempt == Patience.RETRIES || wait.compareTo(left) > 0) {
                throw status == 429 ? Refusal.limited(endpoint, wait) : Refusal.of(endpoint, repository, status);
            }
            left = left.minus(wait);
            pause(wait);
        }
    }

    private Answer redirected(String method, URI uri, String accept, String repository, Redirects redirects) {
        URI at = uri;
        for (int hop = 0; ; hop++) {
            Answer answer = authenticated(method, at, accept, repository);
            Optional<URI> next = redirect(answer);
            if (next.isEmpty()) {
                return answer;
            }
            boolean downgraded =
                    at.getScheme().equals("https") && !"https".equals(next.get().getScheme());
            boolean elsewhere = !endpoint.sameOrigin(next.get());
            if (hop == MOST_REDIRECTS || downgraded || (elsewhere && redirects == Redirects.SAME_ORIGIN)) {
                throw new RegistryException("Registry '" + endpoint.host() + "' redirects '" + repository + "' to "
                        + next.get().getHost()
                        + ", which is not followed: name the registry by the address it redirects"
                        + " to.");
            }
            at = next.get();
        }
    }

    private static Optional<URI> redirect(Answer answer) {
        return switch (answer.status()) {
            case 301, 302, 303, 307, 308 -> answer.header("Location").map(answer.uri()::resolve);
            default -> Optional.empty();
        };
    }

    /** Credentials go to the registry's own origin only. */
    private Answer authenticated(String method, URI uri, String accept, String repository) {
        if (!endpoint.sameOrigin(uri)) {
            return wire.send(request(method, uri, accept, Optional.empty()));
        }
        Optional<String> used = authorization.header(repository);
        Answer answer = wire.send(request(method, uri, accept, used));
        if (answer.status() == 401 && authorization.learn(answer, repository, used)) {
            return wire.send(request(method, uri, accept, authorization.header(repository)));
        }
        if (used.isEmpty() && hides(answer) && learnAtRoot(repository)) {
            return wire.send(request(method, uri, accept, authorization.header(repository)));
        }
        return answer;
    }

    /** Artifactory can answer whoever sends no credentials as if there were nothing, or nothing allowed. */
    private static boolean hides(Answer answer) {
        return answer.status() == 401 || answer.status() == 403 || answer.status() == 404;
    }

    /**
     * Asks for the challenge where every registry has to give it, once.
     *
     * @see <a href="https://distribution.github.io/distribution/spec/api/#api-version-check">the version check</a>
     */
    private boolean learnAtRoot(String repository) {
        if (askedAtRoot || !authorization.hasUnused()) {
            return false;
        }
        Answer root = wire.send(request("GET", endpoint.base().resolve("/v2/"), "*/*", Optional.empty()));
        askedAtRoot = root.status() < 500 && root.status() != 429;
        return root.status() == 401 && authorization.learn(root, repository, Optional.empty());
    }

    private static HttpRequest.Builder request(String method, URI uri, String accept, Optional<String> authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Accept", accept);
        authorization.ifPresent(header -> request.header("Authorization", header));
        return request;
    }

    private void pause(Duration wait) {
        try {
            patience.pause(wait);
        } catch (InterruptedException e) {
            throw wire.interrupted(e);
        }
    }
}
