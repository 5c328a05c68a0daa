package io.jenkins.plugins.gitops.engine.registry.oci;

import static io.jenkins.plugins.gitops.engine.registry.oci.ScriptedServer.says;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.Referrer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The referrers endpoint as the distribution specification describes it, played by a scripted server: the registry that
 * the other tests use has none.
 */
class OciReferrersTest {

    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final String SIGNATURE = "sha256:" + "b".repeat(64);
    private static final String SBOM = "sha256:" + "c".repeat(64);
    private static final String REFERRERS = "/v2/shop/api/referrers/" + DIGEST;

    private ScriptedServer server;
    private OciRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = ScriptedServer.start();
        registry = new RegistryUnderTest().at(server.base("http"), Optional.empty());
        server.on(
                "HEAD /v2/shop/api/manifests/1.4.0",
                says(200, "", "Docker-Content-Digest", DIGEST, "Content-Type", MediaTypes.OCI_MANIFEST));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyPageOfTheEndpointIsListed() {
        String second = "/v2/shop/api/more";
        server.on("GET " + REFERRERS, index(entry(SIGNATURE, "application/vnd.example.signature"), second));
        server.on("GET " + second, index(entry(SBOM, "application/spdx+json"), null));

        assertThat(registry.referrers(image()))
                .containsExactly(
                        new Referrer(SIGNATURE, "application/vnd.example.signature", Map.of("by", "ci")),
                        new Referrer(SBOM, "application/spdx+json", Map.of("by", "ci")));
    }

    @Test
    void theFallbackTagIsNotAskedWhereTheEndpointAnswers() {
        server.on("GET " + REFERRERS, says(200, "{\"manifests\":[]}", "Content-Type", MediaTypes.OCI_INDEX));

        assertThat(registry.referrers(image())).isEmpty();
        assertThat(server.requests())
                .contains("GET " + REFERRERS)
                .doesNotContain("GET /v2/shop/api/manifests/" + DIGEST.replace(':', '-'));
    }

    @Test
    void aNextPageOnAnotherHostIsNotRead() throws IOException {
        try (ScriptedServer other = ScriptedServer.start()) {
            server.on(
                    "GET " + REFERRERS,
                    index(entry(SBOM, "application/spdx+json"), other.base("http") + "/v2/shop/api/more"));

            assertThat(registry.referrers(image())).hasSize(1);
            assertThat(other.requests()).isEmpty();
        }
    }

    private ImageDetails image() {
        return registry.resolve(ImageReference.parse(server.host() + "/shop/api:1.4.0"));
    }

    private static String entry(String digest, String artifactType) {
        return """
            {"mediaType": "%s", "digest": "%s", "size": 7, "artifactType": "%s", "annotations": {"by": "ci"}}\
            """.formatted(MediaTypes.OCI_MANIFEST, digest, artifactType);
    }

    private static ScriptedServer.Script index(String entry, String next) {
        String body = "{\"schemaVersion\": 2, \"mediaType\": \"" + MediaTypes.OCI_INDEX + "\", \"manifests\": [" + entry
                + "]}";
        return next == null
                ? says(200, body, "Content-Type", MediaTypes.OCI_INDEX)
                : says(200, body, "Content-Type", MediaTypes.OCI_INDEX, "Link", "<" + next + ">; rel=\"next\"");
    }
}
