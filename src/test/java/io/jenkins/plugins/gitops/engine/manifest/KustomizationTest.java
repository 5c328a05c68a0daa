package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KustomizationTest {

    private static final String API = "ghcr.io/acme/api";
    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final ManifestFile FILE = new ManifestFile.Kustomization("prod/kustomization.yaml");
    private static final Map<String, String> REPOSITORIES = Map.of("api", API);

    private final ManifestFiles editor = new ManifestFiles();

    private String write(String content, String version) {
        return new String(
                editor.write(
                        FILE,
                        content.getBytes(StandardCharsets.UTF_8),
                        REPOSITORIES,
                        Map.of("api", ImageReference.parse(API, version))),
                StandardCharsets.UTF_8);
    }

    private Map<String, Version> images(String content) {
        return editor.images(FILE, content.getBytes(StandardCharsets.UTF_8), REPOSITORIES);
    }

    @Test
    void theTagOfTheMatchingEntryIsReplaced() {
        assertThat(write("""
            # prod
            resources:
              - ../base   # shared

            images:
              - name: ghcr.io/acme/other
                newTag: 1.0.0
              - name: ghcr.io/acme/api
                newTag: 1.0.0 # {"$imagepolicy": "shop:api:tag"}
            """, "1.1.0")).isEqualTo("""
                # prod
                resources:
                  - ../base   # shared

                images:
                  - name: ghcr.io/acme/other
                    newTag: 1.0.0
                  - name: ghcr.io/acme/api
                    newTag: 1.1.0 # {"$imagepolicy": "shop:api:tag"}
                """);
    }

    @Test
    void aTagThatLooksLikeANumberIsQuoted() {
        assertThat(write("images:\n- name: ghcr.io/acme/api\n  newTag: v1\n", "1.20"))
                .isEqualTo("images:\n- name: ghcr.io/acme/api\n  newTag: \"1.20\"\n");
    }

    @Test
    void aDigestIsAddedBesideTheTag() {
        assertThat(write("images:\n- name: ghcr.io/acme/api\n  newTag: v1\n", "v2@" + DIGEST))
                .isEqualTo("images:\n- name: ghcr.io/acme/api\n  newTag: v2\n  digest: " + DIGEST + "\n");
    }

    @Test
    void aDigestAloneReplacesTheTag() {
        assertThat(write("images:\n- name: ghcr.io/acme/api\n  newTag: v1\n", DIGEST))
                .isEqualTo("images:\n- name: ghcr.io/acme/api\n  digest: " + DIGEST + "\n");
    }

    @Test
    void aTagAloneTakesTheStaleDigestAway() {
        assertThat(write("images:\n- digest: " + DIGEST + "\n  name: ghcr.io/acme/api\n", "v2"))
                .isEqualTo("images:\n- name: ghcr.io/acme/api\n  newTag: v2\n");
    }

    @Test
    void aMissingEntryIsAppendedInTheListsOwnIndentation() {
        assertThat(write("images:\n  - name: ghcr.io/acme/other\n    newTag: v1", "v2"))
                .isEqualTo("images:\n"
                        + "  - name: ghcr.io/acme/other\n"
                        + "    newTag: v1\n"
                        + "  - name: ghcr.io/acme/api\n"
                        + "    newTag: v2");
    }

    @Test
    void aMissingBlockIsAppendedLikeTheOtherLists() {
        assertThat(write("resources:\r\n  - a.yaml\r\n", "v2"))
                .isEqualTo("resources:\r\n  - a.yaml\r\nimages:\r\n  - name: ghcr.io/acme/api\r\n    newTag: v2\r\n");
    }

    @Test
    void anEmptyListIsFilled() {
        assertThat(write("images: []\n", "v2")).isEqualTo("images: [{name: ghcr.io/acme/api, newTag: v2}]\n");
    }

    @Test
    void anEmptyKeyIsFilled() {
        assertThat(write("images: # none yet\n", "v2"))
                .isEqualTo("images: # none yet\n- name: ghcr.io/acme/api\n  newTag: v2\n");
    }

    @Test
    void anEmptyFileIsBegun() {
        assertThat(write("# nothing yet\n", "v2"))
                .isEqualTo("# nothing yet\nimages:\n- name: ghcr.io/acme/api\n  newTag: v2\n");
    }

    @Test
    void jsonStaysJson() {
        assertThat(write("{\"images\":[{\"name\":\"ghcr.io/acme/api\",\"newTag\":\"v1\"}]}", "v2@" + DIGEST))
                .isEqualTo("{\"images\":[{\"name\":\"ghcr.io/acme/api\",\"newTag\":\"v2\",\"digest\":\"" + DIGEST
                        + "\"}]}");
    }

    @Test
    void theImageIsReadBack() {
        assertThat(images("images:\n- name: api\n  newName: ghcr.io/acme/api\n  newTag: '1.20'\n"))
                .containsOnly(Map.entry("api", new ImageReference(API, "1.20", null)));
    }

    @Test
    void twoEntriesOfOneNameAreRefused() {
        assertThatThrownBy(() -> write("""
            images:
            - name: ghcr.io/acme/api
              newTag: v1
            - name: ghcr.io/acme/api
              newTag: v1
            """, "v2"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("prod/kustomization.yaml:4:3: a second entry for the image ghcr.io/acme/api, the first is"
                        + " on line 2; remove one.");
    }
}
