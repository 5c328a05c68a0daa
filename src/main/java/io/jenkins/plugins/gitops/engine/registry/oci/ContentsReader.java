package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImageContents;
import io.jenkins.plugins.gitops.engine.registry.ImageContents.Platform;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
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

    private static final int MOST_NESTED = 3;
    private static final int MOST_INDEXES = 30;

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
        List<Entry> images = new ArrayList<>();
        collect(image.name(), manifest, null, 0, images, new int[] {MOST_INDEXES});
        if (images.isEmpty()) {
            return contents(Json.texts(manifest.path("annotations")), manifest.path("none"), List.of());
        }
        JsonNode first =
                repositories.manifestByDigest(image.name(), images.get(0).digest());
        Map<String, String> annotations = Json.texts(first.path("annotations"));
        annotations.putAll(Json.texts(manifest.path("annotations")));
        JsonNode config = config(image.name(), first);
        List<Platform> platforms = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            Platform platform = images.get(i).platform();
            if (platform == null && i == 0) {
                platforms.add(platform(config));
            } else if (platform != null) {
                platforms.add(platform);
            }
        }
        return contents(annotations, config, platforms);
    }

    /** @param platform null where neither its index nor one above it says */
    private record Entry(String digest, Platform platform) {}

    /**
     * The entries that run. Builders also put attestations there, for the platform unknown, and an index of both for each
     * platform; the platform itself is optional.
     */
    private void collect(
            ImageName name, JsonNode index, Platform above, int depth, List<Entry> images, int[] indexesLeft) {
        for (JsonNode entry : index.path("manifests")) {
            JsonNode stated = entry.path("platform");
            boolean attestation = entry.path("annotations").has("vnd.docker.reference.type")
                    || "unknown".equals(stated.path("os").asText());
            if (attestation) {
                continue;
            }
            Platform platform = stated.isObject() ? platform(stated) : above;
            String digest = entry.path("digest").asText();
            if (!MediaTypes.isIndex(entry.path("mediaType").asText())) {
                images.add(new Entry(digest, platform));
            } else if (depth < MOST_NESTED && indexesLeft[0]-- > 0) {
                collect(name, repositories.manifestByDigest(name, digest), platform, depth + 1, images, indexesLeft);
            }
        }
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
