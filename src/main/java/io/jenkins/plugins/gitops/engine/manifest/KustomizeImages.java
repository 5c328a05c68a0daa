package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.yaml.Found;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.NewValue;
import io.jenkins.plugins.gitops.engine.yaml.Refusal;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
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
 * @see <a href="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/">the images field</a>
 */
record KustomizeImages(YamlFile file, Values values, Map<String, String> repositories) implements ImagesByRepository {

    private static final String IMAGES = "images";
    private static final String NAME = "name";
    private static final String NEW_NAME = "newName";
    private static final String NEW_TAG = "newTag";
    private static final String TAG_SUFFIX = "tagSuffix";
    private static final String DIGEST = "digest";
    private static final List<String> ORDER = List.of(NAME, NEW_NAME, NEW_TAG, DIGEST, TAG_SUFFIX);

    KustomizeImages(YamlFile file, Map<String, String> repositories) {
        this(file, new Values(file), repositories);
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
                .flatMap(key -> values.text(item, key).map(text -> key + " " + text).stream())
                .collect(Collectors.joining(", "));
    }

    @Override
    public Optional<ImageReference> readRepository(String repository) {
        List<ImageReference> found = new ArrayList<>();
        for (int index : entriesOf(repository)) {
            YamlNode entry = items().get(index);
            ImageReference reference = reference(entry);
            if (!found.isEmpty() && !RepositoryNames.sameVersion(found.get(0), reference)) {
                throw file.refuse(
                        entry,
                        Refusal.AMBIGUOUS,
                        "this entry says " + reference + ", another one for the same repository says " + found.get(0)
                                + "; make them agree");
            }
            found.add(reference);
        }
        return found.stream().findFirst();
    }

    private ImageReference reference(YamlNode entry) {
        Optional<String> newName = values.text(entry, NEW_NAME);
        Optional<String> tag = values.text(entry, NEW_TAG);
        Optional<String> digest = values.text(entry, DIGEST);
        if (newName.filter(KustomizeImages::holdsVersion).isPresent() && tag.isEmpty() && digest.isEmpty()) {
            return values.whole(entry, newName.get());
        }
        int at = tag.map(text -> text.indexOf('@')).orElse(-1);
        String repository =
                withoutVersion(newName.or(() -> values.text(entry, NAME)).orElseThrow());
        return values.reference(
                entry,
                repository,
                at < 0 ? tag : Optional.of(tag.get().substring(0, at)),
                at < 0 ? digest : digest.or(() -> Optional.of(tag.get().substring(at + 1))));
    }

    /** {@code newName: registry/repository:tag}: kustomize writes it as it is. */
    private static boolean holdsVersion(String name) {
        return !withoutVersion(name).equals(name);
    }

    private static String withoutVersion(String name) {
        return name.replaceFirst("@.*$", "").replaceFirst(":[^/:]*$", "");
    }

    /** In every entry of the repository, or in a new one. */
    @Override
    public YamlFile writeRepository(String repository, ImageReference reference) {
        List<Integer> entries = entriesOf(repository);
        if (entries.isEmpty()) {
            return append(repository, reference);
        }
        YamlFile edited = file;
        for (int index : entries) {
            edited = new KustomizeImages(edited, repositories).writeEntry(index, repository, reference);
        }
        return edited;
    }

