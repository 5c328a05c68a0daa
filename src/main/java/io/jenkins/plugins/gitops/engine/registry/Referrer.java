package io.jenkins.plugins.gitops.engine.registry;

import java.util.Map;

/**
 * Something attached to an image: a signature, an SBOM, an attestation.
 *
 * @param digest of the attached manifest
 * @param artifactType what it is, a media type; empty where it does not say
 * @param annotations unmodifiable
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers">Listing
 *     referrers</a>
 */
public record Referrer(String digest, String artifactType, Map<String, String> annotations) {

    public Referrer {
        annotations = Map.copyOf(annotations);
    }
}
