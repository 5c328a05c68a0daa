package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The simplest manifest there is: one whole image reference on each line. Lets these tests stand without YAML. */
final class LineEditor extends ManifestFiles {

    @Override
    public Map<String, Version> images(ManifestFile file, byte[] content, Map<String, String> repositories) {
        Map<String, Version> images = new TreeMap<>();
        text(content)
                .lines()
                .filter(line -> !line.isBlank())
                .map(ImageReference::parse)
                .forEach(reference -> repositories.forEach((name, repository) -> {
                    if (repository.equals(reference.repository())) {
                        images.put(name, reference);
                    }
                }));
        return images;
    }

    @Override
    public byte[] write(
            ManifestFile file, byte[] content, Map<String, String> repositories, Map<String, Version> release) {
        Map<String, ImageReference> byRepository = Version.images(release).values().stream()
                .collect(Collectors.toMap(ImageReference::repository, image -> image));
        return text(content)
                .lines()
                .map(line -> line.isBlank()
                        ? line
                        : byRepository
                                .getOrDefault(ImageReference.parse(line).repository(), ImageReference.parse(line))
                                .toString())
                .map(line -> line + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }
}
