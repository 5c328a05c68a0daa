package io.jenkins.plugins.gitops.engine.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.Work;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the edit of a file costs, by what is allocated and not by a clock: a busy or slow machine does not count. */
class EditWorkTest {

    private static final int PATHS = 38;

    @Test
    void manyPathsOfOneFileCostOneParse() {
        Map<String, String> paths = new TreeMap<>();
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < PATHS; i++) {
            paths.put("s" + i, "s" + i + ".image");
            file.append("s%d:%n  replicas: 2%n  image:%n    repository: ghcr.io/acme/s%d%n    tag: \"1.0\"%n"
                    .formatted(i, i));
        }
        long one = edited(file.toString(), Map.of("s0", "s0.image"));

        assertThat(edited(file.toString(), paths)).isLessThan(4 * one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", ""})
    void aLongLineCostsWorkByItsLength(String quote) {
        assertThat(edited(withLine(quote, 4_000_000), Map.of("a", "a")))
                .isLessThan(6 * edited(withLine(quote, 1_000_000), Map.of("a", "a")));
    }

    private static String withLine(String quote, int length) {
        return "a: { repository: ghcr.io/acme/a, tag: \"1.0\" }\nblob: " + quote + "x".repeat(length) + quote + "\n";
    }

    /** Bytes allocated while each image goes from 1.0 to 2.0. */
    private static long edited(String file, Map<String, String> paths) {
        Map<String, String> repositories = new TreeMap<>();
        Map<String, Version> release = new TreeMap<>();
        paths.keySet().forEach(name -> {
            repositories.put(name, "ghcr.io/acme/" + name);
            release.put(name, ImageReference.parse("ghcr.io/acme/" + name + ":2.0"));
        });
        ReleaseEdit.Place place =
                new ReleaseEdit.Place("shop/prod", List.of(new ManifestFile.HelmValues("v.yaml", paths)), repositories);
        byte[] content = file.getBytes(StandardCharsets.UTF_8);
        return Work.allocated(() -> assertThat(new ReleaseEdit(new ManifestFiles())
                        .apply(
                                new Snapshot("c".repeat(40), path -> Optional.of(content.clone())),
                                List.of(place),
                                release)
                        .contents())
                .hasSize(1));
    }
}
