package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.Found;
import io.jenkins.plugins.gitops.engine.yaml.Lookup;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.Refusal;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One image of a Helm values file.
 *
 * @param path where it stands: a map of {@code registry, repository, tag, digest}, or one string
 * @param repository the declared one, for what the file leaves out
 */
record HelmImages(YamlFile file, Values values, YamlPath path, String repository) {

    private static final List<String> ORDER = List.of("registry", "repository", "name", "tag", "digest");

    HelmImages(YamlFile file, YamlPath path, String repository) {
        this(file, new Values(file), path, repository);
    }

    /** What stands there; empty if nothing does. */
    Optional<ImageReference> read() {
        if (file.documents().isEmpty()) {
            return Optional.empty();
        }
        Optional<Found> found = values.lookup().find(root(), path);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        YamlNode node = found.get().value();
        if (node instanceof MappingNode) {
            return isImage(node) ? Optional.of(map(node).reference()) : Optional.empty();
        }
        return values.text(found.get()).map(text -> one(node, text).reference(repository));
    }

    /** Where it stands; only for an image that is there. */
    YamlNode place() {
        return values.lookup().require(root(), path).node();
    }

    /** Every alias on the way to what this edit of the file changed. */
    List<AliasNode> aliasesOfChanges(YamlFile edited) {
        List<AliasNode> aliases = new ArrayList<>();
        for (YamlPath place : places()) {
            Optional<Found> before = values.lookup().find(root(), place);
            Optional<Found> after = new Lookup(edited).find(edited.documents().get(0), place);
            if (!before.flatMap(values::text).equals(after.flatMap(values::text))) {
                // A key that is new goes into the map itself.
                before.or(() -> values.lookup().find(root(), path)).ifPresent(found -> collect(found, aliases));
            }
        }
        return aliases;
    }

    /** Every alias on the way to the image or a part of it. */
    List<AliasNode> aliases() {
        List<AliasNode> aliases = new ArrayList<>();
        places().forEach(place -> values.lookup().find(root(), place).ifPresent(found -> collect(found, aliases)));
        return aliases;
    }

    private List<YamlPath> places() {
        List<YamlPath> places = new ArrayList<>(List.of(path));
        ORDER.forEach(key -> places.add(path.then(key)));
        return places;
    }

    private static void collect(Found found, List<AliasNode> aliases) {
        aliases.addAll(found.through());
        if (found.node() instanceof AliasNode alias) {
            aliases.add(alias);
        }
    }

    YamlFile write(ImageReference reference) {
        if (file.documents().isEmpty()) {
            throw file.refuse(Refusal.NOT_FOUND, "there is no '" + path + "': the file is empty; add the key");
        }
        Found found = values.lookup().require(root(), path);
        YamlNode node = found.value();
        if (node instanceof ScalarNode scalar) {
            return writeOne(found, scalar, reference);
        }
        if (!(node instanceof MappingNode) || !isImage(node)) {
            throw file.refuse(
                    node,
                    Refusal.WRONG_KIND,
                    "'" + path + "' is " + node.kind()
                            + ": neither a map with repository, tag or digest nor one string; correct the path");
        }
        return map(node).write(reference);
    }

    private HelmImageMap map(YamlNode node) {
        return new HelmImageMap(file, values, root(), node, path, repository);
    }

    private boolean isImage(YamlNode node) {
        return List.of("registry", "repository", "tag", "digest").stream()
                .anyMatch(key -> values.lookup().key(node, key).isPresent());
    }

    private YamlFile writeOne(Found found, ScalarNode scalar, ImageReference reference) {
        Optional<String> text = values.text(found);
        Optional<String> written =
                text.isPresent() ? one(scalar, text.get()).with(repository, reference) : fresh(reference);
        String value = written.orElseThrow(() -> file.refuse(
                scalar,
                Refusal.WRONG_KIND,
                "'" + path + "' holds only a version and cannot say " + reference + "; release a tag of " + repository
                        + ", or name the whole image's path"));
        if (scalar.isString() && text.filter(value::equals).isPresent()) {
            return file;
        }
        if (found.node() instanceof AliasNode alias) {
            throw Sharing.refusal(file, path.toString(), alias);
        }
        return file.replace(scalar, scalar.value().endsWith("\n") ? value + "\n" : value);
    }

    private Optional<String> fresh(ImageReference reference) {
        return reading() == ImageText.Reading.IMAGE
                ? Optional.of(reference.toString())
                : new ImageText.Tag("", null).with(repository, reference);
    }

    private ImageText one(YamlNode node, String text) {
        return values.oneImage(node, text, repository, reading());
    }

    /** A key that ends in image holds an image; any other may hold a tag alone. */
    private ImageText.Reading reading() {
        YamlPath.Step last = path.steps().get(path.steps().size() - 1);
        boolean image = last instanceof YamlPath.Key key
                && key.name().toLowerCase(java.util.Locale.ROOT).endsWith("image");
        return image ? ImageText.Reading.IMAGE : ImageText.Reading.TAG;
    }

    private YamlNode root() {
        return file.documents().get(0);
    }
}
