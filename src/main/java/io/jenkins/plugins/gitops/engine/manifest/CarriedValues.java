package io.jenkins.plugins.gitops.engine.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.model.Carries;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.PlainTree;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The carried values of a Helm values file: what they say, and how the file of another environment comes to say the same.
 * A key that is not in the one goes from the other. Everything else in the file stays, byte for byte.
 */
public final class CarriedValues {

    /** How SOPS writes what it encrypted, with a key of the file and for that place alone. */
    private static final String SEALED = "\"ENC[";

    private final Selected root = new Selected();

    /** A key on the way to what is declared, at it, or below it. */
    private static final class Selected {
        private final Map<String, Selected> below = new TreeMap<>();
        private boolean carried;
        private boolean kept;

        Selected at(YamlPath path) {
            Selected at = this;
            for (YamlPath.Step step : path.steps()) {
                at = at.below.computeIfAbsent(((YamlPath.Key) step).name(), first -> new Selected());
            }
            return at;
        }
    }

    /** A key that may be carried, whole or in parts. */
    private record Key(String name, Selected selected, boolean carried) {

        boolean isWhole() {
            return carried && selected.below.isEmpty();
        }
    }

    public CarriedValues(Carries carries) {
        carries.values().forEach(path -> root.at(path).carried = true);
        carries.keeps().forEach(path -> root.at(path).kept = true);
    }

    /**
     * What a file says of the carried keys: the same text for the same values, in whatever order and style they are.
     *
     * @throws EditRefusedException if the file cannot be read, or a value means something only there
     */
    public String says(String path, byte[] content) {
        return canonical(carried(parse(path, content)));
    }

    /**
     * The file with the carried values of another.
     *
     * @return the given content where it says the same
     * @throws EditRefusedException if one of the files cannot be read, or this one not be edited safely
     */
    public byte[] write(String path, byte[] content, String fromPath, byte[] fromContent) {
        YamlFile from = parse(fromPath, fromContent);
        YamlFile before = parse(path, content);
        ObjectNode wanted = carried(from);
        ObjectNode is = carried(before);
        if (wanted.equals(is)) {
            return content;
        }
        requireOpen(from, wanted);
        requireOpen(before, is);
        SealedFile.requireNoChecksum(before);
        YamlFile after = new Sync(from, before).all();
        if (!carried(after).equals(wanted)) {
            throw before.refuse("the values of " + fromPath
                    + " cannot be carried here without changing something else; write them in a simpler form");
        }
        return after.toBytes();
    }

    private static YamlFile parse(String path, byte[] content) {
        SealedFile.requireText(path, content);
        YamlFile file = YamlFile.parse(path, content);
        if (file.documents().size() > 1) {
            throw file.refuse(
                    file.documents().get(1), "values are carried only between files of one document; split the file");
        }
        return file;
    }

    private static void requireOpen(YamlFile file, JsonNode carried) {
        if (canonical(carried).contains(SEALED)) {
            throw file.refuse("a carried value is encrypted with SOPS, for its place in this file alone: name it under"
                    + " 'keeps', or keep it in a file of its own that is carried");
        }
    }

    /** The carried part of the file; a map that only leads to carried keys is left out where it has none. */
    private ObjectNode carried(YamlFile file) {
        return file.documents().isEmpty()
                ? JsonNodeFactory.instance.objectNode()
                : carried(file, file.documents().get(0), root, false);
    }

