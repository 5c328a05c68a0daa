package io.jenkins.plugins.gitops.engine.manifest;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads and writes every kind of {@link ManifestFile} that the declaration knows. Stateless. */
public final class ManifestFiles implements ManifestEditor {

    @Override
    @NonNull
    public Map<String, ImageReference> images(
            @NonNull ManifestFile file, @NonNull byte[] content, @NonNull Map<String, String> repositories) {
        Map<String, ImageReference> images = new TreeMap<>();
        SealedFile.requireText(file.path(), content);
        if (file instanceof ManifestFile.VersionFile version) {
            Optional.ofNullable(repositories.get(version.image()))
                    .ifPresent(repository ->
                            images.put(version.image(), new VersionText(file.path(), content).read(repository)));
            return images;
        }
        ImagePlaces places = places(file, YamlFile.parse(file.path(), content), repositories);
        repositories.keySet().forEach(name -> places.read(name).ifPresent(reference -> images.put(name, reference)));
        return images;
    }

    private static ImagePlaces places(ManifestFile file, YamlFile yaml, Map<String, String> repositories) {
        if (file instanceof ManifestFile.HelmValues helm) {
            return new HelmValuesFile(yaml, helm, repositories);
        }
        return file instanceof ManifestFile.Kustomization
                ? new KustomizeImages(yaml, repositories)
                : new ContainerImages(yaml, repositories);
    }

    @Override
    @NonNull
    public byte[] write(
            @NonNull ManifestFile file,
            @NonNull byte[] content,
            @NonNull Map<String, String> repositories,
            @NonNull Map<String, ImageReference> release) {
        SealedFile.requireText(file.path(), content);
        if (file instanceof ManifestFile.VersionFile version) {
            ImageReference reference = release.get(version.image());
            return reference == null
                    ? content
                    : new VersionText(file.path(), content)
                            .write(repository(repositories, version.image(), reference), reference);
        }
        YamlFile before = YamlFile.parse(file.path(), content);
        YamlFile after = new ReleaseWriter(yaml -> places(file, yaml, repositories), release).write(before);
        if (after == before) {
            return content;
        }
        SealedFile.requireNoChecksum(before);
        return after.toBytes();
    }

    @Override
    @NonNull
    public Optional<String> elsewhere(@NonNull ManifestFile file, @NonNull byte[] content, @NonNull String repository) {
        return file instanceof ManifestFile.KubernetesManifest
                ? new ContainerImages(YamlFile.parse(file.path(), content), Map.of()).elsewhere(repository)
                : Optional.empty();
    }

    private static String repository(Map<String, String> repositories, String name, ImageReference reference) {
        return repositories.getOrDefault(name, reference.repository());
    }
}
