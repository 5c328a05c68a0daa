package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.List;

/** Every node of a file, in the order of the text; keys and aliases left out. */
final class Nodes {

    private final List<YamlNode> all = new ArrayList<>();

    static List<ScalarNode> values(YamlFile file) {
        return of(file, ScalarNode.class);
    }

    static List<MappingNode> mappings(YamlFile file) {
        return of(file, MappingNode.class);
    }

    static List<SequenceNode> sequences(YamlFile file) {
        return of(file, SequenceNode.class);
    }

    private static <T extends YamlNode> List<T> of(YamlFile file, Class<T> kind) {
        Nodes nodes = new Nodes();
        file.documents().forEach(nodes::visit);
        return nodes.all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void visit(YamlNode node) {
        all.add(node);
        if (node instanceof SequenceNode sequence) {
            sequence.items().forEach(this::visit);
        } else if (node instanceof MappingNode mapping) {
            mapping.entries().forEach(entry -> visit(entry.value()));
        }
    }
}
