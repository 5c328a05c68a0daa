package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import java.util.Map;
import java.util.Optional;

/**
 * Reads and writes the image references of one {@link ManifestFile}; pure, safe for any thread.
 *
 * <p>What is written is read back: {@code images(write(release))} gives the release, but for a digest where the file holds
 * only a tag. Writing twice is writing once.
 */
public interface ManifestEditor {

    /**
     * The image references the file holds.
     *
     * <p>The repository is the one in the file, which may be a mirror of the declared one (kustomize's {@code newName}, a
     * registry of a values file).
     *
     * @param repositories image name in the declaration to its repository, for example {@code api → ghcr.io/acme/api}
     * @return by image name; an image that the file does not mention is absent
     * @throws io.jenkins.plugins.gitops.engine.yaml.EditRefusedException if the file cannot be read, or says two
     *     different things of one image
     */
    Map<String, ImageReference> images(ManifestFile file, byte[] content, Map<String, String> repositories);

    /**
     * Where a file has a reference of the repository that {@link #write} does not change, for a message: a path and its
     * line.
     */
    default Optional<String> elsewhere(ManifestFile file, byte[] content, String repository) {
        return Optional.empty();
    }

    /**
     * The file with the images written in; every byte that does not belong to them stays.
     *
     * <p>An image that the file does not mention yet:
     *
     * <ul>
     *   <li>Kustomization: an entry is appended, so hand over only what belongs into this file;
     *   <li>HelmValues: refused with what is there instead, if the file's {@code images} names it; else left out;
     *   <li>KubernetesManifest: left out, since a container cannot be invented;
     *   <li>VersionFile: left out, unless it is the file's one image.
     * </ul>
     *
     * The caller checks that each image was found in at least one file.
     *
     * <p>A release that names the declared repository changes only tag and digest, so that a file's own mirror stays; one
     * that names another repository changes that too.
     *
     * @param release image name to new reference
     * @return the new content, equal to the given content when nothing changes
     * @throws io.jenkins.plugins.gitops.engine.yaml.EditRefusedException if the file cannot be edited without touching
     *     something else, or cannot hold the reference
     */
    byte[] write(
            ManifestFile file, byte[] content, Map<String, String> repositories, Map<String, ImageReference> release);
}
