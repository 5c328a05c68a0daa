package io.jenkins.plugins.gitops.engine.manifest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The {@code images} list of a kustomization.
 *
 * <p>An entry is an image's if its {@code name} or its {@code newName} is the image's repository. kustomize renders {@code
 * newName:newTag@digest}, so both say the version and a stale one of them must go; {@code tagSuffix} counts only where
 * neither is set.
 *
 * @param spec of a resource that has such a list; empty for a kustomization file
 * @see <a href="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/">the images field</a>
 */
record KustomizeImages(YamlFile file, Map<String, String> repositories, Optional<YamlNode> spec)
        implements ImagePlaces {

    static final String IMAGES = "images";
    static final String NAME = "name";
    static final String NEW_NAME = "newName";
    private static final String NEW_TAG = "newTag";
    private static final String TAG_SUFFIX = "tagSuffix";
    private static final String DIGEST = "digest";
    /** What a kustomization may hold; it need not say its kind. */
    private static final Set<String> FIELDS = Set.of("""
        apiVersion bases buildMetadata commonAnnotations commonLabels components configMapGenerator
        configurations crds generatorOptions generators helmCharts helmChartInflationGenerator helmGlobals
        images imageTags kind labels metadata namePrefix nameSuffix namespace openapi patches
        patchesJson6902 patchesStrategicMerge replacements replicas resources secretGenerator sortOptions
        transformers validators vars
        """.strip().split("\\s+"));

    private static final List<String> ORDER = List.of(NAME, NEW_NAME, NEW_TAG, DIGEST, TAG_SUFFIX);

    KustomizeImages(YamlFile file, Map<String, String> repositories) {
        this(file, repositories, Optional.empty());
    }

    @Override
    public List<OtherImage> otherImages(Set<String> released) {
        return items().stream()
                .filter(item -> released.stream()
                        .map(repositories::get)
                        .noneMatch(repository -> repository != null && isEntryOf(item, repository)))
                .map(item -> new OtherImage(item, describe(item)))
                .toList();
    }

    private String describe(YamlNode item) {
        return ORDER.stream()
                .flatMap(key -> file.text(item, key).map(text -> key + " " + text).stream())
                .collect(Collectors.joining(", "));
    }

    @Override
    public Optional<ImageReference> read(String image) {
        List<ImageReference> found = new ArrayList<>();
        for (YamlNode entry : entriesOf(repositories.getOrDefault(image, ""))) {
            // A version that no registry can have is there to be replaced.
            reference(entry).ifPresent(reference -> {
                if (!found.isEmpty() && !found.get(0).hasVersionOf(reference)) {
                    throw file.refuse(
                            entry,
                            "this entry says " + reference + ", another one for the same repository says "
                                    + found.get(0) + "; make them agree");
                }
                found.add(reference);
            });
        }
        return found.stream().findFirst();
    }

    private Optional<ImageReference> reference(YamlNode entry) {
        Optional<String> newName = file.text(entry, NEW_NAME);
        boolean apart = file.text(entry, NEW_TAG).isPresent()
                || file.text(entry, DIGEST).isPresent();
        if (newName.filter(KustomizeImages::holdsVersion).isPresent() && !apart) {
            return ImagePlaces.read(
                    file,
                    entry,
                    () -> ImageText.of(newName.get(), "", ImageText.Key.IMAGE).reference(""));
        }
        String repository =
                withoutVersion(newName.or(() -> file.text(entry, NAME)).orElseThrow());
        return ImageMap.reference(file, entry, repository, NEW_TAG, DIGEST);
    }

    /** {@code newName: registry/repository:tag}: kustomize writes it as it is. */
    private static boolean holdsVersion(String name) {
        return !withoutVersion(name).equals(name);
    }

    static String withoutVersion(String name) {
        int digest = name.indexOf('@');
        String tagged = digest < 0 ? name : name.substring(0, digest);
        int tag = tagged.lastIndexOf(':');
        return tag < 0 || tag < tagged.lastIndexOf('/') ? tagged : tagged.substring(0, tag);
    }

    @Override
    public boolean isNew(String image) {
        return repositories.containsKey(image)
                && entriesOf(repositories.get(image)).isEmpty();
    }

    /** In every entry of the repository, or in a new one. */
    @Override
    public void write(String image, Map<String, Version> release, YamlEdit edit) {
        ImageReference reference = (ImageReference) release.get(image);
        String repository = repositories.getOrDefault(image, reference.repository());
        List<YamlNode> entries = entriesOf(repository);
        if (entries.isEmpty()) {
            append(repository, reference, edit);
        }
        entries.forEach(entry -> writeEntry(entry, repository, reference, edit));
    }

    private void writeEntry(YamlNode entry, String repository, ImageReference reference, YamlEdit edit) {
        ImageMap map = new ImageMap(file, entry, ORDER, edit);
        if (file.text(entry, NEW_NAME).filter(KustomizeImages::holdsVersion).isPresent()) {
            writeNewName(entry, repository, reference, map);
            return;
        }
        String old = file.text(entry, NEW_NAME).or(() -> file.text(entry, NAME)).orElse(repository);
        if (!ImageReference.isSameRepository(reference.repository(), repository)
                && !ImageReference.isSameRepository(reference.repository(), old)) {
            requireKnownByName(entry, repository, reference);
            map.set(NEW_NAME, reference.repository());
        }
        Optional<String> together = file.text(entry, NEW_TAG)
                .filter(tag -> tag.indexOf('@') >= 0 && file.text(entry, DIGEST).isEmpty())
                .flatMap(tag -> ImageMap.withDigest(tag, reference));
        if (together.isPresent()) {
            map.set(NEW_TAG, together.get());
            return;
        }
        boolean suffixCounts =
                file.text(entry, NEW_TAG).isEmpty() && file.text(entry, DIGEST).isEmpty();
        change(map, NEW_TAG, file.text(entry, NEW_TAG), reference.tagName());
        change(map, DIGEST, file.text(entry, DIGEST), reference.digestValue());
        if (file.text(entry, TAG_SUFFIX).isPresent() && (suffixCounts || map.isChanged())) {
            map.remove(TAG_SUFFIX);
        }
    }

    private void writeNewName(YamlNode entry, String repository, ImageReference reference, ImageMap map) {
        for (String key : List.of(NEW_TAG, DIGEST, TAG_SUFFIX)) {
            if (file.text(entry, key).isPresent()) {
                throw file.refuse(
                        entry,
                        "this entry has a version in newName and another one under " + key
                                + ", which kustomize puts behind it; keep the repository alone in newName");
            }
        }
        String old = withoutVersion(file.text(entry, NEW_NAME).orElseThrow());
        boolean declared = ImageReference.isSameRepository(reference.repository(), repository);
        ImageReference written = declared ? reference.withRepository(old) : reference;
        if (!ImageReference.isSameRepository(written.repository(), old)) {
            requireKnownByName(entry, repository, reference);
        }
        map.set(NEW_NAME, written.toString());
    }

    private void requireKnownByName(YamlNode entry, String repository, ImageReference reference) {
        if (file.text(entry, NAME)
                .filter(name -> ImageReference.isSameRepository(name, repository))
                .isEmpty()) {
            throw file.refuse(
                    entry,
                    "this entry is known by its newName " + repository + " and would be lost as " + reference
                            + "; change the image's repository in the declaration first");
        }
    }

    private static void change(ImageMap map, String key, Optional<String> old, Optional<String> value) {
        if (value.isPresent()) {
            map.set(key, value.get());
        } else if (old.isPresent()) {
            map.remove(key);
        }
    }

    private void append(String repository, ImageReference reference, YamlEdit edit) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode().put(NAME, repository);
        if (!ImageReference.isSameRepository(reference.repository(), repository)) {
            entry.put(NEW_NAME, reference.repository());
        }
        reference.tagName().ifPresent(tag -> entry.put(NEW_TAG, tag));
        reference.digestValue().ifPresent(digest -> entry.put(DIGEST, digest));
        ArrayNode block = JsonNodeFactory.instance.arrayNode().add(entry);
        requireMaps();
        requireNoOtherNameOf(repository);
        if (file.documents().isEmpty()) {
            edit.begin(JsonNodeFactory.instance.objectNode().set(IMAGES, block));
            return;
        }
        YamlNode root = root().orElseThrow();
        if (!(root instanceof MappingNode mapping)) {
            throw file.refuse(root, "a kustomization is a map, but this is " + root.kind() + "; correct the path");
        }
        Optional<LocatedNode> images = file.key(root, IMAGES);
        if (images.isEmpty()) {
            edit.insert(mapping, IMAGES, block);
            return;
        }
        YamlNode list = images.get().value();
        if (list instanceof SequenceNode sequence) {
            edit.append(sequence, entry);
        } else if (list instanceof ScalarNode scalar && scalar.isNull()) {
            edit.fill(scalar, block);
        } else {
            throw file.refuse(list, "images must be a list, but is " + list.kind());
        }
    }

    private void requireMaps() {
        items().stream()
                .filter(item -> item instanceof ScalarNode || item instanceof SequenceNode)
                .findFirst()
                .ifPresent(item -> {
                    throw file.refuse(
                            item,
                            "an entry of images is a map with a name, but this is " + item.kind()
                                    + "; correct the file, or declare it under 'values' with the path of the image");
                });
    }

    /** An entry that is known by a placeholder: a second one beside it would change nothing. */
    private void requireNoOtherNameOf(String repository) {
        for (YamlNode item : items()) {
            for (String key : List.of(NAME, NEW_NAME)) {
                Optional<String> name = file.text(item, key);
                String last = ImageReference.lastPart(withoutVersion(name.orElse("")));
                if (last.equals(ImageReference.lastPart(repository))) {
                    throw file.refuse(
                            item,
                            "no entry has the name " + repository + ", but this one has the " + key + " "
                                    + Shortened.name(name.orElseThrow())
                                    + "; if it is the same image, use the declared repository as the entry's name and"
                                    + " in the base, else add an entry for " + repository);
                }
            }
        }
    }

    List<YamlNode> entriesOf(String repository) {
        List<YamlNode> found =
                items().stream().filter(item -> isEntryOf(item, repository)).toList();
        Map<String, YamlNode> names = new LinkedHashMap<>();
        for (YamlNode item : found) {
            YamlNode first = names.putIfAbsent(file.text(item, NAME).orElse(""), item);
            if (first != null) {
                throw file.refuse(
                        item,
                        "a second entry for the image " + repository + ", the first is on line " + file.line(first)
                                + "; remove one");
            }
        }
        return found;
    }

    private boolean isEntryOf(YamlNode item, String repository) {
        Optional<String> name = file.text(item, NAME);
        Optional<String> newName = file.text(item, NEW_NAME).map(KustomizeImages::withoutVersion);
        return name.filter(text -> ImageReference.isSameRepository(text, repository))
                        .isPresent()
                || newName.filter(text -> ImageReference.isSameRepository(text, repository))
                        .isPresent();
    }

    private List<YamlNode> items() {
        return root().flatMap(root -> file.key(root, IMAGES))
                .map(LocatedNode::value)
                .filter(SequenceNode.class::isInstance)
                .map(node -> ((SequenceNode) node).items())
                .orElse(List.of());
    }

    /** The kustomization itself; empty in an empty file. */
    private Optional<YamlNode> root() {
        if (spec.isPresent()) {
            return spec;
        }
        List<YamlNode> documents = file.documents().stream()
                .filter(document -> !(document instanceof ScalarNode scalar && scalar.isNull()))
                .toList();
        if (documents.size() > 1) {
            throw file.refuse(
                    documents.get(1),
                    "a second document begins here, but a kustomization is one document; correct the path");
        }
        YamlNode root = file.documents().isEmpty()
                ? null
                : documents.isEmpty() ? file.documents().get(0) : documents.get(0);
        if (root instanceof MappingNode mapping) {
            requireKustomization(mapping);
        }
        return Optional.ofNullable(root);
    }

    /** Flux and KubeVela have kinds of the same name whose images are elsewhere. */
    private void requireKustomization(MappingNode root) {
        String version = file.text(root, "apiVersion").orElse("");
        String kind = file.text(root, "kind").orElse("");
        boolean ours = (version.isEmpty() || version.startsWith("kustomize.config.k8s.io/"))
                && (kind.isEmpty() || kind.equals("Kustomization") || kind.equals("Component"));
        if (!ours) {
            if (kind.equalsIgnoreCase("Kustomization") && !kind.equals("Kustomization")) {
                throw file.refuse(
                        root, "kustomize does not know the kind " + Shortened.name(kind) + "; write Kustomization");
            }
            boolean flux = version.startsWith("kustomize.toolkit.fluxcd.io/");
            String article = kind.matches("[AEIOU].*") ? "an " : "a ";
            throw file.refuse(
                    root,
                    "this is " + (kind.isEmpty() ? "a file" : article + Shortened.name(kind))
                            + (version.isEmpty() ? "" : " of " + Shortened.name(version))
                            + ", not a kustomization file; declare it under "
                            + (flux ? "'manifests'" : "'manifests' or 'values'"));
        }
        boolean unknown = kind.isEmpty()
                && !root.entries().isEmpty()
                && root.entries().stream()
                        .noneMatch(entry -> FIELDS.contains(entry.name().orElse("")));
        if (!root.named("imageTags").isEmpty()) {
            throw file.refuse(
                    root.named("imageTags").get(0).key(),
                    "imageTags is the old name of images, and kustomize reads it, too; rename the key to images");
        }
        if (unknown) {
            throw file.refuse(
                    root,
                    "kustomize knows none of these keys: this is " + root.kind() + ", not a kustomization file; correct"
                            + " the path, or declare it under 'values'");
        }
    }
}
