package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the images of the declaration stand in one YAML file. */
sealed interface ImagePlaces permits ImagesByRepository, HelmValuesFile {

    /** What the file says of the image; empty if it does not mention it. */
    Optional<ImageReference> read(String image);

    /**
     * The file with one image of the release in it.
     *
     * @throws io.jenkins.plugins.gitops.engine.yaml.EditRefusedException if it cannot be written alone; the rest of the
     *     release may bring it along
     */
    YamlFile write(String image, Map<String, ImageReference> release);

    /** What the file says of all other images, in its order: a write leaves it as it is. */
    List<OtherImage> otherImages(Set<String> released);

    /** An image that is not part of a release. */
    record OtherImage(YamlNode at, String text) {}
}
