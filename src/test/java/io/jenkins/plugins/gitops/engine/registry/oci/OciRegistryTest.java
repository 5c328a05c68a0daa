package io.jenkins.plugins.gitops.engine.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.registry.ImageContents;
import io.jenkins.plugins.gitops.engine.registry.ImageDetails;
import io.jenkins.plugins.gitops.engine.registry.ImageMissingException;
import io.jenkins.plugins.gitops.engine.registry.MediaTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Debian's docker-registry, filled with images that the tests push. */
class OciRegistryTest {

    private static final String NO_LABELS = "null";

    private static DebianRegistry server;
    private static ImagePusher pusher;

    private final OciRegistry registry = new RegistryUnderTest().at(server.base(), Optional.empty());

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        DebianRegistry.assumeInstalled();
        server = DebianRegistry.plain(directory);
        pusher = new ImagePusher(server.base(), "");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aTagIsResolvedToItsDigestWithOneRequest() {
        String digest = push("one/api", "1.4.0", MediaTypes.OCI_MANIFEST);
        int before = server.reads().size();

        ImageDetails image = registry.resolve(reference("one/api:1.4.0"));

        assertThat(image.digest()).isEqualTo(digest);
        assertThat(image.mediaType()).isEqualTo(MediaTypes.OCI_MANIFEST);
        assertThat(image.name().path()).isEqualTo("one/api");
        assertThat(server.reads()).hasSize(before + 1).endsWith("HEAD /v2/one/api/manifests/1.4.0 200");
    }

    @Test
    void aDockerManifestIsResolvedToo() {
        String digest = push("docker/api", "1.4.0", MediaTypes.DOCKER_MANIFEST);

        ImageDetails image = registry.resolve(reference("docker/api:1.4.0"));

        assertThat(image.digest()).isEqualTo(digest);
        assertThat(image.mediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST);
    }

    @Test
    void aDigestIsResolvedToItselfWhateverItsTagNames() {
        String first = push("moved/api", "1.4.0", MediaTypes.OCI_MANIFEST);
        String second = push("moved/api", "1.4.0", MediaTypes.DOCKER_MANIFEST);

        assertThat(registry.resolve(reference("moved/api:1.4.0@" + first)).digest())
                .isEqualTo(first);
        assertThat(registry.resolve(reference("moved/api:1.4.0")).digest())
                .as("the tag as it was moved")
                .isEqualTo(second);
    }

    @Test
    void labelsAndAnnotationsNameTheSourceOfAnImage() {
        pusher.image("labelled/api", "1.4.0", MediaTypes.OCI_MANIFEST, ImagePusher.config("amd64", """
            {"org.opencontainers.image.revision":"0a1b2c3","maintainer":"shop"}\
            """), """
            {"org.opencontainers.image.source":"https://git.example/shop"}\
            """);

        ImageContents contents = registry.contents(registry.resolve(reference("labelled/api:1.4.0")));

        assertThat(contents.revision()).contains("0a1b2c3");
        assertThat(contents.labels())
                .containsEntry("org.opencontainers.image.source", "https://git.example/shop")
                .containsEntry("maintainer", "shop");
        assertThat(contents.created()).isEqualTo(Instant.parse("2026-08-01T12:00:00.5Z"));
    }

    @Test
    void anIndexIsReadFromItsFirstImageThatRuns() {
        String amd = pusher.image(
                "multi/api",
                "amd",
                MediaTypes.OCI_MANIFEST,
                ImagePusher.config("amd64", "{\"of\":\"amd64\",\"org.opencontainers.image.revision\":\"fffffff\"}"),
                "");
        String arm =
                pusher.image("multi/api", "arm", MediaTypes.OCI_MANIFEST, ImagePusher.config("arm64", NO_LABELS), "");
        String attestation = pusher.image(
                "multi/api",
                "att",
                MediaTypes.OCI_MANIFEST,
                ImagePusher.config("unknown", "{\"of\":\"attestation\"}"),
                "");
        String index = pusher.index(
                "multi/api",
                "1.4.0",
                MediaTypes.OCI_INDEX,
                """
                {"org.opencontainers.image.revision":"0a1b2c3"}\
                """,
                "unknown/unknown " + attestation,
                "linux/amd64 " + amd,
                "linux/arm64 " + arm);

        ImageDetails image = registry.resolve(reference("multi/api:1.4.0"));
        ImageContents contents = registry.contents(image);

        assertThat(image.digest()).isEqualTo(index);
        assertThat(image.isIndex()).isTrue();
        assertThat(contents.labels()).containsEntry("of", "amd64");
        assertThat(contents.revision()).as("the index's own goes first").contains("0a1b2c3");
    }

    @Test
    void aDockerManifestListIsAnIndexToo() {
        String amd = push("list/api", "amd", MediaTypes.DOCKER_MANIFEST);
        pusher.index("list/api", "1.4.0", MediaTypes.DOCKER_LIST, "{}", "linux/amd64 " + amd);

        assertThat(registry.resolve(reference("list/api:1.4.0")).isIndex()).isTrue();
    }

    @Test
    void aMissingTagNamesTheNearestOnes() {
        push("near/api", "1.4.0", MediaTypes.OCI_MANIFEST);
        push("near/api", "1.4.1", MediaTypes.OCI_MANIFEST);
        push("near/api", "nightly-2026-08-01", MediaTypes.OCI_MANIFEST);

        assertThatThrownBy(() -> registry.resolve(reference("near/api:1.4.2")))
                .isInstanceOf(ImageMissingException.class)
                .hasMessage("There is no image '" + server.host() + "/near/api:1.4.2' in its registry: push it first,"
                        + " or give a tag that exists, such as 1.4.0, 1.4.1.");
    }

    @Test
    void aMissingRepositoryIsToldFromAMissingTag() {
        assertThatThrownBy(() -> registry.resolve(reference("never/pushed:1.4.0")))
                .isInstanceOf(ImageMissingException.class)
                .hasMessage("There is no repository '" + server.host() + "/never/pushed' in its registry: check the"
                        + " name in gitops.yaml, or push the image first.");
    }

    @Test
    void aDeletedImageIsMissing() {
        String digest = push("deleted/api", "1.4.0", MediaTypes.OCI_MANIFEST);
        pusher.delete("deleted/api", digest);

        assertThatThrownBy(() -> registry.resolve(reference("deleted/api@" + digest)))
                .isInstanceOf(ImageMissingException.class)
                .hasMessageContaining("deleted/api@" + digest);
        assertThatThrownBy(() -> registry.resolve(reference("deleted/api:1.4.0")))
                .isInstanceOf(ImageMissingException.class);
    }

    private static String push(String repository, String tag, String mediaType) {
        return pusher.image(repository, tag, mediaType, ImagePusher.config("amd64", NO_LABELS), "");
    }

    private static ImageReference reference(String text) {
        return ImageReference.parse(server.host() + "/" + text);
    }
}
