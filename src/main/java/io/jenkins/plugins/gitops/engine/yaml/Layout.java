package io.jenkins.plugins.gitops.engine.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** The habits of one file that inserted text follows. */
final class Layout {

    private final YamlFile file;

    Layout(YamlFile file) {
        this.file = file;
    }

    /** Whether strings in flow style are quoted. */
    enum Quotes {
        /** As JSON wants it. */
        ALWAYS,
        WHERE_NEEDED
    }

    /** A string in the quotes that the file uses most. */
    String quoted(String value) {
        return quotesOfFile() == Quotes.WHERE_NEEDED && prefersSingleQuotes() && StringRules.fitsSingleQuotes(value)
                ? StringRules.singleQuoted(value)
                : StringRules.doubleQuoted(value);
    }

    private boolean prefersSingleQuotes() {
        return file.events().stream()
                        .filter(ScalarEvent.class::isInstance)
                        .map(event -> ((ScalarEvent) event).getScalarStyle())
                        .mapToInt(style ->
                                style == ScalarStyle.SINGLE_QUOTED ? 1 : style == ScalarStyle.DOUBLE_QUOTED ? -1 : 0)
                        .sum()
                > 0;
    }

    /** How many columns a list stands to the right of its key: 0 or 2 mostly; 0 (what kustomize writes) if there is none. */
    private int sequenceIndent() {
        return file.documents().stream()
                .mapToInt(document -> sequenceIndent(document, 3))
                .filter(indent -> indent >= 0)
                .findFirst()
                .orElse(0);
    }

    private int sequenceIndent(YamlNode node, int depth) {
        if (!(node instanceof MappingNode mapping) || mapping.isFlow() || depth == 0) {
            return -1;
        }
        for (MappingNode.Entry entry : mapping.entries()) {
            if (entry.value() instanceof SequenceNode sequence && !sequence.isFlow()) {
                SourceText source = file.source();
                return Math.max(
                        0,
                        source.column(sequence.contentStart())
                                - source.column(entry.key().start()));
            }
        }
        return mapping.entries().stream()
                .mapToInt(entry -> sequenceIndent(entry.value(), depth - 1))
                .filter(indent -> indent >= 0)
                .findFirst()
                .orElse(-1);
    }

    /** The value in block style; its first line continues the current one, further lines begin at the column. */
    String block(JsonNode value, int column, String lineBreak) {
        if (value.isContainerNode() && value.isEmpty()) {
            return flow(value, Quotes.WHERE_NEEDED);
        }
        Stream<String> parts = value.isObject()
                ? value.properties().stream().map(field -> field(field.getKey(), field.getValue(), column, lineBreak))
                : value.isArray()
                        ? items(value).map(item -> "- " + block(item, column + 2, lineBreak))
                        : Stream.of(scalar(value));
        return parts.collect(Collectors.joining(lineBreak + " ".repeat(column)));
    }

    /** {@code key: value} in block style with the key at the column. */
    String field(String key, JsonNode value, int column, String lineBreak) {
        return string(key) + ":" + behindColon(value, column, lineBreak);
    }

    /** What follows the colon of a key that stands at the column. */
    String behindColon(JsonNode value, int column, String lineBreak) {
        if (value.isValueNode()) {
            return (" " + scalar(value)).stripTrailing();
        }
        if (value.isEmpty()) {
            return " " + flow(value, Quotes.WHERE_NEEDED);
        }
        int inner = column + (value.isArray() ? sequenceIndent() : 2);
        return lineBreak + " ".repeat(inner) + block(value, inner, lineBreak);
    }

    /** What is no string stands as it is. */
    private String scalar(JsonNode value) {
        return value.isPojo() ? value.asText() : string(value.asText());
    }

    private String string(String value) {
        return StringRules.isSafePlain(value, false) ? value : quoted(value);
    }

    /** As JSON wants it, if the file is JSON. */
    Quotes quotesOfFile() {
        YamlNode root = file.documents().isEmpty() ? null : file.documents().get(0);
        return root != null && root.isFlow() ? quotesLike(root) : Quotes.WHERE_NEEDED;
    }

    /** As the first key or scalar inside the node is written. */
    static Quotes quotesLike(YamlNode node) {
        if (node instanceof MappingNode mapping && !mapping.entries().isEmpty()) {
            return quotesLike(mapping.entries().get(0).key());
        }
        if (node instanceof SequenceNode sequence && !sequence.items().isEmpty()) {
            return quotesLike(sequence.items().get(0));
        }
        return node instanceof ScalarNode scalar && scalar.style() == ScalarStyle.DOUBLE_QUOTED
                ? Quotes.ALWAYS
                : Quotes.WHERE_NEEDED;
    }

    /** The value in flow style: one line. */
    static String flow(JsonNode value, Quotes quotes) {
        if (value.isObject()) {
            return value.properties().stream()
                    .map(field -> flow(field.getKey(), quotes) + ": " + flow(field.getValue(), quotes))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.isArray()
                ? items(value).map(item -> flow(item, quotes)).collect(Collectors.joining(", ", "[", "]"))
                : value.isPojo() ? value.asText() : flow(value.asText(), quotes);
    }

    static String flow(String value, Quotes quotes) {
        return quotes == Quotes.WHERE_NEEDED && StringRules.isSafePlain(value, true)
                ? value
                : StringRules.doubleQuoted(value);
    }

    private static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
