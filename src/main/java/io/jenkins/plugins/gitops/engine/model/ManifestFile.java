package io.jenkins.plugins.gitops.engine.model;

import java.util.List;
import java.util.Map;

/** A file of a target that holds image references, and how it holds them. Paths are relative to the repository root. */
public sealed interface ManifestFile {

    String path();

    /** A Kustomize file with an {@code images} list, matched by the image's repository. */
    record Kustomization(String path) implements ManifestFile {}

    /**
     * A Helm values file.
     *
     * @param images where each image stands: image name in the declaration to dotted key path, for example
     *     {@code api → api.image}; what stands there is a map of registry, repository, tag, digest, or one string
     */
    record HelmValues(String path, Map<String, String> images) implements ManifestFile {}

    /** Kubernetes manifests: every container whose image has the repository. */
    record KubernetesManifest(String path) implements ManifestFile {}

    /** A text file whose only content is one image reference or one tag. */
    record VersionFile(String path, String image) implements ManifestFile {}

    /**
     * YAML, JSON, or lines of {@code KEY=value}, with values at declared places.
     *
     * @param sources by name, of the versions that the fields hold
     */
    record Fields(String path, List<Field> fields, Map<String, VersionSource> sources) implements ManifestFile {
        public Fields {
            fields = List.copyOf(fields);
        }
    }
}