    private static ObjectNode carried(YamlFile file, YamlNode node, Selected selected, boolean isIn) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        if (!(node instanceof MappingNode mapping)) {
            return part;
        }
        PlainTree tree = new PlainTree(file);
        for (Key key : keys(tree, mapping, selected, isIn)) {
            tree.entry(mapping, key.name()).ifPresent(entry -> {
                YamlNode value = entry.value();
                if (key.isWhole() || key.carried() && !(value instanceof MappingNode)) {
                    part.set(key.name(), tree.of(value));
                } else {
                    ObjectNode below = carried(file, value, key.selected(), key.carried());
                    if (!below.isEmpty()) {
                        part.set(key.name(), below);
                    }
                }
            });
        }
        return part;
    }

    /** Those of a map that may hold something carried, in order. */
    private static List<Key> keys(PlainTree tree, MappingNode mapping, Selected selected, boolean isIn) {
        Set<String> names = new LinkedHashSet<>();
        if (isIn) {
            mapping.entries().forEach(entry -> names.add(tree.name(mapping, entry)));
        } else {
            names.addAll(selected.below.keySet());
        }
        List<Key> keys = new ArrayList<>();
        for (String name : names) {
            Selected below = selected.below.getOrDefault(name, new Selected());
            if (!below.kept) {
                keys.add(new Key(name, below, isIn || below.carried));
            }
        }
        return keys;
    }

    private static String canonical(JsonNode value) {
        if (value.isObject()) {
            return value.properties().stream()
                    .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                    .map(entry -> quoted(entry.getKey()) + ":" + canonical(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(CarriedValues::canonical)
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return value.isPojo() ? value.asText() : quoted(value.asText());
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }

    /** Brings one file to what another says: all changes together or, where they are in each other's way, one by one. */
    private final class Sync {

        /** Of changes that are made one by one. */
        private static final int MOST_CHANGES = 1_000;

        private final YamlFile from;
        private final YamlFile before;
        private YamlFile file;
        private YamlEdit edit;
        private PlainTree here;
        private int left;

        Sync(YamlFile from, YamlFile before) {
            this.from = from;
            this.before = before;
            begin(before, Integer.MAX_VALUE);
        }

        private void begin(YamlFile at, int most) {
            file = at;
            edit = new YamlEdit(at);
            here = new PlainTree(at);
            left = most;
        }

        YamlFile all() {
            try {
                changes();
                return edit.apply();
            } catch (EditRefusedException e) {
                return oneByOne();
            }
        }

        private YamlFile oneByOne() {
            YamlFile now = before;
            for (int i = 0; i < MOST_CHANGES; i++) {
                begin(now, 1);
                changes();
                if (edit.isEmpty()) {
                    return now;
                }
                now = edit.apply();
            }
            throw before.refuse("more than " + MOST_CHANGES + " carried values differ from " + from.path()
                    + ": carry the file as a whole");
        }

        private void changes() {
            ObjectNode wanted = carried(from);
            if (file.documents().isEmpty()) {
                if (!wanted.isEmpty()) {
                    edit.begin(wanted);
                }
                return;
            }
            YamlNode root = file.documents().get(0);
            if (!(root instanceof MappingNode mapping)) {
                throw file.refuse(root, "carried values need a map, but the file is " + root.kind());
            }
            Optional<MappingNode> source = from.documents().stream()
                    .filter(MappingNode.class::isInstance)
                    .map(MappingNode.class::cast)
                    .findFirst();
            map(source, mapping, CarriedValues.this.root, false);
        }

        private void map(Optional<MappingNode> source, MappingNode target, Selected selected, boolean isIn) {
            PlainTree there = new PlainTree(from);
            for (Key key : keys(here, target, selected, isIn)) {
                here.entry(target, key.name())
                        .ifPresent(entry ->
                                present(source.flatMap(map -> there.entry(map, key.name())), target, entry, key));
            }
            source.ifPresent(map -> {
                for (Key key : keys(there, map, selected, isIn)) {
                    if (left > 0 && here.entry(target, key.name()).isEmpty()) {
                        there.entry(map, key.name()).ifPresent(entry -> missing(map, entry, target, key));
                    }
                }
            });
        }

        private void present(Optional<MappingNode.Entry> wanted, MappingNode target, MappingNode.Entry entry, Key key) {
            if (left == 0) {
                return;
            }
            Optional<MappingNode> map = wanted.map(MappingNode.Entry::value)
                    .filter(MappingNode.class::isInstance)
                    .map(MappingNode.class::cast);
            if (key.isWhole()) {
                whole(wanted, map, target, entry, key);
            } else if (entry.value() instanceof MappingNode inner) {
                if (key.carried() && wanted.isPresent() && map.isEmpty()) {
                    throw file.refuse(
                            entry.key(),
                            "'" + key.name() + "' is a map of which a part stays, and " + kind(wanted) + " in "
                                    + from.path() + "; make it a map there");
                }
                map(map, inner, key.selected(), key.carried());
            } else {
                replace(wanted, map, target, entry, key);
            }
        }

        /** A key that is no map here, and of which only a part may be carried. */
        private void replace(
                Optional<MappingNode.Entry> wanted,
                Optional<MappingNode> map,
                MappingNode target,
                MappingNode.Entry entry,
                Key key) {
            if (map.isEmpty()) {
                if (key.carried()) {
                    whole(wanted, map, target, entry, key);
                }
                return;
            }
            ObjectNode part = CarriedValues.carried(from, map.get(), key.selected(), key.carried());
            if (part.isEmpty()) {
                return;
            }
            if (entry.value() instanceof ScalarNode scalar && scalar.isNull()) {
                edit.fill(scalar, part);
                left--;
                return;
            }
            throw file.refuse(
                    entry.key(),
                    "'" + key.name() + "' is " + entry.value().kind() + ", and a map in " + from.path()
                            + "; make it a map here");
        }

        private void whole(
                Optional<MappingNode.Entry> wanted,
                Optional<MappingNode> map,
                MappingNode target,
                MappingNode.Entry entry,
                Key key) {
            if (wanted.isEmpty()) {
                edit.remove(target, entry);
                left--;
                return;
            }
            JsonNode value = new PlainTree(from).of(wanted.get().value());
            JsonNode is = here.of(entry.value());
            if (value.equals(is)) {
                return;
            }
            boolean haveCommonKeys = map.isPresent()
                    && is.isObject()
                    && is.properties().stream().anyMatch(one -> value.has(one.getKey()));
            if (haveCommonKeys && entry.value() instanceof MappingNode inner) {
                map(map, inner, key.selected(), true);
            } else {
                edit.copy(target, entry, from, wanted.get());
                left--;
            }
        }

        private void missing(MappingNode source, MappingNode.Entry entry, MappingNode target, Key key) {
            boolean isWhole = key.isWhole() || key.carried() && !(entry.value() instanceof MappingNode);
            ObjectNode part = isWhole
                    ? JsonNodeFactory.instance.objectNode()
                    : CarriedValues.carried(from, entry.value(), key.selected(), key.carried());
            if (!isWhole && part.isEmpty()) {
                return;
            }
            MappingNode.Entry sibling = sibling(source, entry, target);
            if (isWhole && sibling != null) {
                edit.copyAfter(target, sibling, from, entry);
            } else {
                JsonNode value = isWhole ? new PlainTree(from).of(entry.value()) : part;
                if (sibling == null) {
                    edit.insert(target, key.name(), value);
                } else {
                    edit.insertAfter(target, sibling, key.name(), value);
                }
            }
            left--;
        }

        /** The nearest key before it that both files have, or else the last one here. */
        @CheckForNull
        private MappingNode.Entry sibling(MappingNode source, MappingNode.Entry entry, MappingNode target) {
            for (int i = source.entries().indexOf(entry) - 1; i >= 0; i--) {
                Optional<MappingNode.Entry> common = source.entries()
                        .get(i)
                        .name()
                        .flatMap(name -> target.named(name).stream().findFirst());
                if (common.isPresent()) {
                    return common.get();
                }
            }
            return target.entries().isEmpty()
                    ? null
                    : target.entries().get(target.entries().size() - 1);
        }

        private String kind(Optional<MappingNode.Entry> entry) {
            return entry.orElseThrow().value().kind();
        }
    }
}
