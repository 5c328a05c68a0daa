package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The images in Kubernetes manifests: of every container, wherever a pod's containers are listed, and whatever else is
 * under a key {@code image} of a resource (SparkApplications, Tekton steps, Argo Workflows, Knative). Metadata, status
 * and the data of ConfigMaps and Secrets are no images.
 */
record ContainerImages(YamlFile file, Map<String, String> repositories) implements ImagePlaces {

    private static final String IMAGE = "image";
    private static final Pattern OTHER_IMAGE = Pattern.compile("\\w+Image(Name)?|imageName");

    private static final Set<String> NO_IMAGES = Set.of("metadata", "status", "data", "stringData", "binaryData");

    @Override
    public List<OtherImage> otherImages(Set<String> released) {
        List<OtherImage> found = new ArrayList<>();
        for (LocatedNode image : images()) {
            image.text()
                    .filter(text -> !isOneOf(text, released))
                    .ifPresent(text -> found.add(new OtherImage(image.node(), text)));
        }
        return found;
    }

    private boolean isOneOf(String text, Set<String> released) {
        return released.stream()
                .map(repositories::get)
                .anyMatch(repository -> repository != null && isOf(text, repository));
    }

    /** One container's image of the repository; its version may be one that no registry can have. */
    private record Container(LocatedNode image, ImageText written) {
        ScalarNode scalar() {
            return (ScalarNode) image.value();
        }
    }

    /** What a resource says of an image in parts: the node for a message, and the reference. */
    private record Part(YamlNode at, ImageReference reference) {}

    private List<Part> parts(String image, String repository) {
        List<Part> parts = new ArrayList<>();
        ResourceImages resources = new ResourceImages(file);
        resources
                .inHelm(repository)
                .forEach(helm -> helm.read().ifPresent(reference -> parts.add(new Part(helm.place(), reference))));
        resources
                .inText(repository)
                .forEach(text -> text.images()
                        .forEach(helm ->
                                helm.read().ifPresent(reference -> parts.add(new Part(text.text(), reference)))));
        resources
                .inFlux(repositories)
                .forEach(flux -> flux.read(image)
                        .ifPresent(reference ->
                                parts.add(new Part(flux.entriesOf(repository).get(0), reference))));
        return parts;
    }

    @Override
    public Optional<ImageReference> read(String image) {
        String repository = repositories.getOrDefault(image, "");
        Optional<ImageReference> contained = readContainers(repository);
        List<Part> parts = repository.isEmpty() ? List.of() : parts(image, repository);
        Optional<ImageReference> first =
                contained.or(() -> parts.stream().map(Part::reference).findFirst());
        parts.stream()
                .filter(part -> !FieldText.agree(part.reference(), first.orElseThrow()))
                .findFirst()
                .ifPresent(part -> {
                    throw file.refuse(
                            part.at(),
                            "this is " + part.reference() + ", another place in the file is " + first.get()
                                    + "; make them agree");
                });
        return first;
    }

    private Optional<ImageReference> readContainers(String repository) {
        List<Container> containers = containersOf(repository).stream()
                .filter(container -> container.written().reference(repository).isPresent())
                .toList();
        for (Container container : containers) {
            ImageReference first =
                    containers.get(0).written().reference(repository).orElseThrow();
            ImageReference here = container.written().reference(repository).orElseThrow();
            if (!first.hasVersionOf(here)) {
                throw file.refuse(
                        container.image().node(),
                        "this container runs " + here + ", the one on line "
                                + file.line(containers.get(0).image().node()) + " runs " + first
                                + "; make them agree");
            }
        }
        return containers.stream()
                .findFirst()
                .flatMap(container -> container.written().reference(repository));
    }

    @Override
    public void write(String name, Map<String, Version> release, YamlEdit edit) {
        ImageReference reference = (ImageReference) release.get(name);
        String repository = repositories.getOrDefault(name, reference.repository());
        ResourceImages resources = new ResourceImages(file);
        for (HelmImage helm : resources.inHelm(repository)) {
            List<AliasNode> through = helm.write(reference, edit);
            ImagePlaces.requireOwn(file, helm.path().toString(), through, through);
        }
        for (ResourceImages.Text text : resources.inText(repository)) {
            edit.replace(text.text(), text.with(reference));
        }
        resources.inFlux(repositories).stream()
                .filter(flux -> !flux.isNew(name))
                .forEach(flux -> flux.write(name, release, edit));
        Set<ScalarNode> changed = new HashSet<>();
        List<Container> stale = containersOf(repository).stream()
                .filter(container -> !container.scalar().isString()
                        || !text(container, repository, reference)
                                .equals(container.scalar().value().strip()))
                .toList();
        List<AliasNode> moving =
                stale.stream().flatMap(it -> it.image().through().stream()).toList();
        for (Container container : stale) {
            if (!(container.image().node() instanceof AliasNode)) {
                ImagePlaces.requireOwn(file, "image", container.image().through(), moving);
                String value = text(container, repository, reference);
                edit.replace(container.scalar(), container.scalar().value().endsWith("\n") ? value + "\n" : value);
                changed.add(container.scalar());
            }
        }
        for (Container container : stale) {
            if (container.image().node() instanceof AliasNode alias && !changed.contains(container.scalar())) {
                throw ImagePlaces.shared(file, "image", alias);
            }
        }
    }

