package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImageContents;
import io.jenkins.plugins.gitops.engine.registry.ImageContents.Platform;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads manifest, index and configuration of an image, each by its digest. */
final class ContentsReader {

    private final OciEndpoint endpoint;
    private final Repositories repositories;

    ContentsReader(@NonNull OciEndpoint endpoint, @NonNull Repositories repositories) {
        this.endpoint = endpoint;
        this.repositories = repositories;
    }

    @NonNull
    ImageContents read(@NonNull ImageDetails image) {
        JsonNode manifest = repositories.manifestByDigest(image.name(), image.digest());
        if (!image.isIndex()) {
            JsonNode config = config(image.name(), manifest);
            return contents(Json.texts(manifest.path("annotations")), config, List.of(platform(config)));
        }
        List<JsonNode> images = images(manifest);
        if (images.isEmpty()) {
            return contents(Json.texts(manifest.path("annotations")), manifest.path("none"), List.of());
        }
        JsonNode first = repositories.manifestByDigest(
                image.name(), images.get(0).path("digest").asText());
        Map<String, String> annotations = Json.texts(first.path("annotations"));
        annotations.putAll(Json.texts(manifest.path("annotations")));
        List<Platform> platforms =
                images.stream().map(entry -> platform(entry.path("platform"))).toList();
        return contents(annotations, config(image.name(), first), platforms);
    }

    /** The entries that run; builders also put attestations there, for the platform unknown. */
    private static List<JsonNode> images(JsonNode index) {
        List<JsonNode> images = new ArrayList<>();
        index.path("manifests").forEach(entry -> {
            if (!"unknown".equals(entry.path("platform").path("os").asText("unknown"))) {
                images.add(entry);
            }
        });
        return images;
    }

    private JsonNode config(ImageName name, JsonNode manifest) {
        String digest = manifest.path("config").path("digest").asText("");
        if (digest.isEmpty()) {
            throw new RegistryException("Registry '" + endpoint.host() + "' has an image of '" + name.path()
                    + "' without a configuration: it is no container image, push one.");
        }
        return repositories.blob(name, digest);
    }

    private static ImageContents contents(Map<String, String> annotations, JsonNode config, List<Platform> platforms) {
        Map<String, String> labels =
                new LinkedHashMap<>(Json.texts(config.path("config").path("Labels")));
        return new ImageContents(
                annotations, labels, platforms, created(config.path("created").asText("")));
    }

    private static Platform platform(JsonNode node) {
        return new Platform(
                node.path("os").asText("unknown"),
                node.path("architecture").asText("unknown"),
                node.path("variant").asText(""));
    }

    /** RFC 3339; null where it is something else, which no specification forbids. */
    private static Instant created(String text) {
        try {
            return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
