package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.Referrer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what refers to an image: through the referrers endpoint, else in the index that clients keep under the fallback
 * tag, and the tags that cosign uses where it does without both.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema">the fallback
 *     tag</a>
 */
final class ReferrersReader {

    private enum CosignTag {
        SIGNATURE(".sig", "application/vnd.dev.cosign.artifact.sig.v1+json"),
        SBOM(".sbom", "application/vnd.dev.cosign.artifact.sbom.v1+json"),
        ATTESTATION(".att", "application/vnd.dsse.envelope.v1+json");

        private final String suffix;
        private final String artifactType;

        CosignTag(String suffix, String artifactType) {
            this.suffix = suffix;
            this.artifactType = artifactType;
        }
    }

    private final OciEndpoint endpoint;
    private final Repositories repositories;

    ReferrersReader(@NonNull OciEndpoint endpoint, @NonNull Repositories repositories) {
        this.endpoint = endpoint;
        this.repositories = repositories;
    }

    @NonNull
    List<Referrer> list(@NonNull ImageDetails image) {
        String tag = image.digest().replace(':', '-');
        List<Referrer> found = new ArrayList<>();
        repositories
                .referrers(image.name(), image.digest())
                .or(() -> fallback(image, tag))
                .ifPresent(entries -> entries.forEach(entry -> found.add(referrer(entry))));
        for (CosignTag cosign : CosignTag.values()) {
            Answer answer = repositories.head(image.name(), tag + cosign.suffix);
            answer.header("Docker-Content-Digest")
                    .filter(digest -> answer.status() == 200 && Digests.isDigest(digest))
                    .ifPresent(digest -> found.add(new Referrer(digest, cosign.artifactType, Map.of())));
        }
        return List.copyOf(found);
    }

    private Optional<List<JsonNode>> fallback(ImageDetails image, String tag) {
        Answer answer = repositories.manifest(image.name(), tag);
        if (answer.status() != 200) {
            return Optional.empty();
        }
        List<JsonNode> entries = new ArrayList<>();
        Json.read(endpoint.host(), answer).path("manifests").forEach(entries::add);
        return Optional.of(entries);
    }

    private static Referrer referrer(JsonNode entry) {
        return new Referrer(
                entry.path("digest").asText(""),
                entry.path("artifactType").asText(""),
                Json.texts(entry.path("annotations")));
    }
}
