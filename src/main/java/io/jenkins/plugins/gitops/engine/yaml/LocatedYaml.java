package io.jenkins.plugins.gitops.engine.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One YAML document as a JSON tree that remembers on which line each node stands.
 *
 * <p>For files that are only read, such as the declaration. The content is untrusted: size, depth, aliases and the
 * number of nodes are limited, duplicate keys and keys that are not strings are errors.
 */
public final class LocatedYaml {

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_NODES = 200_000;

    private final JsonNode tree;
    private final Map<JsonPointer, Integer> lines;

    private LocatedYaml(JsonNode tree, Map<JsonPointer, Integer> lines) {
        this.tree = tree;
        this.lines = lines;
    }

    /** @throws InvalidYamlException with file and line, if it is not one YAML document of string-keyed mappings */
    @NonNull
    public static LocatedYaml read(@NonNull String file, @NonNull byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new InvalidYamlException(file, 1, "the file is larger than 1 MiB; make it smaller");
        }
        LoadSettings settings = LoadSettings.builder()
                .setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(50)
                .setUseMarks(true)
                .setLabel(file)
                .build();
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
            Optional<Node> root = new Compose(settings).composeInputStream(new ByteArrayInputStream(content));
            if (root.isEmpty()) {
                throw new InvalidYamlException(file, 1, "the file is empty");
            }
            return new Conversion(file).run(root.get());
        } catch (CharacterCodingException e) {
            throw new InvalidYamlException(file, 1, "the file is not UTF-8; save it as UTF-8", e);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new InvalidYamlException(file, line, e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new InvalidYamlException(file, 1, e.getMessage(), e);
        }
    }

    @NonNull
    public JsonNode tree() {
        return tree;
    }

    /** The line, from 1, on which the node or its nearest known ancestor begins; for a mapping entry, its key's line. */
    public int line(@NonNull JsonPointer pointer) {
        for (JsonPointer at = pointer; at != null; at = at.head()) {
            Integer line = lines.get(at);
            if (line != null) {
                return line;
            }
        }
        return 1;
    }

    /** Copies nodes into JSON; an alias is copied where it is used, so the number of nodes is counted. */
    private static final class Conversion {
        private final String file;
        private final Map<JsonPointer, Integer> lines = new HashMap<>();
        private int nodes;

        Conversion(String file) {
            this.file = file;
        }

        LocatedYaml run(Node root) {
            JsonNode tree = convert(root, JsonPointer.empty());
            lines.put(JsonPointer.empty(), line(root));
            return new LocatedYaml(tree, lines);
        }

        private JsonNode convert(Node node, JsonPointer at) {
            if (++nodes > MAX_NODES) {
                throw new InvalidYamlException(file, line(node), "aliases expand to more than " + MAX_NODES + " nodes");
            }
            if (node instanceof MappingNode mapping) {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                for (NodeTuple entry : mapping.getValue()) {
                    if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                        throw new InvalidYamlException(file, line(entry.getKeyNode()), "a key must be a string");
                    }
                    if (object.has(key.getValue())) {
                        throw new InvalidYamlException(
                                file, line(key), "the key '" + key.getValue() + "' is there twice; remove one");
                    }
                    JsonPointer child = at.appendProperty(key.getValue());
                    lines.put(child, line(key));
                    object.set(key.getValue(), convert(entry.getValueNode(), child));
                }
                return object;
            }
            if (node instanceof SequenceNode sequence) {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (Node item : sequence.getValue()) {
                    JsonPointer child = at.appendIndex(array.size());
                    lines.put(child, line(item));
                    array.add(convert(item, child));
                }
                return array;
            }
            return scalar((ScalarNode) node);
        }

        private JsonNode scalar(ScalarNode node) {
            JsonNodeFactory json = JsonNodeFactory.instance;
            String value = node.getValue();
            Tag tag = node.getTag();
            if (tag.equals(Tag.NULL)) {
                return json.nullNode();
            }
            if (tag.equals(Tag.BOOL)) {
                return json.booleanNode(Boolean.parseBoolean(value));
            }
            try {
                if (tag.equals(Tag.INT)) {
                    return json.numberNode(Long.parseLong(value));
                }
                if (tag.equals(Tag.FLOAT)) {
                    return json.numberNode(Double.parseDouble(value));
                }
            } catch (NumberFormatException notPlain) {
                return json.textNode(value);
            }
            return json.textNode(value);
        }

        private static int line(Node node) {
            return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
        }
    }
}