    private YamlFile writeEntry(int index, String repository, ImageReference reference) {
        YamlNode entry = items().get(index);
        ImageReference old = reference(entry);
        boolean renamed = !RepositoryNames.same(reference.repository(), repository)
                && !RepositoryNames.same(reference.repository(), old.repository());
        boolean suffixCounts = old.tag() == null && old.digest() == null;
        YamlFile edited = file;
        if (values.text(entry, NEW_NAME).filter(KustomizeImages::holdsVersion).isPresent()) {
            return writeNewName(index, entry, repository, reference);
        }
        if (renamed) {
            requireKnownByName(entry, repository, reference);
            edited = with(edited, index).set(NEW_NAME, reference.repository());
        }
        boolean together =
                values.text(entry, NEW_TAG).filter(tag -> tag.indexOf('@') >= 0).isPresent()
                        && values.text(entry, DIGEST).isEmpty();
        if (together && reference.tag() != null) {
            String digest = reference.digestValue().map(value -> "@" + value).orElse("");
            return with(edited, index).set(NEW_TAG, reference.tag() + digest);
        }
        edited = change(edited, index, NEW_TAG, old.tagName(), reference.tagName());
        edited = change(edited, index, DIGEST, old.digestValue(), reference.digestValue());
        boolean suffixGoes = values.text(entry, TAG_SUFFIX).isPresent() && (suffixCounts || edited != file);
        return suffixGoes ? with(edited, index).remove(TAG_SUFFIX) : edited;
    }

    private YamlFile writeNewName(int index, YamlNode entry, String repository, ImageReference reference) {
        for (String key : List.of(NEW_TAG, DIGEST, TAG_SUFFIX)) {
            if (values.text(entry, key).isPresent()) {
                throw file.refuse(
                        entry,
                        Refusal.AMBIGUOUS,
                        "this entry has a version in newName and another one under " + key
                                + ", which kustomize puts behind it; keep the repository alone in newName");
            }
        }
        String old = withoutVersion(values.text(entry, NEW_NAME).orElseThrow());
        boolean declared = RepositoryNames.same(reference.repository(), repository);
        ImageReference written = declared ? reference.withRepository(old) : reference;
        if (!RepositoryNames.same(written.repository(), old)) {
            requireKnownByName(entry, repository, reference);
        }
        return with(file, index).set(NEW_NAME, written.toString());
    }

    private void requireKnownByName(YamlNode entry, String repository, ImageReference reference) {
        if (values.text(entry, NAME)
                .filter(name -> RepositoryNames.same(name, repository))
                .isEmpty()) {
            throw file.refuse(
                    entry,
                    Refusal.WRONG_KIND,
                    "this entry is known by its newName " + repository + " and would be lost as " + reference
                            + "; change the image's repository in the declaration first");
        }
    }

    private static YamlFile change(YamlFile file, int index, String key, Optional<String> old, Optional<String> value) {
        if (value.isPresent()) {
            return with(file, index).set(key, value.get());
        }
        return old.isPresent() ? with(file, index).remove(key) : file;
    }

    private static MapEdit with(YamlFile file, int index) {
        return new MapEdit(file, new KustomizeImages(file, Map.of()).items().get(index), ORDER);
    }

    private YamlFile append(String repository, ImageReference reference) {
        Map<String, NewValue> fields = new LinkedHashMap<>();
        fields.put(NAME, new NewValue.Text(repository));
        if (!RepositoryNames.same(reference.repository(), repository)) {
            fields.put(NEW_NAME, new NewValue.Text(reference.repository()));
        }
        reference.tagName().ifPresent(tag -> fields.put(NEW_TAG, new NewValue.Text(tag)));
        reference.digestValue().ifPresent(digest -> fields.put(DIGEST, new NewValue.Text(digest)));
        NewValue.Fields entry = new NewValue.Fields(fields);
        NewValue.Items block = new NewValue.Items(List.of(entry));
        requireNoOtherNameOf(repository);
        if (file.documents().isEmpty()) {
            return file.begin(new NewValue.Fields(Map.of(IMAGES, block)));
        }
        YamlNode root = root().orElseThrow();
        if (!(root instanceof MappingNode mapping)) {
            throw file.refuse(
                    root,
                    Refusal.WRONG_KIND,
                    "a kustomization is a map, but this is " + root.kind() + "; correct the path");
        }
        Optional<Found> images = values.lookup().key(root, IMAGES);
        if (images.isEmpty()) {
            return file.insert(mapping, IMAGES, block);
        }
        YamlNode list = images.get().value();
        if (list instanceof SequenceNode sequence) {
            return file.append(sequence, entry);
        }
        if (list instanceof ScalarNode scalar && scalar.isNull()) {
            return file.fill(scalar, block);
        }
        throw file.refuse(list, Refusal.WRONG_KIND, "images must be a list, but is " + list.kind());
    }

