package io.jenkins.plugins.gitops.engine.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;

/**
 * What a node says, without the way it is written: strings as text, and what is no string (a number, a truth value,
 * nothing) as it stands there, in a {@link com.fasterxml.jackson.databind.node.POJONode}. Only of what means the same in
 * another file: what anchors, aliases, merge keys or tags stand for is refused.
 */
public final class PlainTree {

    private static final String WRITE_OUT = "; write the value out";

    private final YamlFile file;

    public PlainTree(YamlFile file) {
        this.file = file;
    }

    /** @throws EditRefusedException if it means something else, or nothing, in another file */
    public JsonNode of(YamlNode node) {
        requireOwn(node);
        if (node instanceof ScalarNode scalar) {
            return scalar.isString()
                    ? TextNode.valueOf(scalar.value())
                    : JsonNodeFactory.instance.pojoNode(scalar.value());
        }
        if (node instanceof SequenceNode list) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            list.items().forEach(item -> items.add(of(item)));
            return items;
        }
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        for (MappingNode.Entry entry : ((MappingNode) node).entries()) {
            map.set(name((MappingNode) node, entry), of(entry.value()));
        }
        return map;
    }

    /**
     * The entry of a key, of the mapping itself.
     *
     * @throws EditRefusedException if the key is there twice, or may come from a merged map
     */
    public Optional<MappingNode.Entry> entry(MappingNode mapping, String name) {
        requireOwn(mapping);
        Optional<MappingNode.Entry> found = mapping.named(name).stream().findFirst();
        if (found.isPresent()) {
            name(mapping, found.get());
        } else {
            mapping.entries().stream()
                    .filter(MappingNode.Entry::isMerge)
                    .findFirst()
                    .ifPresent(merge -> {
                        throw file.refuse(merge.key(), "a merged map cannot be carried" + WRITE_OUT);
                    });
        }
        return found;
    }

    /** The key of an entry of the mapping. */
    public String name(MappingNode mapping, MappingNode.Entry entry) {
        String name = entry.name()
                .filter(text -> !entry.isMerge())
                .orElseThrow(() -> file.refuse(
                        entry.key(),
                        entry.isMerge()
                                ? "a merged map cannot be carried" + WRITE_OUT
                                : "this key is no text and cannot be carried; name the keys beside it under"
                                        + " 'carries'"));
        if (mapping.named(name).size() > 1) {
            throw file.refuse(
                    mapping.named(name).get(1).key(),
                    "the key '" + Shortened.name(name) + "' is here a second time, first on line "
                            + file.line(mapping.named(name).get(0).key()) + "; remove one");
        }
        return name;
    }

    /** @throws EditRefusedException if the node stands at two places, or has a tag */
    private void requireOwn(YamlNode node) {
        if (node instanceof AliasNode) {
            throw file.refuse(node, node.kind() + " cannot be carried" + WRITE_OUT);
        }
        if (!file.aliasesOf(node).isEmpty()) {
            throw file.refuse(
                    node, "the value has an anchor that is used elsewhere, and cannot be carried" + WRITE_OUT);
        }
        Optional<String> tag = node instanceof ScalarNode scalar
                ? scalar.tag()
                : ((CollectionStartEvent) file.events().get(node.firstEvent())).getTag();
        if (tag.isPresent()) {
            throw file.refuse(node, "the value has a tag and cannot be carried; remove the tag");
        }
    }
}
