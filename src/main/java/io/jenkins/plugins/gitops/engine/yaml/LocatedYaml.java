package io.jenkins.plugins.gitops.engine.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One YAML document as a JSON tree that remembers on which line each node stands.
 *
 * <p>For files that are only read, such as the declaration. The content is untrusted: size, depth, aliases and the
 * number of nodes are limited, duplicate keys and keys that are not strings are errors.
 *
 * @see <a href="https://yaml.org/spec/1.2.2/#102-json-schema">the JSON schema, by which plain scalars get their type</a>
 */
public final class LocatedYaml {

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_NODES = 200_000;

    /** Aliases can nest what is nested already. */
    private static final int MAX_DEPTH = 500;

    private static final Pattern INTEGER = Pattern.compile("-?(?:0|[1-9][0-9]*)");
    private static final Pattern FLOAT = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]*)?(?:[eE][-+]?[0-9]+)?");
    private static final String CORE_TAG = "tag:yaml.org,2002:";

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
        try {
            YamlFile yaml = YamlFile.parse(file, content);
            List<YamlNode> documents = yaml.documents();
            if (documents.isEmpty()) {
                throw new InvalidYamlException(file, 1, "the file is empty");
            }
            if (documents.size() > 1) {
                throw new InvalidYamlException(
                        file,
                        yaml.position(documents.get(1)).line(),
                        "a second document begins here; write everything into one document");
            }
            return new Conversion(yaml).run(documents.get(0));
        } catch (EditRefusedException e) {
            throw new InvalidYamlException(file, e.position().line(), e.sentence(), e);
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
        private final YamlFile file;
        private final LineNumbers numbers;
        private final Map<JsonPointer, Integer> lines = new HashMap<>();
        private int nodes;

        Conversion(YamlFile file) {
            this.file = file;
            this.numbers = new LineNumbers(file.source().text());
        }

        LocatedYaml run(YamlNode root) {
            JsonNode tree = convert(root, JsonPointer.empty(), 0);
            lines.put(JsonPointer.empty(), line(root));
            return new LocatedYaml(tree, lines);
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
            if (node instanceof MappingNode mapping) {
                return convert(mapping, at, depth);
            }
            if (node instanceof SequenceNode sequence) {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                for (YamlNode item : sequence.items()) {
                    JsonPointer child = at.appendIndex(array.size());
                    lines.put(child, line(item));
                    array.add(convert(item, child, depth + 1));
                }
                return array;
            }
            return scalar((ScalarNode) node);
        }

        private ObjectNode convert(MappingNode mapping, JsonPointer at, int depth) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (MappingNode.Entry entry : mapping.entries()) {
                String key = entry.name().orElseThrow(() -> invalid(entry.key(), "a key must be a string"));
                if (object.has(key)) {
                    throw invalid(
                            entry.key(), "the key '" + Shortened.name(key) + "' is here a second time; remove one");
                }
                JsonPointer child = at.appendProperty(key);
                lines.put(child, line(entry.key()));
                object.set(key, convert(entry.value(), child, depth + 1));
            }
            return object;
        }

        private static JsonNode scalar(ScalarNode node) {
            JsonNodeFactory json = JsonNodeFactory.instance;
            String value = node.value();
            if (node.style() != ParseEvent.Style.PLAIN || node.tag().isPresent()) {
                return node.tag().filter((CORE_TAG + "null")::equals).isPresent()
                        ? json.nullNode()
                        : json.textNode(value);
            }
            if (value.isEmpty() || value.equals("null")) {
                return json.nullNode();
            }
            if (value.equals("true") || value.equals("false")) {
                return json.booleanNode(value.equals("true"));
            }
            try {
                if (INTEGER.matcher(value).matches()) {
                    return json.numberNode(Long.parseLong(value));
                }
                if (FLOAT.matcher(value).matches()) {
                    return json.numberNode(Double.parseDouble(value));
                }
            } catch (NumberFormatException tooLong) {
                return json.textNode(value);
            }
            return json.textNode(value);
        }

        private InvalidYamlException invalid(YamlNode at, String reason) {
            return new InvalidYamlException(file.path(), line(at), reason);
        }

        private int line(YamlNode node) {
            return numbers.of(node.start());
        }
    }

    /** Lines of many places in one text. */
    private static final class LineNumbers {
        private final int[] starts;

        LineNumbers(String text) {
            starts = java.util.stream.IntStream.concat(
                            java.util.stream.IntStream.of(0),
                            java.util.stream.IntStream.range(0, text.length())
                                    .filter(i -> text.charAt(i) == '\n'
                                            || (text.charAt(i) == '\r' && !text.startsWith("\n", i + 1)))
                                    .map(i -> i + 1))
                    .toArray();
        }

        int of(int offset) {
            int found = java.util.Arrays.binarySearch(starts, offset);
            return found >= 0 ? found + 1 : -found - 1;
        }
    }
}
