package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A file of resources that name versions of charts and Git refs beside images. */
record VersionPlaces(ImagePlaces images, FieldPlaces versions) implements ImagePlaces {

    static VersionPlaces beside(ImagePlaces images, Map<String, VersionSource> sources) {
        YamlFile file = images.file();
        return new VersionPlaces(images, new FieldPlaces(file, new ResourceVersions(file, sources).fields(), Map.of()));
    }

    private ImagePlaces of(String name) {
        return versions.declared().sources().containsKey(name) ? versions : images;
    }

    @Override
    public YamlFile file() {
        return images.file();
    }

    @Override
    public Optional<? extends Version> read(String name) {
        return of(name).read(name);
    }

    @Override
    public boolean isNew(String name) {
        return of(name).isNew(name);
    }

    @Override
    public void write(String name, Map<String, Version> release, YamlEdit edit) {
        of(name).write(name, release, edit);
    }

    @Override
    public List<OtherImage> otherImages(Set<String> released) {
        return Stream.of(images, versions)
                .flatMap(places -> places.otherImages(released).stream())
                .toList();
    }
}
