package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.manifest.ManifestFiles;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.NamedVersion;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The simplest manifest there is: on each line one whole image reference, or name and version of something else that the
 * file is declared to hold. Lets these tests stand without YAML; a Helm values file is one all the same.
 */
final class LineEditor extends ManifestFiles {

    /** So few that each is parsed once. */
    private static final Map<String, ImageReference> REFERENCES = new ConcurrentHashMap<>();

    @Override
    public Map<String, Version> images(ManifestFile file, byte[] content, Map<String, String> repositories) {
        if (file instanceof ManifestFile.HelmValues) {
            return super.images(file, content, repositories);
        }
        Map<String, Version> images = new TreeMap<>();
        for (String line : text(content).split("\n")) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                String name = line.substring(0, blank);
                if (file.sources().containsKey(name)) {
                    images.put(name, new NamedVersion(line.substring(blank + 1)));
                }
            } else if (!line.isEmpty()) {
                ImageReference reference = reference(line);
                repositories.forEach((name, repository) -> {
                    if (repository.equals(reference.repository())) {
                        images.put(name, reference);
                    }
                });
            }
        }
        return images;
    }

    @Override
    public byte[] write(
            ManifestFile file, byte[] content, Map<String, String> repositories, Map<String, Version> release) {
        if (file instanceof ManifestFile.HelmValues) {
            return super.write(file, content, repositories, release);
        }
        Map<String, ImageReference> byRepository = Version.images(release).values().stream()
                .collect(Collectors.toMap(ImageReference::repository, image -> image));
        return text(content)
                .lines()
                .map(line -> written(line, byRepository, release) + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String written(String line, Map<String, ImageReference> byRepository, Map<String, Version> release) {
        int blank = line.indexOf(' ');
        if (line.isBlank()) {
            return line;
        } else if (blank > 0) {
            Version version = release.get(line.substring(0, blank));
            return version == null ? line : line.substring(0, blank + 1) + version;
        }
        ImageReference reference = reference(line);
        return byRepository.getOrDefault(reference.repository(), reference).toString();
    }

    private static ImageReference reference(String line) {
        return REFERENCES.computeIfAbsent(line, ImageReference::parse);
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }
}