    /** An entry that is known by a placeholder: a second one beside it would change nothing. */
    private void requireNoOtherNameOf(String repository) {
        for (YamlNode item : items()) {
            for (String key : List.of(NAME, NEW_NAME)) {
                Optional<String> name = values.text(item, key);
                String last = RepositoryNames.lastPart(withoutVersion(name.orElse("")));
                if (last.equals(RepositoryNames.lastPart(repository))) {
                    throw file.refuse(
                            item,
                            Refusal.NOT_READ,
                            "no entry has the name " + repository + ", but this one has the " + key + " "
                                    + Shortened.name(name.orElseThrow())
                                    + "; if it is the same image, use the declared repository as the entry's name and"
                                    + " in the base, else add an entry for " + repository);
                }
            }
        }
    }

    private List<Integer> entriesOf(String repository) {
        List<Integer> found = new ArrayList<>();
        Map<String, YamlNode> names = new LinkedHashMap<>();
        List<YamlNode> items = items();
        for (int i = 0; i < items.size(); i++) {
            YamlNode item = items.get(i);
            if (!isEntryOf(item, repository)) {
                continue;
            }
            found.add(i);
            YamlNode first = names.putIfAbsent(values.text(item, NAME).orElse(""), item);
            if (first != null) {
                throw file.refuse(
                        item,
                        Refusal.AMBIGUOUS,
                        "a second entry for the image " + repository + ", the first is on line "
                                + file.position(first).line() + "; remove one");
            }
        }
        return found;
    }

    private boolean isEntryOf(YamlNode item, String repository) {
        Optional<String> name = values.text(item, NAME);
        Optional<String> newName = values.text(item, NEW_NAME).map(KustomizeImages::withoutVersion);
        return name.filter(text -> RepositoryNames.same(text, repository)).isPresent()
                || newName.filter(text -> RepositoryNames.same(text, repository))
                        .isPresent();
    }

    private List<YamlNode> items() {
        return root().flatMap(root -> values.lookup().key(root, IMAGES))
                .map(Found::value)
                .filter(SequenceNode.class::isInstance)
                .map(node -> ((SequenceNode) node).items())
                .orElse(List.of());
    }

    /** The kustomization itself; empty in an empty file. */
    private Optional<YamlNode> root() {
        List<YamlNode> documents = file.documents().stream()
                .filter(document -> !(document instanceof ScalarNode scalar && scalar.isNull()))
                .toList();
        if (documents.size() > 1) {
            throw file.refuse(
                    documents.get(1),
                    Refusal.AMBIGUOUS,
                    "a second document begins here, but a kustomization is one document; correct the path");
        }
        YamlNode root = file.documents().isEmpty()
                ? null
                : documents.isEmpty() ? file.documents().get(0) : documents.get(0);
        if (root instanceof MappingNode) {
            requireKustomization(root);
        }
        return Optional.ofNullable(root);
    }

    /** Flux and KubeVela have kinds of the same name whose images are elsewhere. */
    private void requireKustomization(YamlNode root) {
        String version = values.text(root, "apiVersion").orElse("");
        String kind = values.text(root, "kind").orElse("");
        boolean ours = (version.isEmpty() || version.startsWith("kustomize.config.k8s.io/"))
                && (kind.isEmpty() || kind.equals("Kustomization") || kind.equals("Component"));
        if (!ours) {
            boolean flux = version.startsWith("kustomize.toolkit.fluxcd.io/");
            throw file.refuse(
                    root,
                    Refusal.WRONG_KIND,
                    "this is a " + Shortened.name(kind) + " of " + Shortened.name(version)
                            + ", not a kustomization file; declare it under "
                            + (flux
                                    ? "'values' with a path like spec.images[name=…].newTag"
                                    : "'manifests' or 'values'"));
        }
    }
}
