package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.Found;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.Refusal;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The images in Kubernetes manifests: of every container, wherever a pod's containers are listed, and whatever else is
 * under a key {@code image} of a resource (SparkApplications, Tekton steps, Argo Workflows, Knative). Metadata, status
 * and the data of ConfigMaps and Secrets are no images.
 */
record ContainerImages(YamlFile file, Values values, Map<String, String> repositories) implements ImagesByRepository {

    private static final String IMAGE = "image";
    private static final Set<String> NO_IMAGES = Set.of("metadata", "status", "data", "stringData", "binaryData");

    ContainerImages(YamlFile file, Map<String, String> repositories) {
        this(file, new Values(file), repositories);
    }

    @Override
    public List<OtherImage> otherImages(Set<String> released) {
        List<OtherImage> found = new ArrayList<>();
        for (Found image : images()) {
            values.text(image)
                    .filter(text -> !isOneOf(text, released))
                    .ifPresent(text -> found.add(new OtherImage(image.node(), text)));
        }
        return found;
    }

    private boolean isOneOf(String text, Set<String> released) {
        Optional<ImageReference> reference = parse(text);
        return reference.isPresent()
                && released.stream()
                        .map(repositories::get)
                        .anyMatch(repository -> repository != null
                                && RepositoryNames.same(reference.get().repository(), repository));
    }

    /** One container's image of the repository. */
    private record Container(Found image, ImageReference reference) {
        ScalarNode scalar() {
            return (ScalarNode) image.value();
        }
    }

    @Override
    public Optional<ImageReference> readRepository(String repository) {
        List<Container> containers = containersOf(repository);
        for (Container container : containers) {
            ImageReference first = containers.get(0).reference();
            if (!RepositoryNames.sameVersion(first, container.reference())) {
                throw file.refuse(
                        container.image().node(),
                        Refusal.AMBIGUOUS,
                        "this container runs " + container.reference() + ", the one on line "
                                + file.position(containers.get(0).image().node())
                                        .line() + " runs " + first
                                + "; make them agree");
            }
        }
        return containers.stream().findFirst().map(Container::reference);
    }

    @Override
    public YamlFile writeRepository(String repository, ImageReference reference) {
        Map<ScalarNode, String> changes = new IdentityHashMap<>();
        List<Container> stale = containersOf(repository).stream()
                .filter(container -> !container.scalar().isString()
                        || !text(container, repository, reference)
                                .equals(container.scalar().value().strip()))
                .toList();
        List<AliasNode> moving =
                stale.stream().flatMap(it -> it.image().through().stream()).toList();
        for (Container container : stale) {
            if (!(container.image().node() instanceof AliasNode)) {
                SharedValues.requireOwn(file, "image", container.image().through(), moving);
                String value = text(container, repository, reference);
                changes.put(container.scalar(), container.scalar().value().endsWith("\n") ? value + "\n" : value);
            }
        }
        for (Container container : stale) {
            if (container.image().node() instanceof AliasNode alias && !changes.containsKey(container.scalar())) {
                throw SharedValues.refusal(file, "image", alias);
            }
        }
        return changes.isEmpty() ? file : file.replaceAll(changes);
    }

    private String text(Container container, String repository, ImageReference reference) {
        if (!RepositoryNames.same(reference.repository(), repository)) {
            throw file.refuse(
                    container.image().node(),
                    Refusal.WRONG_KIND,
                    "this container is known by its repository " + repository + " and would be lost as " + reference
                            + "; change the image's repository in the declaration first");
        }
        return reference.withRepository(container.reference().repository()).toString();
    }

    private List<Container> containersOf(String repository) {
        List<Container> found = new ArrayList<>();
        for (Found image : images()) {
            values.text(image)
                    .flatMap(ContainerImages::parse)
                    .filter(reference -> RepositoryNames.same(reference.repository(), repository))
                    .ifPresent(reference -> found.add(new Container(image, reference)));
        }
        return found;
    }

    private static Optional<ImageReference> parse(String text) {
        try {
            return Optional.of(ImageReference.parse(text));
        } catch (InvalidImageException e) {
            return Optional.empty();
        }
    }

    private List<Found> images() {
        List<Found> images = new ArrayList<>();
        Set<YamlNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<YamlNode> todo = new ArrayDeque<>(file.documents());
        while (!todo.isEmpty()) {
            YamlNode node = todo.pop();
            if (node instanceof SequenceNode sequence) {
                pushAll(todo, sequence.items());
            } else if (node instanceof MappingNode mapping) {
                List<YamlNode> children = new ArrayList<>();
                imagesOf(mapping).stream()
                        .filter(found -> found.value() instanceof ScalarNode && seen.add(found.node()))
                        .forEach(images::add);
                for (MappingNode.Entry entry : mapping.entries()) {
                    boolean outside = entry.name().filter(NO_IMAGES::contains).isPresent()
                            && mapping.named("kind").size() > 0;
                    if (!outside) {
                        children.add(entry.value());
                    }
                }
                pushAll(todo, children);
            }
        }
        return images;
    }

    /** One, but for a map that a template stands for, and for a key that is there twice: then both are the image's. */
    private List<Found> imagesOf(MappingNode mapping) {
        List<MappingNode.Entry> named = mapping.named(IMAGE);
        if (named.size() > 1) {
            return named.stream()
                    .map(entry -> new Found(entry.value(), List.of()))
                    .toList();
        }
        boolean template = mapping.entries().stream().anyMatch(entry -> entry.key() instanceof MappingNode);
        return template
                ? List.of()
                : values.lookup().key(mapping, IMAGE).stream().toList();
    }

    /** In the order of the text. */
    private static void pushAll(Deque<YamlNode> todo, List<YamlNode> children) {
        for (int i = children.size() - 1; i >= 0; i--) {
            todo.push(children.get(i));
        }
    }

    /** Where a reference of the repository is that is no container's image: its path and line; empty if nowhere. */
    Optional<String> elsewhere(String repository) {
        for (YamlNode document : file.documents()) {
            Optional<String> found = elsewhere(document, new YamlPath(List.of()), repository);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<String> elsewhere(YamlNode node, YamlPath path, String repository) {
        if (node instanceof ScalarNode scalar) {
            String text = scalar.value().strip();
            return parse(text)
                    .filter(reference -> RepositoryNames.same(reference.repository(), repository))
                    .map(reference -> path + " (line " + file.position(scalar).line() + ")");
        }
        if (node instanceof MappingNode mapping) {
            return mapping.entries().stream()
                    .flatMap(entry ->
                            elsewhere(entry.value(), path.then(entry.name().orElse("?")), repository).stream())
                    .findFirst();
        }
        if (node instanceof SequenceNode sequence) {
            return java.util.stream.IntStream.range(0, sequence.items().size())
                    .boxed()
                    .flatMap(i ->
                            elsewhere(sequence.items().get(i), path.then(new YamlPath.Index(i)), repository).stream())
                    .findFirst();
        }
        return Optional.empty();
    }
}
