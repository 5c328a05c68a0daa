package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.Found;
import io.jenkins.plugins.gitops.engine.yaml.Lookup;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.Refusal;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
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
 * The images of the containers in Kubernetes manifests, wherever a pod's containers are listed: in Pods, workloads,
 * CronJobs, Lists, and resources of other kinds that embed a pod (Argo Rollouts, for example).
 */
record ContainerImages(YamlFile file, Values values, Map<String, String> repositories) implements ImagesByRepository {

    private static final Set<String> LISTS = Set.of("containers", "initContainers", "ephemeralContainers");

    ContainerImages(YamlFile file, Map<String, String> repositories) {
        this(file, new Values(file), repositories);
    }

    @Override
    public List<Bystander> bystanders(Set<String> released) {
        List<Bystander> found = new ArrayList<>();
        for (Found image : images()) {
            values.text(image)
                    .filter(text -> !isOneOf(text, released))
                    .ifPresent(text -> found.add(new Bystander(image.node(), text)));
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
                Sharing.requireOwn(file, "image", container.image().through(), moving);
                String value = text(container, repository, reference);
                changes.put(container.scalar(), container.scalar().value().endsWith("\n") ? value + "\n" : value);
            }
        }
        for (Container container : stale) {
            if (container.image().node() instanceof AliasNode alias && !changes.containsKey(container.scalar())) {
                throw Sharing.refusal(file, "image", alias);
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
                for (MappingNode.Entry entry : mapping.entries()) {
                    children.add(entry.value());
                    if (entry.name().filter(LISTS::contains).isPresent()) {
                        containerImages(entry.value(), images, seen);
                    }
                }
                pushAll(todo, children);
            }
        }
        return images;
    }

    private void containerImages(YamlNode list, List<Found> images, Set<YamlNode> seen) {
        Lookup lookup = values.lookup();
        YamlNode items = list instanceof AliasNode alias ? alias.target() : list;
        if (items instanceof SequenceNode sequence) {
            for (YamlNode item : sequence.items()) {
                lookup.key(item, "image")
                        .filter(found -> found.value() instanceof ScalarNode && seen.add(found.node()))
                        .ifPresent(images::add);
            }
        }
    }

    /** In the order of the text. */
    private static void pushAll(Deque<YamlNode> todo, List<YamlNode> children) {
        for (int i = children.size() - 1; i >= 0; i--) {
            todo.push(children.get(i));
        }
    }
}
