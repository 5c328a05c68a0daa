package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An environment that pulls an image from a repository of its own. */
class OwnRepositoriesTest {

    private static final ImageReference RELEASE = ImageReference.parse("ghcr.io/acme/api:v2");

    /** A line break is written as a slash. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        kustomization | resources: [x] / images: / - name: ghcr.io/acme/api /   newTag: v1 | resources: [x] / images: / - name: ghcr.io/acme/api /   newName: reg.prod/acme/api /   newTag: v2
        kustomization | images: / - name: api /   newName: reg.prod/acme/api /   newTag: v1 | images: / - name: api /   newName: reg.prod/acme/api /   newTag: v2
        kustomization | images: [] | images: [{name: ghcr.io/acme/api, newName: reg.prod/acme/api, newTag: v2}]
        manifests | kind: Pod / spec: {containers: [{image: 'reg.prod/acme/api:v1'}]} | kind: Pod / spec: {containers: [{image: 'reg.prod/acme/api:v2'}]}
        values | image: {repository: reg.prod/acme/api, tag: v1} | image: {repository: reg.prod/acme/api, tag: v2}
        values | image: {registry: reg.prod, repository: acme/api, tag: v1} | image: {registry: reg.prod, repository: acme/api, tag: v2}
        """)
    void itsRepositoryIsWrittenAndTheDeclaredOneIsRead(String kind, String before, String after) {
        ManifestFile file =
                switch (kind) {
                    case "kustomization" -> new ManifestFile.Kustomization("f.yaml");
                    case "manifests" -> new ManifestFile.KubernetesManifest("f.yaml");
                    default -> new ManifestFile.HelmValues("f.yaml", Map.of("api", "image"));
                };
        ReleaseEdit.Place place = new ReleaseEdit.Place(
                "shop/prod",
                List.of(file),
                Map.of("api", "ghcr.io/acme/api"),
                Map.of("api", "reg.prod/acme/api"),
                null);
        ReleaseEdit edit = new ReleaseEdit(new ManifestFiles());

        byte[] edited = edit.apply(snapshot(before), List.of(place), Map.of("api", RELEASE))
                .contents()
                .get("f.yaml");

        assertThat(new String(edited, StandardCharsets.UTF_8)).isEqualTo(text(after));
        assertThat(edit.images(snapshot(after), place)).isEqualTo(Map.of("api", RELEASE));
        assertThat(edit.apply(snapshot(after), List.of(place), Map.of("api", RELEASE))
                        .isEmpty())
                .isTrue();
    }

    private static String text(String written) {
        return written.replace(" / ", "\n") + "\n";
    }

    private static Snapshot snapshot(String file) {
        return new Snapshot(
                "c".repeat(40),
                path -> path.equals("f.yaml")
                        ? Optional.of(text(file).getBytes(StandardCharsets.UTF_8))
                        : Optional.empty());
    }
}
