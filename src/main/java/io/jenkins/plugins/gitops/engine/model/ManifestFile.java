package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A file of a target that holds image references, and how it holds them. Paths are relative to the repository root. */
public sealed interface ManifestFile {

    String path();

    /** Names of what it is declared to hold; empty where it may hold any image. */
    default Set<String> names() {
        return Set.of();
    }

    /** By name, of what it holds besides images. */
    default Map<String, VersionSource> sources() {
        return Map.of();
    }

    /** Whether it holds lines of {@code KEY=value}. */
    default boolean isProperties() {
        return false;
    }

    /** Whether one image reference or one tag is all that it holds. */
    default boolean isVersion() {
        return false;
    }

    private static Map<String, VersionSource> of(Set<String> names, Map<String, VersionSource> sources) {
        Map<String, VersionSource> some = new TreeMap<>(sources);
        some.keySet().retainAll(names);
        return some;
    }

    /** The same for some names alone: what else is declared of it need not be readable. */
    default ManifestFile only(Set<String> names) {
        return this;
    }

    /**
     * A Kustomize file with an {@code images} list, matched by the image's repository.
     *
     * @param sources by name, of charts and Git refs that may be in it
     */
    record Kustomization(String path, Map<String, VersionSource> sources) implements ManifestFile {

        public Kustomization(String path) {
            this(path, Map.of());
        }

        @Override
        public ManifestFile only(Set<String> names) {
            return sources.isEmpty() ? this : new Kustomization(path, of(names, sources));
        }
    }

    /**
     * A Helm values file.
     *
     * @param images where each image stands: image name in the declaration to dotted key path, for example
     *     {@code api → api.image}; what stands there is a map of registry, repository, tag, digest, or one string
     * @param in the document of a file of several, or null for the one that holds the image
     */
    record HelmValues(
            String path,
            Map<String, String> images,
            @CheckForNull Field.Document in) implements ManifestFile {

        public HelmValues(String path, Map<String, String> images) {
            this(path, images, null);
        }

        @Override
        public Set<String> names() {
            return images.keySet();
        }
    }

    /**
     * Kubernetes manifests: every container whose image has the repository.
     *
     * @param sources by name, of charts and Git refs that may be in it
     */
    record KubernetesManifest(String path, Map<String, VersionSource> sources) implements ManifestFile {

        public KubernetesManifest(String path) {
            this(path, Map.of());
        }

        @Override
        public ManifestFile only(Set<String> names) {
            return sources.isEmpty() ? this : new KubernetesManifest(path, of(names, sources));
        }
    }

    /** A text file whose only content is one image reference or one tag. */
    record VersionFile(String path, String image) implements ManifestFile {
        @Override
        public Set<String> names() {
            return Set.of(image);
        }

        @Override
        public boolean isVersion() {
            return true;
        }
    }

    /**
     * YAML, JSON, or lines of {@code KEY=value}, with values at declared places.
     *
     * @param sources by name, of the versions that the fields hold
     */
    record Fields(String path, List<Field> fields, Map<String, VersionSource> sources) implements ManifestFile {

        /** {@code .env}, {@code app.env}, {@code .env.prod}, {@code app.properties}. */
        private static final Pattern PROPERTIES =
                Pattern.compile("(?:.*/)?(?:[^/]*\\.)?(?:env(?:\\.[^/]*)?|properties)");

        public Fields {
            fields = List.copyOf(fields);
        }

        /** The fields that hold an image or version, in the order of the declaration. */
        public List<Field> fieldsOf(String name) {
            return fields.stream().filter(field -> field.name().equals(name)).toList();
        }

        @Override
        public Set<String> names() {
            return fields.stream().map(Field::name).collect(Collectors.toUnmodifiableSet());
        }

        @Override
        public boolean isProperties() {
            return PROPERTIES.matcher(path).matches();
        }

        @Override
        public ManifestFile only(Set<String> names) {
            return new Fields(
                    path,
                    fields.stream()
                            .filter(field -> names.contains(field.name()))
                            .toList(),
                    sources);
        }
    }
}
