package io.jenkins.plugins.gitops.engine.registry.oci;

import static io.jenkins.plugins.gitops.engine.registry.oci.ScriptedServer.says;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.ImageContents;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageMissingException;
import io.jenkins.plugins.gitops.engine.registry.ImageName;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import io.jenkins.plugins.gitops.engine.registry.RegistryException;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a registry answers is checked before it is believed. */
class OciAnswersTest extends ScriptedRegistry {

    @Test
    void aLoginPageInsteadOfAManifest() {
        server.on(HEAD, says(200, "", "Content-Type", "text/html; charset=utf-8"));
        server.on(GET, says(200, "<html>Sign in</html>", "Content-Type", "text/html; charset=utf-8"));

        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host() + "' returned text/html for '" + server.host() + "/shop/api:1.4.0', which"
                        + " is not an image manifest: push it in OCI or Docker schema 2 form, or correct the address.");
    }

    @Test
    void aLoginPageInsteadOfTags() {
        server.on("GET /v2/shop/api/tags/list", says(200, "<html>Sign in</html>", "Content-Type", "text/html"));

        assertSentence(
                () -> resolve("1.4.0"),
                "Registry '" + server.host()
                        + "' returned text/html for /v2/shop/api/tags/list, which is not JSON: check"
                        + " that its address is the registry's own, not a login page or proxy.");
    }

    @Test
    void aMissingImageIsMissingEvenWhereTagsMayNotBeListed() {
        server.on("GET /v2/shop/api/tags/list", says(403, "{}"));

        assertThatThrownBy(() -> resolve("1.4.0"))
                .isInstanceOf(ImageMissingException.class)
                .hasMessage("There is no image '" + server.host() + "/shop/api:1.4.0' in its registry: push it first,"
                        + " or give a tag that exists.");
    }

    @Test
    void anImageOfTheOldestFormat() {
        server.on(
                HEAD,
                says(
                        200,
                        "",
                        "Content-Type",
                        "application/vnd.docker.distribution.manifest.v1+prettyjws",
                        "Docker-Content-Digest",
                        DIGEST));

        assertThatThrownBy(() -> resolve("1.4.0"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining(
                        "manifest.v1+prettyjws for '" + reference("1.4.0") + "', which is not an image manifest");
    }

    @Test
    void aRegistryWithoutDigestHeaderHasItsManifestsHashed() {
        server.on(HEAD, says(200, "", "Content-Type", MediaTypes.OCI_MANIFEST));
        server.on(GET, says(200, MANIFEST, "Content-Type", MediaTypes.OCI_MANIFEST));

        assertThat(resolve("1.4.0").digest()).isEqualTo(DIGEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain; charset=utf-8", "application/octet-stream"})
    void aManifestOfAGeneralTypeIsWhatItSaysItself(String type) {
        String manifest = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.OCI_INDEX + "\"}";
        server.on(HEAD, says(200, "", "Content-Type", type, "Docker-Content-Digest", DIGEST));
        server.on(GET, says(200, manifest, "Content-Type", type));

        assertThat(resolve("1.4.0").isIndex()).isTrue();
        assertThat(resolve("1.4.0").digest()).isEqualTo(Digests.sha256(manifest.getBytes(UTF_8)));
    }

    @Test
    void anotherImageThanTheOneAskedForByDigest() {
        server.on(
                "HEAD /v2/shop/api/manifests/" + OTHER_DIGEST,
                says(200, "", "Content-Type", MediaTypes.OCI_MANIFEST, "Docker-Content-Digest", DIGEST));
        ImageReference wanted = ImageReference.parse(server.host() + "/shop/api@" + OTHER_DIGEST);

        assertSentence(
                () -> registry.resolve(wanted),
                "Registry '" + server.host() + "' returned another image for '" + wanted + "', " + DIGEST
                        + ": do not use it until you know why.");
    }

    @Test
    void contentThatDoesNotHaveItsDigest() {
        server.on(
                "GET /v2/shop/api/manifests/" + OTHER_DIGEST,
                says(200, MANIFEST, "Content-Type", MediaTypes.OCI_MANIFEST));

        assertSentence(
                () -> registry.contents(details(OTHER_DIGEST)),
                "Registry '" + server.host() + "' returned content for " + OTHER_DIGEST + " of 'shop/api' that has"
                        + " another digest: do not use it until you know why.");
    }

    @Test
    void tagsAreReadPageByPageButNotFromAnotherHost() throws IOException {
        try (ScriptedServer other = ScriptedServer.start()) {
            AtomicInteger page = new AtomicInteger();
            server.on(
                    "GET /v2/shop/api/tags/list",
                    exchange -> (page.getAndIncrement() == 0
                                    ? says(
                                            200,
                                            "{\"tags\":[\"1.4.1\"]}",
                                            "Link",
                                            "</v2/shop/api/tags/list?last=1.4.1>; rel=\"next\"")
                                    : says(
                                            200,
                                            "{\"tags\":[\"1.4.2\"]}",
                                            "Link",
                                            "<" + other.base("http") + "/v2/shop/api/tags/list>; rel=\"next\""))
                            .answer(exchange));

            assertThatThrownBy(() -> resolve("1.4.0")).hasMessageContaining("such as 1.4.1, 1.4.2.");
            assertThat(other.requests()).isEmpty();
        }
    }

    /** Case 08: builders push an index of image and attestation for each platform; an entry needs no platform. */
    @Test
    void anIndexInsideTheIndexIsFollowed() {
        String image = image("2026-02-01T00:00:00Z");
        String attestation = "{\"config\":{\"digest\":\"" + OTHER_DIGEST + "\"}}";
        String inner = index(
                entry(attestation, MediaTypes.OCI_MANIFEST, "unknown", "unknown"),
                "{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST + "\",\"digest\":\"" + has(image) + "\"}");
        has(inner);

        ImageContents contents = contents(index(entry(inner, MediaTypes.OCI_INDEX, "linux", "amd64")));

        assertThat(contents.created()).isEqualTo("2026-02-01T00:00:00Z");
        assertThat(contents.revision()).contains("0a1b2c3");
    }

    @Test
    void anIndexIsKnownByWhatItHolds() {
        String inner = index(entry(image("2026-02-01T00:00:00Z"), MediaTypes.OCI_MANIFEST, "linux", "amd64"));
        has(image("2026-02-01T00:00:00Z"));
        has(inner);

        assertThat(created(index(entry(inner, MediaTypes.OCI_MANIFEST, "linux", "amd64"))))
                .isEqualTo("2026-02-01T00:00:00Z");
    }

    /** A mirror that copied one platform, and what is no image though it names no platform. */
    @Test
    void whatIsMissingOrNoImageIsPassedOverInAnIndex() {
        String signature = "{\"artifactType\":\"application/vnd.x\",\"config\":{\"mediaType\":"
                + "\"application/vnd.oci.empty.v1+json\",\"digest\":\"" + OTHER_DIGEST + "\"}}";
        String chart = "{\"config\":{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\",\"digest\":\""
                + OTHER_DIGEST + "\"}}";
        has(signature);
        has(chart);
        String image = image("2026-02-01T00:00:00Z");
        has(image);

        assertThat(created(index(
                        entry("{\"of\":\"another platform\"}", MediaTypes.OCI_MANIFEST, "linux", "s390x"),
                        entry(signature, MediaTypes.OCI_MANIFEST, "", ""),
                        entry(chart, MediaTypes.OCI_MANIFEST, "", ""),
                        entry(image, MediaTypes.OCI_MANIFEST, "linux", "arm64"))))
                .isEqualTo("2026-02-01T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "1980-01-01T00:00:01Z", "0001-01-01T00:00:00Z", "", "yesterday"})
    void anAnnotationSaysWhenAReproducibleBuildWas(String created) {
        String image = image(created)
                .replaceFirst(
                        "^\\{", "{\"annotations\":{\"org.opencontainers.image.created\":\"2026-02-03T00:00:00Z\"},");

        assertThat(created(image)).isEqualTo("2026-02-03T00:00:00Z");
    }

    /** Of an image whose manifest or index this is. */
    private ImageContents contents(String manifest) {
        String type = manifest.contains("\"manifests\"") ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
        return registry.contents(new ImageDetails(new ImageName(server.host(), "shop/api"), has(manifest), type, null));
    }

    private Instant created(String manifest) {
        return contents(manifest).created();
    }

    /** The manifest of an image whose configuration says when it was built. */
    private String image(String created) {
        String config = "{\"created\":\"" + created + "\",\"architecture\":\"amd64\",\"os\":\"linux\","
                + "\"config\":{\"Labels\":{\"org.opencontainers.image.revision\":\"0a1b2c3\"}}}";
        String digest = Digests.sha256(config.getBytes(UTF_8));
        server.on("GET /v2/shop/api/blobs/" + digest, says(200, config));
        return "{\"config\":{\"digest\":\"" + digest + "\"}}";
    }

    private String has(String manifest) {
        String digest = Digests.sha256(manifest.getBytes(UTF_8));
        server.on("GET /v2/shop/api/manifests/" + digest, says(200, manifest, "Content-Type", MediaTypes.OCI_MANIFEST));
        return digest;
    }

    private static String index(String... entries) {
        return "{\"manifests\":[" + String.join(",", entries) + "]}";
    }

    private static String entry(String manifest, String type, String os, String architecture) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"}}"
                .formatted(type, Digests.sha256(manifest.getBytes(UTF_8)), os, architecture);
    }
}
