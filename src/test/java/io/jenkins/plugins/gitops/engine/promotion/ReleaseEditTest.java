package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.FileChange;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseEditTest {

    private static final Map<String, String> REPOSITORIES =
            Map.of("api", "ghcr.io/acme/api", "worker", "ghcr.io/acme/worker");
    private static final String API = "images:\n- name: ghcr.io/acme/api\n  newTag: v1\n";
    private static final String WORKER = "images:\n- name: ghcr.io/acme/worker\n  newTag: v1\n";
    private static final String EMPTY = "resources:\n- ../base\n";

    private static Map<String, String> edited(Map<String, String> files, String... paths) {
        ReleaseEdit.Place place = new ReleaseEdit.Place(
                "shop/prod",
                Stream.of(paths)
                        .<ManifestFile>map(ManifestFile.Kustomization::new)
                        .toList(),
                REPOSITORIES);
        Map<String, Version> release = Map.of(
                "api",
                ImageReference.parse("ghcr.io/acme/api:v2"),
                "worker",
                ImageReference.parse("ghcr.io/acme/worker:v2"));
        Map<String, String> contents = new HashMap<>();
        new ReleaseEdit(new ManifestFiles())
                .apply(snapshot(files), List.of(place), release)
                .contents()
                .forEach((path, content) -> contents.put(path, new String(content, StandardCharsets.UTF_8)));
        return contents;
    }

    private static Snapshot snapshot(Map<String, String> files) {
        return new Snapshot(
                "c".repeat(40),
                path -> Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aKustomizationIsGivenOnlyTheImagesItHolds() {
        assertThat(edited(Map.of("api.yaml", API, "worker.yaml", WORKER), "api.yaml", "worker.yaml"))
                .containsOnly(
                        Map.entry("api.yaml", API.replace("v1", "v2")),
                        Map.entry("worker.yaml", WORKER.replace("v1", "v2")));
    }

    @Test
    void anImageThatNoFileHoldsGoesIntoTheFirstKustomization() {
        assertThat(edited(Map.of("base.yaml", EMPTY, "worker.yaml", WORKER), "base.yaml", "worker.yaml"))
                .containsOnly(
                        Map.entry("base.yaml", EMPTY + API.replace("v1", "v2")),
                        Map.entry("worker.yaml", WORKER.replace("v1", "v2")));
    }

    @Test
    void aMirrorStaysInTheEnvironmentThatPullsFromIt() {
        String mirrored = API.replace("  newTag: v1", "  newName: mirror.dev/acme/api\n  newTag: v1");
        ReleaseEdit.Place dev =
                new ReleaseEdit.Place("shop/dev", List.of(new ManifestFile.Kustomization("dev.yaml")), REPOSITORIES);

        Map<String, Version> release =
                new ReleaseEdit(new ManifestFiles()).images(snapshot(Map.of("dev.yaml", mirrored)), dev);

        assertThat(release).containsOnly(Map.entry("api", ImageReference.parse("ghcr.io/acme/api:v1")));
    }

    private static Map<String, String> promoted(Map<String, String> files, ManifestFile file) {
        ReleaseEdit.Place place = new ReleaseEdit.Place("shop/prod", List.of(file), REPOSITORIES);
        Map<String, String> contents = new HashMap<>();
        new ReleaseEdit(new ManifestFiles())
                .apply(snapshot(files), List.of(place), Map.of("api", ImageReference.parse("ghcr.io/acme/api:v2")))
                .contents()
                .forEach((path, content) -> contents.put(path, new String(content, StandardCharsets.UTF_8)));
        return contents;
    }

    @Test
    void anEntryThatNoBaseUsesIsNotAdded() {
        Map<String, String> files = Map.of(
                "prod/kustomization.yaml", "resources:\n- ../base\n",
                "base/kustomization.yaml", "resources: [deployment.yaml]\n",
                "base/deployment.yaml", "spec: {containers: [{image: web}]}\n");

        assertThatThrownBy(() -> promoted(files, new ManifestFile.Kustomization("prod/kustomization.yaml")))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("prod/kustomization.yaml:1:1: no resource of this kustomization has the image"
                        + " ghcr.io/acme/api, so that an entry for it would change nothing; use this name in"
                        + " the base, or declare the name that is there.");
    }

    /** What stands in a base, and whether the overlay's entry of that name changes it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ghcr.io/acme/api   |                  | image: ghcr.io/acme/api:v0                | true
        ghcr.io/acme/api   |                  | {"image":"ghcr.io/acme/api"}              | true
        ghcr.io/acme/api   |                  | image: &i ghcr.io/acme/api@sha256:0       | true
        ghcr.io/acme/api   |                  | image: ghcr.io/acme/api-gateway:v0        | false
        ghcr.io/acme/api   |                  | image: mirror.ghcr.io/acme/api:v0         | false
        ghcr.io/acme/api   |                  | image: acme/api:v0                        | false
        ghcr.io/acme/api   |                  | image: ghcr.io/acme/api/worker:v0         | false
        api                | ghcr.io/acme/api | image: api                                | true
        api                | ghcr.io/acme/api | runnerImage: 'api:v0'                     | true
        api                | ghcr.io/acme/api | value: api:v0                             | true
        api                | ghcr.io/acme/api | image: *shared                            | true
        api                | ghcr.io/acme/api | {labels: {app: api}, image: shop-api:v0}  | false
        api                | ghcr.io/acme/api | image: ghcr.io/acme/api:v0                | false
        """)
    void anEntryIsWrittenOnlyIfABaseHasItsName(String name, String newName, String base, boolean used) {
        Map<String, String> files = Map.of(
                "prod/kustomization.yaml",
                "resources:\n- ../base\nimages:\n- name: " + name + "\n"
                        + (newName == null ? "" : "  newName: " + newName + "\n") + "  newTag: v1\n",
                "base/kustomization.yml",
                "resources: [deployment.yaml]\n",
                "base/deployment.yaml",
                base + "\n");
        ManifestFile file = new ManifestFile.Kustomization("prod/kustomization.yaml");

        if (used) {
            assertThat(promoted(files, file)).containsOnlyKeys("prod/kustomization.yaml");
        } else {
            assertThatThrownBy(() -> promoted(files, file))
                    .isInstanceOf(EditRefusedException.class)
                    .hasMessage("prod/kustomization.yaml:4:3: no resource of this kustomization has the image " + name
                            + ", so that this entry changes nothing; give the entry the image's name in the base, or"
                            + " remove it.");
        }
    }

    /** What may bring the image in from elsewhere. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "resources: [https://github.com/acme/base?ref=v1]",
                "resources: [github.com/acme/base]",
                "resources: [missing.yaml]",
                "resources: [../../outside]",
                "resources: [other.yaml]\nhelmCharts: [{name: shop}]",
                "resources: [other.yaml]\ngenerators: [g.yaml]",
                "resources: [other.yaml]\nreplacements: [{path: r.yaml}]",
                "resources: [other.yaml]\npatches: [{patch: \"- {op: add, value: ghcr.io/acme/api:v0}\"}]",
                "resources: [broken]",
                "resources: [renaming]"
            })
    void anEntryWhoseBaseIsNotKnownIsWritten(String kustomization) {
        Map<String, String> files = Map.of(
                "kustomization.yaml", kustomization + "\n" + API,
                "other.yaml", "image: web:v0\n",
                "broken/kustomization.yaml", "a: [\n",
                "renaming/kustomization.yaml",
                        "resources: [../other.yaml]\nimages: [{name: web, newName: ghcr.io/acme/api}]\n");

        assertThat(promoted(files, new ManifestFile.Kustomization("kustomization.yaml")))
                .containsOnly(Map.entry("kustomization.yaml", kustomization + "\n" + API.replace("v1", "v2")));
    }

    @Test
    void anEntryThatABaseUsesIsAdded() {
        Map<String, String> files = Map.of(
                "prod/kustomization.yaml", "resources:\n- ../base\n",
                "base/kustomization.yaml", "resources: [deployment.yaml]\n",
                "base/deployment.yaml", "spec: {containers: [{image: 'ghcr.io/acme/api:v1'}]}\n");

        assertThat(promoted(files, new ManifestFile.Kustomization("prod/kustomization.yaml")))
                .containsOnly(
                        Map.entry("prod/kustomization.yaml", "resources:\n- ../base\n" + API.replace("v1", "v2")));
    }

    @Test
    void anImageUnderAnotherKeyIsNamedWithItsLine() {
        assertThatThrownBy(() -> promoted(
                        Map.of("m.yaml", "spec:\n  env:\n  - name: IMAGE\n    value: ghcr.io/acme/api:v1\n"),
                        new ManifestFile.KubernetesManifest("m.yaml")))
                .isInstanceOf(RefusedException.class)
                .hasMessage("The image 'api' (ghcr.io/acme/api) is under no key 'image' of m.yaml, but at"
                        + " spec.env[0].value (line 4): declare the file under 'values' with that path.");
    }

    @Test
    void anImageThatIsNotReleasedNeedNotBeReadable() {
        ManifestFile values = new ManifestFile.HelmValues("v.yaml", Map.of("api", "api.tag", "worker", "worker.tag"));

        assertThat(promoted(Map.of("v.yaml", "api: {tag: v1}\nworker: {tag: '{{ x }}'}\n"), values))
                .containsOnly(Map.entry("v.yaml", "api: {tag: v2}\nworker: {tag: '{{ x }}'}\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void theLinesOfAChangeHaveNoEnd(String end) {
        ReleaseEdit.Outcome outcome = new ReleaseEdit.Outcome(
                Map.of("values.yaml", bytes("a: 1", "b: 3", end)),
                Map.of("values.yaml", bytes("a: 1", "b: 2", end)),
                Map.of(),
                List.of());

        assertThat(outcome.files().get(0).lines())
                .containsExactly(
                        new FileChange.Line(FileChange.Kind.REMOVED, 2, "b: 2"),
                        new FileChange.Line(FileChange.Kind.ADDED, 2, "b: 3"));
    }

    private static byte[] bytes(String first, String second, String end) {
        return (first + end + second + end).getBytes(StandardCharsets.UTF_8);
    }
}
