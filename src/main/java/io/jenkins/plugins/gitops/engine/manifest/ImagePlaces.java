package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Where the images of the declaration stand in one YAML file. */
sealed interface ImagePlaces permits KustomizeImages, ContainerImages, HelmImages, FieldPlaces, VersionPlaces {

    YamlFile file();

    /** What the file says of the image; empty if it does not mention it. */
    Optional<? extends Version> read(String image);

    /** Whether a write adds a place for the image. */
    default boolean isNew(String image) {
        return false;
    }

    /**
     * Changes what the file says of one image of the release.
     *
     * @throws EditRefusedException if it cannot be written alone; the rest of the release may bring it along
     */
    void write(String image, Map<String, Version> release, YamlEdit edit);

    /** What the file says of all other images, in its order: a write leaves it as it is. */
    List<OtherImage> otherImages(Set<String> released);

    /** An image that is not part of a release. */
    record OtherImage(YamlNode at, String text) {}

    /**
     * A value that is reached through an alias may be changed where it stands only if nobody else reads it through another
     * alias, or those who do get the same value in the same write.
     *
     * @param through the aliases on the way to the value
     * @param moving the aliases on the way to all values that become the same
     */
    static void requireOwn(YamlFile file, String path, Collection<AliasNode> through, Collection<AliasNode> moving) {
        for (AliasNode alias : through) {
            for (AliasNode other : file.aliasesOf(alias.target())) {
                if (!through.contains(other) && !moving.contains(other)) {
                    throw file.refuseShared(
                            alias,
                            "'" + path + "' is read through the alias *" + alias.name() + ", and so is line "
                                    + file.line(other)
                                    + ", which would change too; write the value out here, or name the place on line "
                                    + file.line(alias.target()) + " to move both");
                }
            }
        }
    }

    static EditRefusedException shared(YamlFile file, String what, AliasNode alias) {
        return file.refuseShared(
                alias,
                "'" + what + "' is the alias *" + alias.name() + " of a value on line " + file.line(alias.target())
                        + " that would change too; write the value out, or name that place instead");
    }

    /** What is read, or a refusal that points at the node. */
    static <T> T read(YamlFile file, YamlNode at, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (InvalidImageException e) {
            throw file.isTemplated(at) ? file.refuseTemplate(at) : file.refuse(at, e.sentenceAtPlace());
        }
    }
}
