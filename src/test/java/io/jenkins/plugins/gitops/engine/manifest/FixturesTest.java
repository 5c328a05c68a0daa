package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Bumps every file below {@code src/test/resources/edits} and compares it with the one written out beside it.
 *
 * <p>A folder holds {@code before}, and {@code after} unless the edit is refused, and {@code case.properties}: {@code
 * release}, {@code path} of Helm values, {@code repository} if it is not the usual one, {@code refused} for the message,
 * {@code restores=false} where the way back leads elsewhere (a key that was inserted, quotes that were needed), {@code
 * absent=true} where the file does not hold the image.
 */
class FixturesTest {

    private static final String API = "ghcr.io/acme/api";

    private final ManifestFiles editor = new ManifestFiles();

    @TestFactory
    Stream<DynamicTest> theFileIsAsWrittenOut() throws IOException, URISyntaxException {
        Path root = Path.of(getClass().getResource("/edits").toURI());
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(file -> file.endsWith("case.properties"))
                    .sorted()
                    .map(Path::getParent)
                    .toList()
                    .stream()
                    .map(folder -> dynamicTest(root.relativize(folder).toString(), () -> judge(folder)));
        }
    }

    private void judge(Path folder) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(folder.resolve("case.properties"))) {
            properties.load(new java.io.InputStreamReader(in, StandardCharsets.UTF_8));
        }
        String kind = folder.getParent().getFileName().toString();
        String extension = kind.equals("version") ? "txt" : "yaml";
        ManifestFile file = file(kind, "before." + extension, properties.getProperty("path"));
        String repository = properties.getProperty("repository", API);
        Map<String, String> repositories = Map.of("api", repository);
        ImageReference reference = ImageReference.parse(repository, properties.getProperty("release"));
        byte[] before = Files.readAllBytes(folder.resolve("before." + extension));
        String refused = properties.getProperty("refused");
        if (refused != null) {
            assertThatThrownBy(() -> editor.write(file, before, repositories, Map.of("api", reference)))
                    .isInstanceOf(EditRefusedException.class)
                    .hasMessage(refused);
            return;
        }
        byte[] after = editor.write(file, before, repositories, Map.of("api", reference));
        assertThat(text(after)).isEqualTo(text(Files.readAllBytes(folder.resolve("after." + extension))));
        assertThat(editor.write(file, after, repositories, Map.of("api", reference)))
                .isEqualTo(after);
        if (properties.getProperty("absent") != null) {
            assertThat(editor.images(file, after, repositories)).isEmpty();
            return;
        }
        ImageReference read =
                Version.images(editor.images(file, after, repositories)).get("api");
        assertThat(read.tagName()).isEqualTo(reference.tagName());
        assertThat(read.digestValue()).isEqualTo(reference.digestValue());
        if (!properties.getProperty("restores", "true").equals("false")) {
            ImageReference old =
                    Version.images(editor.images(file, before, repositories)).get("api");
            ImageReference back = old.withRepository(repository);
            assertThat(text(editor.write(file, after, repositories, Map.of("api", back))))
                    .isEqualTo(text(before));
        }
    }

    private static ManifestFile file(String kind, String path, String keys) {
        return switch (kind) {
            case "kustomize" -> new ManifestFile.Kustomization(path);
            case "helm" -> new ManifestFile.HelmValues(path, Map.of("api", keys));
            case "manifest" -> new ManifestFile.KubernetesManifest(path);
            case "version" -> new ManifestFile.VersionFile(path, "api");
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }
}
