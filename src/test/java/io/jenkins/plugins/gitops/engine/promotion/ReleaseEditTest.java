package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
        Map<String, ImageReference> release = Map.of(
                "api",
                ImageReference.parse("ghcr.io/acme/api:v2"),
                "worker",
                ImageReference.parse("ghcr.io/acme/worker:v2"));
        Map<String, String> contents = new HashMap<>();
        new ReleaseEdit(new ManifestFiles())
                .apply(new Files(files), List.of(place), release)
                .contents()
                .forEach((path, content) -> contents.put(path, new String(content, StandardCharsets.UTF_8)));
        return contents;
    }

    private record Files(Map<String, String> files) implements Snapshot {
        @Override
        public String commit() {
            return "c".repeat(40);
        }

        @Override
        public Optional<byte[]> file(String path) {
            return Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8));
        }
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

        Map<String, ImageReference> release =
                new ReleaseEdit(new ManifestFiles()).images(new Files(Map.of("dev.yaml", mirrored)), dev);

        assertThat(release).containsOnly(Map.entry("api", ImageReference.parse("ghcr.io/acme/api:v1")));
    }
}
