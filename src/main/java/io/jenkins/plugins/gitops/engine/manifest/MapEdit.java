package io.jenkins.plugins.gitops.engine.manifest;

import com.fasterxml.jackson.databind.node.TextNode;
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

/** Sets and removes keys of one map that describes an image. */
final class MapEdit {

    private final YamlFile file;
    private final YamlNode map;
    private final List<String> order;
    private final YamlEdit edit;
    private final Set<String> removed = new HashSet<>();
    private final List<AliasNode> through = new ArrayList<>();
    private boolean changed;

    /** @param order of the keys, for the place of a new one */
    MapEdit(YamlFile file, YamlNode map, List<String> order, YamlEdit edit) {
        this.file = file;
        this.map = map;
        this.order = order;
        this.edit = edit;
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
