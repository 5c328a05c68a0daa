package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KustomizationInputsTest {

    private final Map<String, String> files = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    private Optional<byte[]> file(String path) {
        asked.add(path);
        if (path.startsWith("link/")) {
            throw new RepositoryException("a symbolic link");
        }
        return Optional.ofNullable(files.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<String> among(String... wanted) {
        return KustomizationInputs.among("apps/live/kustomization.yaml", Set.of(wanted), this::file);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        resources: [dep.yaml]                                           | apps/live/dep.yaml
        resources: [./../dep.yaml]                                      | apps/dep.yaml
        bases: [../base]                                                | apps/base/kustomization.yaml
        resources: [../base/]                                           | apps/base/Kustomization
        components: [../../part]                                        | part/kustomization.yml
        patchesStrategicMerge: [p.yaml]                                 | apps/live/p.yaml
        patches: [{ path: ../p.yaml, target: { kind: Deployment } }]    | apps/p.yaml
        patchesJson6902: [{ path: p.json }]                             | apps/live/p.json
        configMapGenerator: [{ name: c, files: [values.txt] }]          | apps/live/values.txt
        configMapGenerator: [{ name: c, files: [key=../values.txt] }]   | apps/values.txt
        secretGenerator: [{ name: c, envs: [s.env] }]                   | apps/live/s.env
        helmCharts: [{ name: c, valuesFile: ../values.yaml }]           | apps/values.yaml
        helmCharts: [{ name: c, additionalValuesFiles: [v.yaml] }]      | apps/live/v.yaml
        replacements: [{ path: r.yaml }]                                | apps/live/r.yaml
        """)
    void whatAKustomizationNamesIsPartOfIt(String text, String part) {
        files.put("apps/live/kustomization.yaml", text);
        files.put(part, "images: []");

        assertThat(among("apps/other.yaml", part)).contains(part);
        assertThat(among("apps/other.yaml")).isEmpty();
    }

    @Test
    void itIsFollowedThroughOtherDirectoriesAndCirclesEnd() {
        files.put("apps/live/kustomization.yaml", "resources: [https://example.org/dep.yaml, 'git@x:y//base', ../a]");
        files.put("apps/a/kustomization.yaml", "components: [../b, ../live]");
        files.put("apps/b/kustomization.yml", "resources: [../a, deeper/dep.yaml]");

        assertThat(among("apps/b/deeper/dep.yaml")).contains("apps/b/deeper/dep.yaml");
        assertThat(among("dep.yaml", "apps/c/dep.yaml")).isEmpty();
    }

    @Test
    void whatCannotBeReadIsLeftOut() {
        files.put("apps/live/kustomization.yaml", "resources: [../../link, ../../../out, ../bad, ../none, ../good]");
        files.put("apps/bad/kustomization.yaml", "resources: [");
        files.put("apps/good/kustomization.yaml", "resources: [dep.yaml]");

        assertThat(among("apps/good/dep.yaml")).contains("apps/good/dep.yaml");
    }

    @Test
    void itIsBounded() {
        for (int i = 0; i < 1_000; i++) {
            files.put("apps/" + i + "/kustomization.yaml", "resources: [../" + 2 * i + ", ../" + (2 * i + 1) + "]");
        }
        files.put("apps/live/kustomization.yaml", "resources: [../1]");

        assertThat(among("apps/999/kustomization.yaml")).isEmpty();

        assertThat(asked).hasSizeLessThanOrEqualTo(400);
    }

    @Test
    void itIsBoundedInDepthAndBytes() {
        for (int i = 0; i < 50; i++) {
            files.put("apps/" + i + "/kustomization.yaml", "resources: [../" + (i + 1) + "]");
        }
        files.put("apps/live/kustomization.yaml", "resources: [../0]");
        assertThat(among("apps/10/kustomization.yaml")).isPresent();
        assertThat(among("apps/40/kustomization.yaml")).isEmpty();

        files.put("apps/0/kustomization.yaml", "#" + "x".repeat(1 << 20) + "\nresources: [../1]");
        assertThat(among("apps/0/kustomization.yaml")).isPresent();
        assertThat(among("apps/1/kustomization.yaml")).isEmpty();
    }
}
