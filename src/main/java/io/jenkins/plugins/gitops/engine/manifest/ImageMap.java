package io.jenkins.plugins.gitops.engine.manifest;

import com.fasterxml.jackson.databind.node.TextNode;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One map that describes an image: reads the reference that its keys say together, sets and removes keys. */
final class ImageMap {

    /** A tag with its digest behind it, or a digest where a tag would be. */
    private static final Pattern WITH_DIGEST = Pattern.compile("(?:(?<tag>[^@]+)@)?(?<digest>sha(?:256|512):.*)");

    private final YamlFile file;
    private final YamlNode map;
    private final List<String> order;
    private final YamlEdit edit;
    private final Set<String> removed = new HashSet<>();
    private final List<AliasNode> through = new ArrayList<>();
    private boolean changed;

    /** @param order of the keys, for the place of a new one */
    ImageMap(YamlFile file, YamlNode map, List<String> order, YamlEdit edit) {
        this.file = file;
        this.map = map;
        this.order = order;
        this.edit = edit;
    }

    /**
     * The reference of the parts that a map holds under two keys; a tag may have its digest behind it, {@code
     * 1.4@sha256:…}, or be one.
     *
     * @return empty for a version that no registry can have
     */
    static Optional<ImageReference> reference(
            YamlFile file, YamlNode map, String repository, String tagKey, String digestKey) {
        String text = file.text(map, tagKey).orElse("");
        if (text.indexOf('+') >= 0 && text.indexOf('@') < 0) {
            return Optional.empty();
        }
        Matcher both = WITH_DIGEST.matcher(text);
        String tag = text.isEmpty() ? null : both.matches() ? both.group("tag") : text;
        Optional<String> digest =
                file.text(map, digestKey).map(value -> value.indexOf(':') < 0 ? "sha256:" + value : value);
        ImageReference tagged = ImagePlaces.read(
                file, node(file, map, tagKey), () -> part(text, () -> new ImageReference(repository, tag, null)));
        String value = digest.orElse(both.matches() ? both.group("digest") : null);
        return Optional.of(ImagePlaces.read(
                file,
                node(file, map, digest.isPresent() ? digestKey : tagKey),
                () -> part(digest.orElse(""), () -> tagged.withDigest(value))));
    }

    private static <T> T part(String text, Supplier<T> reading) {
        SealedFile.requireUnsealed(text);
        return reading.get();
    }

    private static YamlNode node(YamlFile file, YamlNode map, String key) {
        return file.key(map, key).map(LocatedNode::node).orElse(map);
    }

    /** Whether the text under a tag's key says the digest, too. */
    static boolean holdsDigest(String text) {
        return WITH_DIGEST.matcher(text).matches();
    }

    /** The text under a tag's key for another reference, in the same form; empty if it cannot say it. */
    static Optional<String> withDigest(String text, ImageReference reference) {
        Optional<String> digest = reference.digestValue();
        return text.indexOf('@') < 0
                ? digest.or(reference::tagName)
                : reference
                        .tagName()
                        .map(tag -> tag + digest.map(value -> "@" + value).orElse(""));
    }

    boolean isChanged() {
        return changed;
    }

    /** The aliases on the way from the map to what was changed. */
    List<AliasNode> through() {
        return through;
    }

    void set(String key, String value) {
        Optional<LocatedNode> found = file.key(map, key);
        if (found.isEmpty()) {
            insert(key, value);
        } else if (found.get().value() instanceof ScalarNode scalar) {
            replace(key, found.get(), scalar, value);
        } else {
            throw file.refuse(
                    found.get().node(),
                    "'" + key + "' must be a string, but is "
                            + found.get().value().kind());
        }
    }

    private void replace(String key, LocatedNode found, ScalarNode scalar, String value) {
        boolean same = scalar.value().strip().equals(value);
        if (same && scalar.isString()) {
            return;
        }
        if (found.node() instanceof AliasNode alias) {
            throw ImagePlaces.shared(file, key, alias);
        }
        edit.replace(scalar, scalar.value().endsWith("\n") ? value + "\n" : value);
        changed = true;
        through.addAll(same ? List.of() : found.through());
    }

    private void insert(String key, String value) {
        MappingNode mapping = own();
        changed = true;
        for (int i = order.indexOf(key) - 1; i >= 0; i--) {
            List<MappingNode.Entry> before = mapping.named(order.get(i));
            if (!before.isEmpty() && !removed.contains(order.get(i))) {
                edit.insertAfter(mapping, before.get(0), key, TextNode.valueOf(value));
                return;
            }
        }
        edit.insert(mapping, key, TextNode.valueOf(value));
    }

    /** Takes the key away, if it is there. */
    void remove(String key) {
        if (file.key(map, key).isEmpty()) {
            return;
        }
        MappingNode mapping = own();
        List<MappingNode.Entry> entries = mapping.named(key);
        if (entries.isEmpty()) {
            throw file.refuseShared(
                    map, "'" + key + "' comes from a merged map and cannot be removed here alone; write the keys out");
        }
        edit.remove(mapping, entries.get(0));
        removed.add(key);
        changed = true;
    }

    private MappingNode own() {
        if (map instanceof MappingNode mapping) {
            return mapping;
        }
        throw map instanceof AliasNode alias
                ? ImagePlaces.shared(file, "the map", alias)
                : file.refuse(map, "a map is expected here, but this is " + map.kind());
    }
}
