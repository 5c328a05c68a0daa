package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException.Violation;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.JsonScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * One YAML document as a JSON tree that remembers on which line each node stands.
 *
 * <p>The content is untrusted: size, depth, aliases and the number of nodes are limited, duplicate keys and keys that are
 * not strings are errors. An alias is copied where it is used.
 */
final class LocatedYaml {

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_NODES = 200_000;

    /** Aliases can nest what is nested already. */
    private static final int MAX_DEPTH = 500;

    /** By YAML's JSON schema: {@code yes} and {@code 0123} are strings. */
    private static final ScalarResolver TYPES = new JsonScalarResolver();

    private final YamlFile file;
    private final Map<JsonPointer, Integer> lines = new HashMap<>();
    private final JsonNode tree;
    private int nodes;

    /** @throws InvalidDeclarationException with file and line, if it is not one YAML document of string-keyed mappings */
    static LocatedYaml read(String file, byte[] content) {
        if (content.length > MAX_BYTES) {
            throw invalid(file, 1, "the file is larger than 1 MiB; make it smaller");
        }
        YamlFile yaml;
        try {
            yaml = YamlFile.parse(file, content);
        } catch (EditRefusedException e) {
            throw invalid(file, e.line(), e.sentence());
        }
        List<YamlNode> documents = yaml.documents();
        if (documents.isEmpty()) {
            throw invalid(file, 1, "the file is empty");
        }
        if (documents.size() > 1) {
            int second = yaml.line(documents.get(1));
            throw invalid(file, second, "a second document begins here; write everything into one document");
        }
        return new LocatedYaml(yaml);
    }

    private LocatedYaml(YamlFile file) {
        this.file = file;
        YamlNode root = file.documents().get(0);
        lines.put(JsonPointer.empty(), file.line(root));
        this.tree = convert(root, JsonPointer.empty(), 0);
    }

    JsonNode tree() {
        return tree;
    }

    /** The line, from 1, on which the node or its nearest known ancestor begins; for a mapping entry, its key's line. */
    int line(JsonPointer pointer) {
        JsonPointer at = pointer;
        while (!lines.containsKey(at)) {
            at = at.head();
        }
        return lines.get(at);
    }

    private JsonNode convert(YamlNode node, JsonPointer at, int depth) {
        if (depth > MAX_DEPTH) {
            throw invalid(node, "aliases nest the file deeper than " + MAX_DEPTH + " levels; make it flatter");
        }
        if (++nodes > MAX_NODES) {
            throw invalid(node, "aliases expand to more than " + MAX_NODES + " nodes; write fewer of them");
        }
        if (node instanceof AliasNode alias) {
            return convert(alias.target(), at, depth);
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (YamlNode item : sequence.items()) {
                JsonPointer child = at.appendIndex(array.size());
                lines.put(child, file.line(item));
                array.add(convert(item, child, depth + 1));
            }
            return array;
        }
        return node instanceof MappingNode mapping ? object(mapping, at, depth) : scalar((ScalarNode) node);
    }

    private ObjectNode object(MappingNode mapping, JsonPointer at, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (MappingNode.Entry entry : mapping.entries()) {
            String key = entry.name().orElseThrow(() -> invalid(entry.key(), "a key must be a string"));
            if (object.has(key)) {
                throw invalid(entry.key(), "the key '" + Shortened.name(key) + "' is here a second time; remove one");
            }
            JsonPointer child = at.appendProperty(key);
            lines.put(child, file.line(entry.key()));
            object.set(key, convert(entry.value(), child, depth + 1));
        }
        return object;
    }

    private static JsonNode scalar(ScalarNode node) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        String value = node.value();
        Tag type = node.tag().map(Tag::new).orElseGet(() -> TYPES.resolve(value, node.isPlain()));
        if (type.equals(Tag.NULL)) {
            return json.nullNode();
        }
        if (node.tag().isPresent()) {
            return json.textNode(value);
        }
        if (type.equals(Tag.BOOL)) {
            return json.booleanNode(value.equals("true"));
        }
        try {
            if (type.equals(Tag.INT)) {
                return json.numberNode(Long.parseLong(value));
            }
            return type.equals(Tag.FLOAT) ? json.numberNode(Double.parseDouble(value)) : json.textNode(value);
        } catch (NumberFormatException tooLong) {
            return json.textNode(value);
        }
    }

    private InvalidDeclarationException invalid(YamlNode at, String reason) {
        return invalid(file.path(), file.line(at), reason);
    }

    private static InvalidDeclarationException invalid(String file, int line, String reason) {
        return new InvalidDeclarationException(file, List.of(new Violation(line, reason)));
    }
}
