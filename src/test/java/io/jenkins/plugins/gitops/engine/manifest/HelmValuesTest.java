package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelmValuesTest {

    private static final String API = "ghcr.io/acme/api";
    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    private final ManifestFiles editor = new ManifestFiles();

    private String write(String content, String path, String version) {
        return new String(
                editor.write(
                        new ManifestFile.HelmValues("values.yaml", Map.of("api", path)),
                        content.getBytes(StandardCharsets.UTF_8),
                        Map.of("api", API),
                        Map.of("api", ImageReference.parse(API, version))),
                StandardCharsets.UTF_8);
    }

    @Test
    void theTagOfAMapIsReplaced() {
        assertThat(write("""
            api:
              image:
                registry: ghcr.io
                repository: acme/api
                tag: "1.0"   # the API
                digest: ""
            """, "api.image", "1.1")).isEqualTo("""
                api:
                  image:
                    registry: ghcr.io
                    repository: acme/api
                    tag: "1.1"   # the API
                    digest: ""
                """);
    }

    @Test
    void aStaleDigestIsEmptied() {
        assertThat(write("image:\n  tag: v1\n  digest: " + DIGEST + "\n", "image", "v2"))
                .isEqualTo("image:\n  tag: v2\n  digest: \"\"\n");
    }

    @Test
    void aMissingDigestIsInsertedBehindTheTag() {
        assertThat(write(
                        "image: {repository: ghcr.io/acme/api, tag: v1, pullPolicy: Always}\n",
                        "image",
                        "v2@" + DIGEST))
                .isEqualTo("image: {repository: ghcr.io/acme/api, tag: v2, digest: \"" + DIGEST
                        + "\", pullPolicy: Always}\n");
    }

    @Test
    void anImageInOneStringIsReplaced() {
        assertThat(write("image: 'ghcr.io/acme/api:v1'\n", "image", "v2")).isEqualTo("image: 'ghcr.io/acme/api:v2'\n");
    }

    /** A pull-through cache, and registries that take no folders. */
    @ParameterizedTest
    @CsvSource({
        "ghcr.io/acme/api, harbor.example/proxy/acme/api",
        "ghcr.io/acme/api, registry.example/mirror/acme-api",
        "ghcr.io/acme/api, registry.example/ghcr.io-acme-api",
        "ghcr.io/acme/api, registry.example/mirror/ghcr-io-acme-api",
        "ghcr.io/acme/api, registry.example/ghcr_io__acme__api",
        "redis, registry.example/mirror/redis",
        "redis, registry.example/mirror/docker-io-redis",
        "docker.io/library/redis, registry.example/docker-io-library-redis",
        "localhost:5000/acme/api, registry.example/localhost-5000-acme-api"
    })
    void aMirrorStaysHoweverItFlattensNames(String declared, String mirror) {
        String values = "api: {image: '" + mirror + ":v1'}\nother: {repository: " + mirror + ", tag: v1}\n";

        assertThat(writeDeclared(values, "api.image", declared)).isEqualTo(values.replaceFirst("v1", "v2"));
        assertThat(writeDeclared(values, "other.tag", declared)).isEqualTo(values.replaceFirst("tag: v1", "tag: v2"));
    }

    @ParameterizedTest
    @CsvSource({
        "ghcr.io/acme/api, registry.example/mirror/evil-acme-api",
        "ghcr.io/acme/api, registry.example/mirror/other-api",
        "ghcr.io/acme/api, registry.example/quay-io-acme-api",
        "redis, registry.example/mirror/bitnami-redis"
    })
    void anotherImageThatEndsAlikeIsNoMirror(String declared, String other) {
        assertThatThrownBy(() -> writeDeclared("other: {repository: " + other + ", tag: v1}\n", "other.tag", declared))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageContaining("is the version of another image, " + other);
    }

    private String writeDeclared(String content, String path, String declared) {
        return new String(
                editor.write(
                        new ManifestFile.HelmValues("values.yaml", Map.of("api", path)),
                        content.getBytes(StandardCharsets.UTF_8),
                        Map.of("api", declared),
                        Map.of("api", ImageReference.parse(declared, "v2"))),
                StandardCharsets.UTF_8);
    }

    @Test
    void aTagByItselfIsReplaced() {
        assertThat(write("api:\n  tag:\n", "api.tag", "v2")).isEqualTo("api:\n  tag: v2\n");
    }

    @Test
    void aMergedMapIsEditedWhereItStands() {
        assertThat(write("""
            base: &image
              repository: ghcr.io/acme/api
              tag: v1
            api:
              image:
                <<: *image
                pullPolicy: Always
            """, "api.image", "v2")).isEqualTo("""
                base: &image
                  repository: ghcr.io/acme/api
                  tag: v2
                api:
                  image:
                    <<: *image
                    pullPolicy: Always
                """);
    }

    @Test
    void aMergedMapThatAnotherKeyReadsIsRefused() {
        assertThatThrownBy(() -> write("""
            base: &image
              tag: v1
            api:
              image:
                <<: *image
            worker:
              image: *image
            """, "api.image", "v2"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("values.yaml:5:9: 'api.image' is read through the alias *image, and so is line 7, which"
                        + " would change too; write the value out here, or name the place on line 1 to move both.");
    }

    @Test
    void aTagThatIsAnAliasIsRefused() {
        assertThatThrownBy(() -> write("version: &v v1\nimage:\n  tag: *v\n", "image", "v2"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("values.yaml:3:8: 'tag' is the alias *v of a value on line 1 that would change too; write"
                        + " the value out, or name that place instead.");
    }

    @Test
    void aMissingPathIsRefusedWithWhatIsThere() {
        assertThatThrownBy(() -> write("api:\n  replicas: 1\n  service: {}\n", "api.image", "v2"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("values.yaml:2:3: there is no 'api.image': 'api' is a map of replicas, service; correct the"
                        + " path or add the key.");
    }

    @Test
    void aRefusalRepeatsLittleOfTheFile() {
        String keys = IntStream.range(0, 30)
                .mapToObj(i -> "k" + i + "x".repeat(55) + ": 1\n")
                .collect(Collectors.joining());

        assertThatThrownBy(() -> write(keys, "image", "v2"))
                .hasMessageContaining("the file holds a map of k0xxx")
                .hasMessageEndingWith("; correct the path or add the key.")
                .satisfies(e -> assertThat(
                                e.getMessage().chars().filter(c -> c == 'x').count())
                        .isLessThan(300));
    }

    /** Not among the fixtures: the readers of Java that judge those do not read such files. */
    @Test
    void whatTheEditDoesNotTouchNeedNotBeWellWritten() {
        String twice = "API_DOCKER_TAG: \"e2c8139\"\nGUNICORN_WORKERS: \"4\"\nGUNICORN_WORKERS: \"8\"\n";
        assertThat(write(twice, "API_DOCKER_TAG", "f2c8139")).isEqualTo(twice.replace("e2c8139", "f2c8139"));
        String tab = "a:\tb\nimage:\n  tag: v1\t# why\n";
        assertThat(write(tab, "image", "v2")).isEqualTo(tab.replace("v1", "v2"));
    }

    @Test
    void aTabBetweenKeyAndValueStays() {
        assertThat(write("image:\n  tag:\tv1\n", "image", "v2")).isEqualTo("image:\n  tag:\tv2\n");
    }
}
