package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Several images that hang together by anchors: they move together or not at all. */
class SharedValuesTest {

    private static final Map<String, String> REPOSITORIES =
            Map.of("api", "ghcr.io/acme/api", "worker", "ghcr.io/acme/worker");
    private static final ManifestFile KUSTOMIZATION = new ManifestFile.Kustomization("k.yaml");
    private static final ManifestFile MANIFEST = new ManifestFile.KubernetesManifest("m.yaml");
    private static final ManifestFile VALUES =
            new ManifestFile.HelmValues("v.yaml", Map.of("api", "api.image", "worker", "worker.image"));

    private static String write(ManifestFile file, String content, String... tags) {
        Map<String, Version> release = new TreeMap<>();
        for (String tag : tags) {
            String[] parts = tag.split("=");
            release.put(parts[0], ImageReference.parse(REPOSITORIES.get(parts[0]), parts[1]));
        }
        return new String(
                new ManifestFiles().write(file, content.getBytes(StandardCharsets.UTF_8), REPOSITORIES, release),
                StandardCharsets.UTF_8);
    }

    private static final String ONE_TAG_FOR_TWO = """
        images:
        - name: ghcr.io/acme/worker
          newTag: &tag v1
        - name: ghcr.io/acme/api
          newTag: *tag
        """;

    @Test
    void entriesOfOneTagMoveTogether() {
        assertThat(write(KUSTOMIZATION, ONE_TAG_FOR_TWO, "api=v2", "worker=v2"))
                .isEqualTo(ONE_TAG_FOR_TWO.replace("v1", "v2"));
    }

    @Test
    void anEntryDoesNotTakeAnotherOneAlong() {
        assertThatThrownBy(() -> write(KUSTOMIZATION, ONE_TAG_FOR_TWO, "worker=v2"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("k.yaml:4:3: this image (name ghcr.io/acme/api, newTag v1) shares its value through an"
                        + " anchor and would change too; write its value out, or release both.");
    }

    @Test
    void entriesOfOneTagDoNotGoDifferentWays() {
        assertThatThrownBy(() -> write(KUSTOMIZATION, ONE_TAG_FOR_TWO, "api=v3", "worker=v2"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageContaining("k.yaml:5:11: 'newTag' is the alias *tag of a value on line 3");
    }

    @Test
    void aMergedEntryDoesNotTakeAnotherOneAlong() {
        assertThatThrownBy(() -> write(KUSTOMIZATION, """
            images:
            - &base
              name: ghcr.io/acme/api
              newTag: v1
            - <<: *base
              name: ghcr.io/acme/worker
            """, "api=v2"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageContaining("this image (name ghcr.io/acme/worker, newTag v1) shares its value");
    }

    @Test
    void containersOfOneImageMoveWithTheirAnchor() {
        assertThat(write(MANIFEST, """
            spec:
              initContainers:
              - image: &image ghcr.io/acme/api:v1
              containers:
              - image: *image
            """, "api=v2")).isEqualTo("""
                spec:
                  initContainers:
                  - image: &image ghcr.io/acme/api:v2
                  containers:
                  - image: *image
                """);
    }

    @Test
    void mapsOfOneAnchorMoveTogether() {
        String values = """
            shared: &image {tag: v1}
            api: {image: *image}
            worker:
              image:
                <<: *image
                pullPolicy: Always
            """;
        assertThat(write(VALUES, values, "api=v2", "worker=v2")).isEqualTo(values.replace("v1", "v2"));
        assertThatThrownBy(() -> write(VALUES, values, "api=v2")).isInstanceOf(EditRefusedException.class);
        assertThatThrownBy(() -> write(VALUES, values, "api=v2", "worker=v3")).isInstanceOf(EditRefusedException.class);
    }

    @Test
    void anAnchorInOneImageDoesNotTakeAnotherOneAlong() {
        assertThatThrownBy(() -> write(VALUES, """
            api: {image: {tag: &tag v1}}
            worker: {image: {tag: *tag}}
            """, "api=v2"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage(
                        "v.yaml:2:17: this image (worker: ghcr.io/acme/worker:v1) shares its value through an anchor"
                                + " and would change too; write its value out, or release both.");
    }
}
