package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The images of one Helm values file, at the paths that the declaration gives. */
record HelmImages(YamlFile file, ManifestFile.HelmValues declared, Map<String, String> repositories)
        implements ImagePlaces {

    @Override
    public Optional<ImageReference> read(String image) {
        return declared.images().containsKey(image) ? image(image).read() : Optional.empty();
    }

    private HelmImage image(String name) {
        YamlPath path = parse(declared.images().get(name));
        String repository = repositories.getOrDefault(name, name);
        return declared.in() == null
                ? new HelmImage(file, path, repository)
                : new HelmImage(
                        file,
                        path,
                        repository,
                        Optional.of(new Documents(file).choose(path, Optional.of(declared.in()))));
    }

    private YamlPath parse(String path) {
        try {
            return YamlPath.parse(path);
        } catch (IllegalArgumentException e) {
            throw file.refuse(e.getMessage());
        }
    }

    @Override
    public void write(String name, Map<String, Version> release, YamlEdit edit) {
        if (!declared.images().containsKey(name)) {
            return;
        }
        ImageReference reference = (ImageReference) release.get(name);
        List<AliasNode> changed = image(name).write(reference, edit);
        if (!changed.isEmpty()) {
            List<AliasNode> moving = release.entrySet().stream()
                    .filter(other -> other.getValue() instanceof ImageReference image && image.hasVersionOf(reference))
                    .filter(other -> declared.images().containsKey(other.getKey()))
                    .flatMap(other -> image(other.getKey()).aliases().stream())
                    .toList();
            ImagePlaces.requireOwn(file, declared.images().get(name), changed, moving);
        }
    }

    /** An image that is not released need not be one that can be read. */
    private Optional<ImageReference> readable(String name) {
        try {
            return image(name).read();
        } catch (EditRefusedException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<OtherImage> otherImages(Set<String> released) {
        return declared.images().keySet().stream()
                .filter(name -> !released.contains(name))
                .sorted()
                .flatMap(name -> readable(name).stream()
                        .map(reference -> new OtherImage(image(name).place(), name + ": " + reference)))
                .toList();
    }
}
