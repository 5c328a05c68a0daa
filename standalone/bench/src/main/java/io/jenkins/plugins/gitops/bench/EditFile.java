package io.jenkins.plugins.gitops.bench;

import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The editor as a process of its own, to stand beside {@code kustomize edit set image} and {@code yq -i}.
 *
 * <p>{@code EditFile <file> <bytes>} writes a kustomization and prints the repository in its middle; {@code EditFile
 * <file> <repository> <tag>} edits it.
 */
public final class EditFile {

    private EditFile() {}

    public static void main(String[] arguments) throws IOException {
        Path path = Path.of(arguments[0]);
        if (arguments.length == 2) {
            byte[] content = KustomizationText.ofAtLeast(Integer.parseInt(arguments[1]));
            Files.write(path, content);
            System.out.println(KustomizationText.repositoryInTheMiddle(content));
            return;
        }
        String repository = arguments[1];
        byte[] edited = new ManifestFiles()
                .write(
                        new ManifestFile.Kustomization(path.toString()),
                        Files.readAllBytes(path),
                        Map.of("api", repository),
                        Map.of("api", new ImageReference(repository, arguments[2], null)));
        Files.write(path, edited);
    }
}
