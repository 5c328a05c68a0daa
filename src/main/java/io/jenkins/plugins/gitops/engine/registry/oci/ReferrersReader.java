package io.jenkins.plugins.gitops.engine.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.Referrer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds what refers to an image: through the referrers endpoint, else in the index that clients keep under the fallback
 * tag, and the tags that cosign uses where it does without both.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema">the fallback
 *     tag</a>
 */
final class ReferrersReader {

    /** Artifact types by the suffix of cosign's tag. */
    private static final Map<String, String> COSIGN = new TreeMap<>(Map.of(
            ".sig", "application/vnd.dev.cosign.artifact.sig.v1+json",
            ".sbom", "application/vnd.dev.cosign.artifact.sbom.v1+json",
            ".att", "application/vnd.dsse.envelope.v1+json"));

    private ReferrersReader() {}

    static List<Referrer> list(Repositories repositories, ImageDetails image) {
        String tag = image.digest().replace(':', '-');
        List<Referrer> found = new ArrayList<>();
        repositories
                .referrers(image.name(), image.digest())
                .or(() -> repositories.listed(image.name(), tag))
                .ifPresent(entries -> entries.forEach(entry -> found.add(referrer(entry))));
        COSIGN.forEach((suffix, artifactType) -> {
            HttpResponse<byte[]> answer = repositories.manifest("HEAD", image.name(), tag + suffix);
            answer.headers()
                    .firstValue("Docker-Content-Digest")
                    .filter(digest -> answer.statusCode() == 200 && Digests.isDigest(digest))
                    .ifPresent(digest -> found.add(new Referrer(digest, artifactType, Map.of())));
        });
        return List.copyOf(found);
    }

    private static Referrer referrer(JsonNode entry) {
        return new Referrer(
                entry.path("digest").asText(""),
                entry.path("artifactType").asText(""),
                OciHttp.texts(entry.path("annotations")));
    }
}
