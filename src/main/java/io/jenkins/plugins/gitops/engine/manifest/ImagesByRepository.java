package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import java.util.Map;
import java.util.Optional;

/** Files that know an image by its repository, and not by the name that the declaration gives it. */
sealed interface ImagesByRepository extends ImagePlaces permits KustomizeImages, ContainerImages {

    /** By the name in the declaration. */
    Map<String, String> repositories();

    /** What the file says of the repository; empty if it does not mention it. */
    Optional<ImageReference> readRepository(String repository);

    /** The file with the reference wherever the repository stands. */
    YamlFile writeRepository(String repository, ImageReference reference);

    @Override
    default Optional<ImageReference> read(String image) {
        return Optional.ofNullable(repositories().get(image)).flatMap(this::readRepository);
    }

    @Override
    default YamlFile write(String image, Map<String, ImageReference> release) {
        ImageReference reference = release.get(image);
        return writeRepository(repositories().getOrDefault(image, reference.repository()), reference);
    }
}