    private String text(Container container, String repository, ImageReference reference) {
        if (!ImageReference.isSameRepository(reference.repository(), repository)) {
            throw file.refuse(
                    container.image().node(),
                    "this container is known by its repository " + repository + " and would be lost as " + reference
                            + "; change the image's repository in the declaration first");
        }
        return container.written().with(repository, reference).orElseThrow();
    }

    private List<Container> containersOf(String repository) {
        List<Container> found = new ArrayList<>();
        for (LocatedNode image : images()) {
            image.text()
                    .filter(text -> isOf(text, repository))
                    .map(text -> ImagePlaces.read(
                            file, image.value(), () -> ImageText.of(text, repository, ImageText.Key.IMAGE)))
                    .ifPresent(text -> found.add(new Container(image, text)));
        }
        return found;
    }

    /** Of Argo CD's {@code kustomize.images}, {@code name=image:tag}, either of the two. */
    private static boolean isOf(String text, String repository) {
        int name = text.indexOf('=');
        return ImageReference.isSameRepository(KustomizeImages.withoutVersion(text.substring(name + 1)), repository)
                || name > 0 && ImageReference.isSameRepository(text.substring(0, name), repository);
    }

    private static Optional<ImageReference> parse(String text) {
        try {
            return Optional.of(ImageReference.parse(text));
        } catch (InvalidImageException e) {
            return Optional.empty();
        }
    }

    private List<LocatedNode> images() {
        List<LocatedNode> images = new ArrayList<>();
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
                    boolean outside = entry.name()
                            .filter(key -> key.equals("metadata")
                                    || NO_IMAGES.contains(key)
                                            && !mapping.named("kind").isEmpty())
                            .isPresent();
                    if (!outside) {
                        children.add(entry.value());
                    }
                }
                pushAll(todo, children);
            }
        }
        return images;
    }

    /**
     * What is under {@code image}, both if it is there twice, but for a map that a template stands for; under keys like
     * {@code runnerImage}; and the reference of an image volume.
     */
    private List<LocatedNode> imagesOf(MappingNode mapping) {
        if (mapping.entries().stream().anyMatch(entry -> entry.key() instanceof MappingNode)) {
            return List.of();
        }
        List<LocatedNode> found = new ArrayList<>();
        if (mapping.named(IMAGE).isEmpty()) {
            file.key(mapping, IMAGE).ifPresent(found::add);
        }
        for (MappingNode.Entry entry : mapping.entries()) {
            if (entry.name().filter("kustomize"::equals).isPresent()) {
                KustomizationBases.items(file, entry.value(), KustomizeImages.IMAGES).stream()
                        .filter(ScalarNode.class::isInstance)
                        .forEach(item -> found.add(new LocatedNode(item, List.of())));
                continue;
            }
            boolean image = entry.name().filter(IMAGE::equals).isPresent();
            if (image && entry.value() instanceof MappingNode volume) {
                file.key(volume, "reference").ifPresent(found::add);
            } else if (image || OTHER_IMAGE.matcher(entry.name().orElse("")).matches()) {
                found.add(new LocatedNode(entry.value(), List.of()));
            }
        }
        found.removeIf(image -> hasItsVersionBeside(image, mapping));
        return found;
    }

    /** {@code baseImage} and {@code tag}, as some resources have it: not one string. */
    private static boolean hasItsVersionBeside(LocatedNode image, MappingNode mapping) {
        return image.text()
                        .filter(text -> KustomizeImages.withoutVersion(text).equals(text))
                        .isPresent()
                && mapping.entries().stream()
                        .anyMatch(entry -> entry.name()
                                .flatMap(ImagePart::of)
                                .filter(ImagePart.VERSION::equals)
                                .isPresent());
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
                    .filter(reference -> ImageReference.isSameRepository(reference.repository(), repository))
                    .map(reference -> path + " (line " + file.line(scalar) + ")");
        }
        if (node instanceof MappingNode mapping) {
            boolean map = file.text(mapping, "repository")
                    .filter(text -> ImageReference.isSameRepository(text, repository))
                    .isPresent();
            if (map && !path.steps().isEmpty()) {
                return Optional.of(path + " (line " + file.line(mapping) + ")");
            }
            return mapping.entries().stream()
                    .flatMap(entry ->
                            elsewhere(entry.value(), path.then(entry.name().orElse("?")), repository).stream())
                    .findFirst();
        }
        if (node instanceof SequenceNode sequence) {
            return IntStream.range(0, sequence.items().size())
                    .boxed()
                    .flatMap(i ->
                            elsewhere(sequence.items().get(i), path.then(new YamlPath.Index(i)), repository).stream())
                    .findFirst();
        }
        return Optional.empty();
    }
}
