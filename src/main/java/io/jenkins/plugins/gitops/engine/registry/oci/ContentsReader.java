package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.registry.ImageContents;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads manifest, index and configuration of one image, each by its digest. */
final class ContentsReader {

    private static final int MOST_NESTED = 3;

    private final Repositories repositories;
    private final ImageName name;
    private int indexesLeft = 30;

    ContentsReader(Repositories repositories, ImageName name) {
        this.repositories = repositories;
        this.name = name;
    }

    ImageContents read(ImageDetails image) {
        JsonNode top = repositories.manifestByDigest(name, image.digest());
        Optional<JsonNode> manifest = image.isIndex() ? firstImage(top, 0) : Optional.of(top);
        Optional<JsonNode> config = manifest.map(this::config);
        Map<String, String> labels = new HashMap<>();
        config.ifPresent(
                found -> labels.putAll(OciHttp.texts(found.path("config").path("Labels"))));
        manifest.ifPresent(found -> labels.putAll(OciHttp.texts(found.path("annotations"))));
        labels.putAll(OciHttp.texts(top.path("annotations")));
        return new ImageContents(
                labels,
                config.map(found -> created(found.path("created").asText(""))).orElse(null));
    }

    /**
     * The first entry that runs; its platform is optional. Builders also put attestations there, for the platform unknown,
     * and an index of both for each platform.
     */
    private Optional<JsonNode> firstImage(JsonNode index, int depth) {
        for (JsonNode entry : index.path("manifests")) {
            boolean attestation = entry.path("annotations").has("vnd.docker.reference.type")
                    || "unknown".equals(entry.path("platform").path("os").asText());
            boolean nested = MediaTypes.isIndex(entry.path("mediaType").asText());
            if (attestation || (nested && (depth == MOST_NESTED || indexesLeft-- <= 0))) {
                continue;
            }
            JsonNode manifest =
                    repositories.manifestByDigest(name, entry.path("digest").asText());
            Optional<JsonNode> found = nested ? firstImage(manifest, depth + 1) : Optional.of(manifest);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private JsonNode config(JsonNode manifest) {
        String digest = manifest.path("config").path("digest").asText("");
        if (digest.isEmpty()) {
            throw new RegistryException("Registry '" + name.host() + "' has an image of '" + name.path()
                    + "' without a configuration: it is not a container image, push one.");
        }
        return repositories.blob(name, digest);
    }

    /** RFC 3339; null where it is something else, which no specification forbids. */
    @CheckForNull
    private static Instant created(String text) {
        try {
            return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
