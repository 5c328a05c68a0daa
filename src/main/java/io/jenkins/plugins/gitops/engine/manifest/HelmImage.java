package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One image of a Helm values file, or of a resource that has values in it.
 *
 * @param path where it is: a map of {@code registry, repository, tag, digest}, or one string
 * @param repository the declared one, for what the file leaves out
 * @param chosen the document, or empty for the one that has the path, and of several the one that has this image
 */
record HelmImage(YamlFile file, YamlPath path, String repository, Optional<YamlNode> chosen) {

    HelmImage(YamlFile file, YamlPath path, String repository) {
        this(file, path, repository, Optional.empty());
    }

    /** What is there; empty if nothing is, or a version that no registry can have. */
    Optional<ImageReference> read() {
        if (file.documents().isEmpty()) {
            return Optional.empty();
        }
        Optional<LocatedNode> found = file.find(root(), path);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        YamlNode node = found.get().value();
        if (node instanceof MappingNode) {
            return map(node).isImage() ? map(node).reference() : Optional.empty();
        }
        return found.get().text().flatMap(text -> one(node, text).reference(repository));
    }

    /** Whether a map says the version in a key of its own, and its repository has none. */
    boolean hasVersionBeside() {
        return place() instanceof MappingNode node && map(node).hasVersionBeside();
    }

    /** Where it is; only for an image that is there. */
    YamlNode place() {
        return file.require(root(), path).node();
    }

    /** Every alias on the way to the image or a part of it. */
    List<AliasNode> aliases() {
        return Stream.concat(Stream.of(path), HelmImageMap.ORDER.stream().map(path::then))
                .flatMap(place -> file.find(root(), place).stream())
                .flatMap(found -> found.aliases().stream())
                .toList();
    }

    /** @return the aliases on the way to what is changed; empty if nothing is */
    List<AliasNode> write(ImageReference reference, YamlEdit edit) {
        if (file.documents().isEmpty()) {
            throw file.refuse("there is no '" + path + "': the file is empty; add the key");
        }
        LocatedNode found = file.require(root(), path);
        YamlNode node = found.value();
        if (node instanceof ScalarNode scalar) {
            return writeOne(found, scalar, reference, edit);
        }
        if (!(node instanceof MappingNode) || !map(node).isImage()) {
            throw file.refuse(
                    node,
                    "'" + path + "' is " + node.kind()
                            + ": neither a map with repository, tag or digest nor one string; correct the path");
        }
        ImageMap keys = map(node).write(reference, edit);
        return keys.isChanged()
                ? Stream.concat(found.aliases().stream(), keys.through().stream())
                        .toList()
                : List.of();
    }

    private HelmImageMap map(YamlNode node) {
        return new HelmImageMap(file, root(), node, path, repository);
    }

    private List<AliasNode> writeOne(LocatedNode found, ScalarNode scalar, ImageReference reference, YamlEdit edit) {
        Optional<ImageText> text = found.text().map(there -> one(scalar, there));
        text.flatMap(there -> there.anotherThan(repository))
                .filter(other -> !ImageReference.isSameRepository(other, reference.repository()))
                .ifPresent(other -> {
                    // Under a key that names no image it may be a secret.
                    String name = key() == ImageText.Key.OTHER ? "" : ", " + Shortened.name(other) + ",";
                    throw file.refuse(
                            scalar,
                            "'" + path + "' is another image" + name + " and not " + repository
                                    + "; correct the path, or declare that repository");
                });
        text.filter(there -> there.repository() == null).ifPresent(version -> requireThisImage(scalar));
        text.filter(there -> there.repository() != null).ifPresent(whole -> requireVersion(scalar, whole));
        Optional<String> written = text.isPresent() ? text.get().with(repository, reference) : fresh(scalar, reference);
        String held = text.filter(ImageText::isDigest).isPresent() ? "digest" : "tag";
        String value = written.orElseThrow(() -> file.refuse(
                scalar,
                "'" + path + "' holds only a " + held + " and cannot hold " + reference + "; release a " + held + " of "
                        + repository + ", or declare the path of the whole image"));
        if (scalar.isString() && found.text().filter(value::equals).isPresent()) {
            return List.of();
        }
        if (found.node() instanceof AliasNode alias) {
            throw ImagePlaces.shared(file, path.toString(), alias);
        }
        edit.replace(scalar, scalar.value().endsWith("\n") ? value + "\n" : value);
        return found.through();
    }

    /** A version alone is of the image that the keys beside it say, and counts only if no digest stands there. */
    private void requireThisImage(YamlNode at) {
        requireVersionOfThis(
                at, ImagePart.of(name()).filter(ImagePart.VERSION::equals).isPresent());
    }

    /** @param alone whether a digest beside it would decide what runs */
    void requireVersionOfThis(YamlNode at, boolean alone) {
        beside(ImagePart.REPOSITORY)
                .filter(text -> text.indexOf('/') > 0 && !text.contains("://") && !text.contains("{{"))
                .map(KustomizeImages::withoutVersion)
                .filter(other -> !ImageReference.mayBeMirror(other, repository))
                .findFirst()
                .ifPresent(other -> {
                    throw file.refuse(
                            at,
                            "'" + path + "' is the version of another image, " + Shortened.name(other) + ", and not of "
                                    + repository + "; correct the path, or declare that repository");
                });
        if (alone) {
            requireNoDigest(at);
        }
    }

    private void requireNoDigest(YamlNode at) {
        if (beside(ImagePart.DIGEST).anyMatch(text -> !text.isEmpty())) {
            boolean map = HelmImageMap.ORDER.contains(name());
            throw file.refuse(
                    at,
                    "beside '" + path + "' is a digest, which decides what runs; "
                            + (map
                                    ? "declare the path '" + path.parent() + "', so that both change"
                                    : "remove it from the file"));
        }
    }

