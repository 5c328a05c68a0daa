package io.jenkins.plugins.gitops.engine.forge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.engine.net.BodyLimits;
import io.jenkins.plugins.gitops.engine.net.BoundedBody;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether GitHub or GitLab protects a branch, as far as they say. What else of a rule holds, and for whom, they tell
 * administrators of the repository alone.
 *
 * @see <a href="https://docs.github.com/en/rest/branches/branches#get-a-branch">GitHub: branches</a>
 * @see <a href="https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch">GitHub: rules of a branch</a>
 * @see <a href="https://docs.gitlab.com/api/branches/#get-single-repository-branch">GitLab: branches</a>
 */
public final class BranchProtection {

    private static final BodyLimits LIMITS = new BodyLimits(1 << 20, Duration.ofSeconds(2));
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern HTTPS =
            Pattern.compile("https://(?:[^/@]*@)?(?<host>[^/]+)/+(?<path>.+?)(?:\\.git)?/*", Pattern.CASE_INSENSITIVE);

    private final HttpClients clients;
    private final HttpClient client;

    public BranchProtection(HttpClients clients) {
        this.clients = clients;
        this.client = clients.build("forge");
    }

    /** What to ask of a repository's address over https; nothing where the server is neither GitHub nor GitLab by its name. */
    public static List<URI> questions(String repository, String branch) {
        Matcher url = HTTPS.matcher(repository);
        if (!url.matches()) {
            return List.of();
        }
        String host = url.group("host").toLowerCase(Locale.ROOT);
        String path = url.group("path");
        if (host.equals("github.com")) {
            String api = "https://api.github.com/repos/" + encoded(path).replace("%2F", "/");
            return List.of(
                    URI.create(api + "/branches/" + encoded(branch)),
                    URI.create(api + "/rules/branches/" + encoded(branch)));
        }
        return host.equals("gitlab.com") || host.startsWith("gitlab.")
                ? List.of(URI.create("https://" + host + "/api/v4/projects/" + encoded(path) + "/repository/branches/"
                        + encoded(branch)))
                : List.of();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Whether one of the answers says so. All are asked at once; blocking, for two seconds at most.
     *
     * @param token empty for none
     * @return empty where the server does not say
     */
    public Optional<Boolean> isProtected(List<URI> questions, Optional<String> token) throws InterruptedException {
        List<CompletableFuture<Optional<Boolean>>> answers = questions.stream()
                .map(question -> BoundedBody.sendAsync(client, request(question, token), LIMITS)
                        .thenApply(BranchProtection::read)
                        .exceptionally(unknown -> Optional.empty()))
                .toList();
        Set<Boolean> said = new HashSet<>();
        try {
            for (CompletableFuture<Optional<Boolean>> answer : answers) {
                answer.get().ifPresent(said::add);
            }
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        return said.isEmpty() ? Optional.empty() : Optional.of(said.contains(true));
    }

    private HttpRequest request(URI question, Optional<String> token) {
        HttpRequest.Builder request = clients.request(question)
                .header("Accept", "application/json")
                .header("User-Agent", "jenkins-gitops-promotion");
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request.build();
    }

    /** A branch says so itself; rules are a list. */
    private static Optional<Boolean> read(HttpResponse<byte[]> response) {
        try {
            JsonNode answer = JSON.readTree(response.body());
            return response.statusCode() != 200
                    ? Optional.empty()
                    : answer.isArray()
                            ? Optional.of(!answer.isEmpty())
                            : Optional.of(answer.path("protected"))
                                    .filter(JsonNode::isBoolean)
                                    .map(JsonNode::asBoolean);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
