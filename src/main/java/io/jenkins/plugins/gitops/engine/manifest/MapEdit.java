package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.Found;
import io.jenkins.plugins.gitops.engine.yaml.Lookup;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.NewValue;
import io.jenkins.plugins.gitops.engine.yaml.Refusal;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.util.List;
import java.util.Optional;

/**
 * Sets and removes keys of one map that describes an image.
 *
 * @param order of the keys, for the place of a new one
 */
record MapEdit(YamlFile file, YamlNode map, List<String> order) {

    YamlFile set(String key, String value) {
        Optional<Found> found = new Lookup(file).key(map, key);
        return found.isPresent() ? replace(key, found.get(), value) : insert(key, value);
    }

    private YamlFile replace(String key, Found found, String value) {
        if (found.value() instanceof ScalarNode scalar) {
            boolean same = scalar.isString() && scalar.value().strip().equals(value);
            if (same) {
                return file;
            }
            if (found.node() instanceof AliasNode alias) {
                throw SharedValues.refusal(file, key, alias);
            }
            String lineBreak = scalar.value().endsWith("\n") ? "\n" : "";
            return file.replace(scalar, value + lineBreak);
        }
        throw file.refuse(
                found.node(),
                Refusal.WRONG_KIND,
                "'" + key + "' must be a string, but is " + found.value().kind());
    }

    private YamlFile insert(String key, String value) {
        MappingNode mapping = own();
        NewValue.Text text = new NewValue.Text(value);
        for (int i = order.indexOf(key) - 1; i >= 0; i--) {
            List<MappingNode.Entry> before = mapping.named(order.get(i));
            if (!before.isEmpty()) {
                return file.insertAfter(mapping, before.get(0), key, text);
            }
        }
        return file.insert(mapping, key, text);
    }

    YamlFile remove(String key) {
        if (new Lookup(file).key(map, key).isEmpty()) {
            return file;
        }
        MappingNode mapping = own();
        List<MappingNode.Entry> entries = mapping.named(key);
        if (entries.isEmpty()) {
            throw file.refuse(
                    map,
                    Refusal.SHARED_VALUE,
                    "'" + key + "' comes from a merged map and cannot be removed here alone; write the keys out");
        }
        return file.remove(mapping, entries.get(0));
    }

    private MappingNode own() {
        if (map instanceof MappingNode mapping) {
            return mapping;
        }
        throw map instanceof AliasNode alias
                ? SharedValues.refusal(file, "the map", alias)
                : file.refuse(map, Refusal.WRONG_KIND, "a map is expected here, but this is " + map.kind());
    }
}