    /** A repository alone has its version under another key. */
    private void requireVersion(YamlNode at, ImageText whole) {
        boolean version = whole.tag() != null || whole.digest() != null;
        if (version) {
            requireNoDigest(at);
        } else if (beside(ImagePart.VERSION).findAny().isPresent()
                || key() == ImageText.Key.OTHER && name().matches("(?i).*(repo|repository|name)")) {
            throw file.refuse(
                    at,
                    "'" + path + "' is a repository without a version; declare the path of its version, or of the map"
                            + " that holds both");
        }
    }

    /**
     * The texts, the empty ones, too, that say a part of the same image: under the other keys of the map that the value is
     * in, or under the other parameters of the list.
     */
    private Stream<String> beside(ImagePart part) {
        if (path.last().isEmpty()) {
            return Stream.of();
        }
        boolean ofImage = ImageText.Key.of(path.parent().last().orElse("")) == ImageText.Key.IMAGE;
        Predicate<String> wanted = other -> !other.equals(name())
                && ImagePart.of(other).filter(part::equals).isPresent()
                && (ofImage || ImagePart.owner(other).equals(ImagePart.owner(name())));
        YamlPath around = isParameter() ? path.parent().parent() : path.parent();
        YamlNode node = file.require(root(), around).value();
        return isParameter()
                ? ((SequenceNode) node)
                        .items().stream()
                                .filter(item -> file.text(item, ((YamlPath.Item) step(path.parent())).key())
                                        .filter(wanted)
                                        .isPresent())
                                .map(item -> file.text(item, "value").orElse(""))
                : file.keys(node).stream()
                        .filter(wanted)
                        .map(key -> file.text(node, key).orElse(""));
    }

    private Optional<String> fresh(ScalarNode empty, ImageReference reference) {
        return switch (key()) {
            case IMAGE -> Optional.of(reference.toString());
            case VERSION -> ImageText.version("", null).with(repository, reference);
            case OTHER ->
                throw file.refuse(
                        empty,
                        "'" + path + "' is empty, and its key is not one of a version or image; correct the path");
        };
    }

    private ImageText one(YamlNode node, String text) {
        return ImagePlaces.read(file, node, () -> ImageText.of(text, repository, key()));
    }

    private ImageText.Key key() {
        return path.last().isEmpty() ? ImageText.Key.IMAGE : ImageText.Key.of(name());
    }

    /** What names the value: its key, or the name of the parameter that it is the value of; empty for a list's item. */
    private String name() {
        return nameOf(path);
    }

    static String nameOf(YamlPath path) {
        return isParameter(path)
                ? ((YamlPath.Item) step(path.parent())).value()
                : path.last().orElse("");
    }

    private boolean isParameter() {
        return isParameter(path);
    }

    private static boolean isParameter(YamlPath path) {
        YamlPath above = path.parent();
        return path.last().filter("value"::equals).isPresent()
                && !above.steps().isEmpty()
                && step(above) instanceof YamlPath.Item;
    }

    private static YamlPath.Step step(YamlPath of) {
        return of.steps().get(of.steps().size() - 1);
    }

    private YamlNode root() {
        return chosen.orElseGet(() -> file.documents().get(document()));
    }

    /**
     * The one document that has the path: of several the one whose image this is. Helm itself reads the first document
     * alone, so a later one has to be a resource.
     */
    private int document() {
        List<YamlNode> documents = file.documents();
        if (documents.size() < 2) {
            return 0;
        }
        List<Integer> having = having(found -> true);
        List<Integer> holding =
                having(found -> ImageReference.isSameRepository(found, repository) || repository.endsWith("/" + found));
        List<Integer> mirrors = holding.isEmpty()
                ? having(found -> found.indexOf('/') > 0 && ImageReference.mayBeMirror(found, repository))
                : holding;
        List<Integer> chosen = mirrors.size() == 1 ? mirrors : having;
        if (chosen.size() > 1) {
            throw file.refuse(
                    file.require(documents.get(chosen.get(1)), path).node(),
                    "'" + path + "' is in several documents, first on line "
                            + file.line(file.require(documents.get(chosen.get(0)), path)
                                    .node())
                            + ", and not exactly one of them holds " + repository
                            + "; say which with 'document'");
        }
        int document = chosen.isEmpty() ? 0 : chosen.get(0);
        if (document > 0 && file.text(documents.get(document), "kind").isEmpty()) {
            throw file.refuse(
                    documents.get(document),
                    "'" + path + "' is in a later document of the file, and Helm reads the first one alone; give this"
                            + " document its own file");
        }
        return document;
    }

    /** The documents that have the path, and an image whose repository is of a kind there. */
    private List<Integer> having(Predicate<String> repository) {
        return IntStream.range(0, file.documents().size())
                .filter(i -> file.find(file.documents().get(i), path)
                        .filter(found ->
                                repositories(file.documents().get(i), found).anyMatch(repository))
                        .isPresent())
                .boxed()
                .toList();
    }

    private Stream<String> repositories(YamlNode document, LocatedNode found) {
        YamlNode map = found.value() instanceof MappingNode
                        || path.last().isEmpty()
                        || path.steps().size() < 2
                ? found.value()
                : file.find(document, path.parent()).map(LocatedNode::value).orElse(found.value());
        return Stream.of(Optional.of(""), file.text(map, "repository"), file.text(map, "name"), found.text())
                .flatMap(Optional::stream)
                .map(KustomizeImages::withoutVersion);
    }
}
