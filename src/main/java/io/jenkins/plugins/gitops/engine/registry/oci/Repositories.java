package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The protocol's endpoints for a repository. */
final class Repositories {

    private static final int TAGS_PER_PAGE = 1000;
    private static final int MOST_PAGES = 20;
    private static final String JSON = "application/json";
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^,]*\\brel=\"?next\"?");

    private final OciEndpoint endpoint;
    private final OciClient client;

    Repositories(@NonNull OciEndpoint endpoint, @NonNull OciClient client) {
        this.endpoint = endpoint;
        this.client = client;
    }

    /** @param reference tag or digest */
    @NonNull
    Answer head(@NonNull ImageName name, @NonNull String reference) {
        return client.ask(
                "HEAD",
                uri(name, "manifests/" + reference),
                MediaTypes.ACCEPTED,
                name.path(),
                OciClient.Redirects.SAME_ORIGIN);
    }

    /** @param reference tag or digest */
    @NonNull
    Answer manifest(@NonNull ImageName name, @NonNull String reference) {
        return client.ask(
                "GET",
                uri(name, "manifests/" + reference),
                MediaTypes.ACCEPTED,
                name.path(),
                OciClient.Redirects.SAME_ORIGIN);
    }

    @NonNull
    JsonNode manifestByDigest(@NonNull ImageName name, @NonNull String digest) {
        return content(name, digest, manifest(name, digest));
    }

    @NonNull
    JsonNode blob(@NonNull ImageName name, @NonNull String digest) {
        if (!Digests.isDigest(digest)) {
            throw new RegistryException(
                    "An image of '" + name + "' names the blob '" + digest + "', which is no digest: push it again.");
        }
        return content(
                name,
                digest,
                client.ask("GET", uri(name, "blobs/" + digest), "*/*", name.path(), OciClient.Redirects.ANY_HOST));
    }

    /** All tags up to a bound of 20,000; empty if there is no such repository. */
    @NonNull
    Optional<List<String>> tags(@NonNull ImageName name) {
        List<String> tags = new ArrayList<>();
        Optional<URI> page = Optional.of(uri(name, "tags/list?n=" + TAGS_PER_PAGE));
        for (int read = 0; page.isPresent() && read < MOST_PAGES; read++) {
            Answer answer = client.ask("GET", page.get(), JSON, name.path(), OciClient.Redirects.SAME_ORIGIN);
            if (answer.status() != 200) {
                return Optional.empty();
            }
            Json.read(endpoint.host(), answer).path("tags").forEach(tag -> tags.add(tag.asText()));
            page = next(answer);
        }
        return Optional.of(tags);
    }

    /** The referrers' index; empty where the registry has no such endpoint. */
    @NonNull
    Optional<List<JsonNode>> referrers(@NonNull ImageName name, @NonNull String digest) {
        List<JsonNode> found = new ArrayList<>();
        Optional<URI> page = Optional.of(uri(name, "referrers/" + digest));
        for (int read = 0; page.isPresent() && read < MOST_PAGES; read++) {
            Answer answer =
                    client.ask("GET", page.get(), MediaTypes.OCI_INDEX, name.path(), OciClient.Redirects.SAME_ORIGIN);
            if (answer.status() != 200) {
                return Optional.empty();
            }
            Json.read(endpoint.host(), answer).path("manifests").forEach(found::add);
            page = next(answer);
        }
        return Optional.of(found);
    }

    private JsonNode content(ImageName name, String digest, Answer answer) {
        if (answer.status() != 200) {
            throw new RegistryException("Registry '" + endpoint.host() + "' no longer has " + digest + " of '"
                    + name.path() + "': push the image again.");
        }
        if (!Digests.matches(digest, answer.body())) {
            throw new RegistryException("Registry '" + endpoint.host() + "' gives content for " + digest + " of '"
                    + name.path() + "' that has another digest: do not use it before you know why.");
        }
        return Json.read(endpoint.host(), answer);
    }

    /** Pages of another origin are not read. */
    private Optional<URI> next(Answer answer) {
        for (String link : answer.headers().allValues("Link")) {
            Matcher matcher = NEXT.matcher(link);
            if (matcher.find()) {
                return Optional.of(answer.uri().resolve(matcher.group(1))).filter(endpoint::sameOrigin);
            }
        }
        return Optional.empty();
    }

    private URI uri(ImageName name, String rest) {
        return endpoint.base().resolve("/v2/" + name.path() + "/" + rest);
    }
}
