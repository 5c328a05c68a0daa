package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.registry.ImageContents;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads manifest, index and configuration of one image, each by its digest. */
final class ContentsReader {

    private static final int MOST_NESTED = 3;

    private final Repositories repositories;
    private final ImageName name;
    private int manifestsLeft = 30;

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
        Instant built =
                config.map(found -> created(found.path("created").asText(""))).orElse(null);
        return new ImageContents(
                labels, isDate(built) ? built : annotated(manifest, top).orElse(built));
    }

    /**
     * The first entry that runs and is there; its platform is optional. Builders also put attestations there, for the
     * platform unknown, and an index of both for each platform; a mirror may have one platform alone.
     */
    private Optional<JsonNode> firstImage(JsonNode index, int depth) {
        for (JsonNode entry : index.path("manifests")) {
            boolean attestation = entry.path("annotations").has("vnd.docker.reference.type")
                    || "unknown".equals(entry.path("platform").path("os").asText());
            if (attestation || manifestsLeft-- <= 0) {
                continue;
            }
            Optional<JsonNode> manifest =
                    repositories.manifestIfThere(name, entry.path("digest").asText());
            Optional<JsonNode> found = manifest.filter(ContentsReader::isIndex).isPresent()
                    ? manifest.filter(nested -> depth < MOST_NESTED).flatMap(nested -> firstImage(nested, depth + 1))
                    : manifest.filter(ContentsReader::isImage);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** By what it holds: an entry may call an index a manifest. */
    private static boolean isIndex(JsonNode manifest) {
        return manifest.path("manifests").isArray();
    }

    /** Signatures, lists of parts and charts have a configuration of another type, or say their own. */
    private static boolean isImage(JsonNode manifest) {
        String type = manifest.path("config").path("mediaType").asText("");
        return !manifest.has("artifactType") && (type.isEmpty() || type.contains("image"));
    }

    private JsonNode config(JsonNode manifest) {
        String digest = manifest.path("config").path("digest").asText("");
        if (digest.isEmpty()) {
            throw new RegistryException("Registry '" + name.host() + "' has an image of '" + name.path()
                    + "' without a configuration: it is not a container image, push one.");
        }
        return repositories.blob(name, digest);
    }

    private static boolean isDate(@CheckForNull Instant built) {
        return built != null && built.isAfter(ImageContents.NO_DATE_BEFORE);
    }

    /** Where a reproducible build says when it was. A label may be the base image's, an annotation is not. */
    private static Optional<Instant> annotated(Optional<JsonNode> manifest, JsonNode top) {
        return Stream.concat(manifest.stream(), Stream.of(top))
                .map(said -> created(said.path("annotations")
                        .path("org.opencontainers.image.created")
                        .asText("")))
                .filter(Objects::nonNull)
                .findFirst();
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
