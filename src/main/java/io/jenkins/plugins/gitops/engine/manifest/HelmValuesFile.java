package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.Refusal;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All images of one Helm values file, and that writing some of them leaves the others alone. */
record HelmValuesFile(ManifestFile.HelmValues declared, Map<String, String> repositories) {

    /** The image by name, if the declaration says that it stands in this file. */
    static Optional<HelmImages> image(ManifestFile.HelmValues declared, YamlFile file, String name, String repository) {
        return Optional.ofNullable(declared.images().get(name))
                .map(path -> new HelmImages(file, parse(file, path), repository));
    }

    private static YamlPath parse(YamlFile file, String path) {
        try {
            return YamlPath.parse(path);
        } catch (IllegalArgumentException e) {
            throw file.refuse(Refusal.NOT_FOUND, e.getMessage());
        }
    }

    YamlFile write(YamlFile before, Map<String, ImageReference> release) {
        YamlFile after = before;
        List<String> aliased = new ArrayList<>();
        for (String name : new TreeMap<>(release).keySet()) {
            if (!declared.images().containsKey(name)) {
                continue;
            }
            try {
                after = write(after, name, release);
            } catch (EditRefusedException e) {
                if (e.reason() != Refusal.SHARED_VALUE) {
                    throw e;
                }
                // What it shares may be moved to the same value by another image of the release.
                aliased.add(name);
            }
        }
        for (String name : aliased) {
            after = write(after, name, release);
        }
        requireOthersUntouched(before, after, release);
        return after;
    }

    private YamlFile write(YamlFile now, String name, Map<String, ImageReference> release) {
        ImageReference reference = release.get(name);
        HelmImages image = image(now, name);
        YamlFile edited = image.write(reference);
        if (edited != now) {
            List<AliasNode> moving = release.entrySet().stream()
                    .filter(other -> sameVersion(other.getValue(), reference))
                    .filter(other -> declared.images().containsKey(other.getKey()))
                    .flatMap(other -> image(now, other.getKey()).aliases().stream())
                    .toList();
            Sharing.requireOwn(now, declared.images().get(name), image.aliasesOfChanges(edited), moving);
        }
        return edited;
    }

    private static boolean sameVersion(ImageReference one, ImageReference other) {
        return one.tagName().equals(other.tagName()) && one.digestValue().equals(other.digestValue());
    }

    private HelmImages image(YamlFile file, String name) {
        return image(declared, file, name, repositories.getOrDefault(name, name))
                .orElseThrow();
    }

    /** An anchor may carry a change to an image that is not part of the release, or two images may share a value. */
    private void requireOthersUntouched(YamlFile before, YamlFile after, Map<String, ImageReference> release) {
        for (String name : declared.images().keySet()) {
            Optional<ImageReference> is = image(after, name).read();
            boolean right = release.containsKey(name)
                    ? is.filter(reference ->
                                    reference.tagName().equals(release.get(name).tagName()))
                            .isPresent()
                    : is.equals(image(before, name).read());
            if (!right) {
                throw after.refuse(
                        Refusal.SHARED_VALUE,
                        "'" + declared.images().get(name) + "' (" + name
                                + ") shares its value with another image; write the values out, or release both alike");
            }
        }
    }
}
