package io.jenkins.plugins.gitops.engine.yaml;

import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Style;
import java.util.List;
import java.util.Map;

/** The habits of one file that inserted text follows. */
final class Layout {

    private final YamlFile file;

    Layout(YamlFile file) {
        this.file = file;
    }

    /** A string in the quotes that the file uses most. */
    String quoted(String value) {
        return quotesOfFile() == Quotes.WHERE_NEEDED && prefersSingleQuotes() && StringRules.fitsSingleQuotes(value)
                ? StringRules.singleQuoted(value)
                : StringRules.doubleQuoted(value);
    }

    private boolean prefersSingleQuotes() {
        int balance = 0;
        for (ParseEvent event : file.events()) {
            balance += event.style() == Style.SINGLE_QUOTED ? 1 : event.style() == Style.DOUBLE_QUOTED ? -1 : 0;
        }
        return balance > 0;
    }

    /** How many columns a list stands to the right of its key: 0 or 2 mostly; 0 (what kustomize writes) if there is none. */
    int sequenceIndent() {
        for (YamlNode document : file.documents()) {
            int found = sequenceIndent(document, 3);
            if (found >= 0) {
                return found;
            }
        }
        return 0;
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
        for (MappingNode.Entry entry : mapping.entries()) {
            int found = sequenceIndent(entry.value(), depth - 1);
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }

    /** The value in block style; its first line continues the current one, further lines begin at the column. */
    String block(NewValue value, int column, String lineBreak) {
        if (value instanceof NewValue.Text text) {
            return string(text.value());
        }
        StringBuilder out = new StringBuilder();
        String separator = lineBreak + " ".repeat(column);
        if (value instanceof NewValue.Fields map) {
            for (Map.Entry<String, NewValue> field : map.fields().entrySet()) {
                out.append(out.length() == 0 ? "" : separator)
                        .append(field(field.getKey(), field.getValue(), column, lineBreak));
            }
        } else if (value instanceof NewValue.Items list) {
            for (NewValue item : list.items()) {
                out.append(out.length() == 0 ? "" : separator).append("- ").append(block(item, column + 2, lineBreak));
            }
        }
        return out.toString();
    }

    /** {@code key: value} in block style with the key at the column. */
    String field(String key, NewValue value, int column, String lineBreak) {
        return string(key) + ":" + behindColon(value, column, lineBreak);
    }

    /** What follows the colon of a key that stands at the column. */
    String behindColon(NewValue value, int column, String lineBreak) {
        if (value instanceof NewValue.Text text) {
            return " " + string(text.value());
        }
        int inner = column + (value instanceof NewValue.Items ? sequenceIndent() : 2);
        return lineBreak + " ".repeat(inner) + block(value, inner, lineBreak);
    }

    private String string(String value) {
        return StringRules.isSafePlain(value, false) ? value : quoted(value);
    }

    /** As JSON wants it, if the file is JSON. */
    Quotes quotesOfFile() {
        YamlNode root = file.documents().isEmpty() ? null : file.documents().get(0);
        boolean flow = root instanceof MappingNode mapping && mapping.isFlow()
                || root instanceof SequenceNode sequence && sequence.isFlow();
        return flow ? quotesLike(root) : Quotes.WHERE_NEEDED;
    }

    /** As the first key or scalar inside the node is written. */
    static Quotes quotesLike(YamlNode node) {
        if (node instanceof MappingNode mapping && !mapping.entries().isEmpty()) {
            return quotesLike(mapping.entries().get(0).key());
        }
        if (node instanceof SequenceNode sequence && !sequence.items().isEmpty()) {
            return quotesLike(sequence.items().get(0));
        }
        return node instanceof ScalarNode scalar && scalar.style() == Style.DOUBLE_QUOTED
                ? Quotes.ALWAYS
                : Quotes.WHERE_NEEDED;
    }

    /** The value in flow style: one line. */
    static String flow(NewValue value, Quotes quotes) {
        if (value instanceof NewValue.Text text) {
            return quotes == Quotes.WHERE_NEEDED && StringRules.isSafePlain(text.value(), true)
                    ? text.value()
                    : StringRules.doubleQuoted(text.value());
        }
        if (value instanceof NewValue.Fields map) {
            List<String> fields = map.fields().entrySet().stream()
                    .map(field ->
                            flow(new NewValue.Text(field.getKey()), quotes) + ": " + flow(field.getValue(), quotes))
                    .toList();
            return "{" + String.join(", ", fields) + "}";
        }
        NewValue.Items list = (NewValue.Items) value;
        return "["
                + String.join(
                        ", ",
                        list.items().stream().map(item -> flow(item, quotes)).toList())
                + "]";
    }

    /** Whether strings in flow style are quoted. */
    enum Quotes {
        /** As JSON wants it. */
        ALWAYS,
        WHERE_NEEDED
    }
}
