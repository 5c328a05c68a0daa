package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import io.jenkins.plugins.gitops.engine.registry.oci.OciClient.Redirects;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The protocol's endpoints for a repository. */
final class Repositories {

    private static final int TAGS_PER_PAGE = 1000;
    private static final int MOST_PAGES = 20;
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^,]*\\brel=\"?next\"?");

    private final OciConnection connection;
    private final OciHttp http;
    private final OciClient client;
    private final Supplier<Optional<RegistryLogin>> login;

    Repositories(OciConnection connection, Supplier<Optional<RegistryLogin>> login) {
        this.login = login;
        this.connection = connection;
        this.http = new OciHttp(connection);
        this.client = new OciClient(connection, http, login);
    }

    /**
     * @param method HEAD or GET
     * @param reference tag or digest
     */
    HttpResponse<byte[]> manifest(String method, ImageName name, String reference) {
        return client.ask(
                method, uri(name, "manifests/" + reference), MediaTypes.ACCEPTED, name.path(), Redirects.SAME_ORIGIN);
    }

    JsonNode manifestByDigest(ImageName name, String digest) {
        return content(name, digest, manifest("GET", name, digest));
    }

    /** The type that a manifest gives itself; empty if it gives none. */
    String ownType(HttpResponse<byte[]> manifest) {
        return http.json(manifest).path("mediaType").asText("");
    }

    /** Empty for a platform that an index names and this registry does not have. */
    Optional<JsonNode> manifestIfThere(ImageName name, String digest) {
        HttpResponse<byte[]> answer = manifest("GET", name, digest);
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(content(name, digest, answer));
    }

    JsonNode blob(ImageName name, String digest) {
        if (!Digests.isDigest(digest)) {
            throw new RegistryException("An image of '" + name + "' names the blob '" + digest
                    + "', which is not a digest: push it again.");
        }
        return content(
                name, digest, client.ask("GET", uri(name, "blobs/" + digest), "*/*", name.path(), Redirects.ANY_HOST));
    }

    /** All tags up to a bound of 20,000; empty if there is no such repository. Pages of another origin are not read. */
    Optional<List<String>> tags(ImageName name) {
        List<String> tags = new ArrayList<>();
        Optional<URI> page = Optional.of(uri(name, "tags/list?n=" + TAGS_PER_PAGE));
        for (int read = 0; page.isPresent() && read < MOST_PAGES; read++) {
            HttpResponse<byte[]> answer =
                    client.ask("GET", page.get(), "application/json", name.path(), Redirects.SAME_ORIGIN);
            if (answer.statusCode() != 200) {
                return Optional.empty();
            }
            http.json(answer).path("tags").forEach(tag -> tags.add(tag.asText()));
            page = next(answer);
        }
        return Optional.of(tags);
    }

    /** Empty where there is no index. Credentials go along where it is on the registry's own origin. */
    Optional<Set<String>> chartVersions(URI index, String chart) {
        HttpResponse<byte[]> answer = new OciClient(connection, new OciHttp(connection, ChartIndex.LARGEST), login)
                .ask("GET", index, "application/yaml, text/yaml, */*", index.getPath(), Redirects.SAME_ORIGIN);
        if (answer.statusCode() != 200) {
            return Optional.empty();
        }
        YamlEngineException cause = null;
        try {
            Optional<Set<String>> versions = ChartIndex.versions(answer.body(), chart);
            if (versions.isPresent()) {
                return versions;
            }
        } catch (YamlEngineException e) {
            cause = e;
        }
        throw new RegistryException(
                "Registry '" + connection.host() + "' returned " + OciHttp.typeOrNone(answer) + " for "
                        + index.getPath()
                        + ", which is not an index of charts: check the chart's address in gitops.yaml.",
                cause);
    }

    private Optional<URI> next(HttpResponse<?> answer) {
        return answer.headers().allValues("Link").stream()
                .map(NEXT::matcher)
                .filter(Matcher::find)
                .findFirst()
                .map(link -> answer.uri().resolve(link.group(1)))
                .filter(connection::sameOrigin);
    }

    private JsonNode content(ImageName name, String digest, HttpResponse<byte[]> answer) {
        if (answer.statusCode() != 200) {
            throw new RegistryException("Registry '" + connection.host() + "' no longer has " + digest + " of '"
                    + name.path() + "': push the image again.");
        }
        if (!Digests.matches(digest, answer.body())) {
            throw new RegistryException("Registry '" + connection.host() + "' returned content for " + digest + " of '"
                    + name.path() + "' that has another digest: do not use it until you know why.");
        }
        return http.json(answer);
    }

    private URI uri(ImageName name, String rest) {
        return connection.base().resolve("/v2/" + name.path() + "/" + rest);
    }
}
