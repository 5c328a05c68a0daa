package io.jenkins.plugins.gitops.engine.yaml;

import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Adds keys and items in the indentation, line ends and style of their neighbours. */
final class Insertion {

    private final YamlFile file;
    private final SourceText source;
    private final Layout layout;

    Insertion(YamlFile file) {
        this.file = file;
        this.source = file.source();
        this.layout = file.layout();
    }

    List<Edit> behind(MappingNode mapping, MappingNode.Entry sibling, String key, NewValue value) {
        List<ParseEvent> wanted = ParseEvent.wanted(new NewValue.Fields(Map.of(key, value)));
        Change change = inserted(sibling.value().lastEvent() + 1, wanted.subList(1, wanted.size() - 1));
        if (mapping.isFlow()) {
            String field = flowField(sibling, key, value);
            return List.of(new Edit(insert(sibling.end(), "," + gapBefore(mapping, sibling) + field), change));
        }
        int column = source.column(mapping.entries().get(0).key().start());
        return ownLine(
                sibling.value(),
                sibling.end(),
                column,
                change,
                lineBreak -> layout.field(key, value, column, lineBreak));
    }

    List<Edit> atEnd(MappingNode mapping, String key, NewValue value) {
        if (!mapping.entries().isEmpty()) {
            return behind(mapping, mapping.entries().get(mapping.entries().size() - 1), key, value);
        }
        List<ParseEvent> wanted = ParseEvent.wanted(new NewValue.Fields(Map.of(key, value)));
        String field = Layout.flow(new NewValue.Fields(Map.of(key, value)), layout.quotesOfFile());
        return List.of(new Edit(
                insert(mapping.contentStart() + 1, field.substring(1, field.length() - 1)),
                inserted(mapping.lastEvent(), wanted.subList(1, wanted.size() - 1))));
    }

    List<Edit> append(SequenceNode sequence, NewValue value) {
        Change change = inserted(sequence.lastEvent(), ParseEvent.wanted(value));
        if (sequence.items().isEmpty()) {
            return List.of(
                    new Edit(insert(sequence.contentStart() + 1, Layout.flow(value, layout.quotesOfFile())), change));
        }
        YamlNode last = sequence.items().get(sequence.items().size() - 1);
        if (sequence.isFlow()) {
            return List.of(new Edit(
                    insert(last.end(), "," + gapBefore(sequence, last) + Layout.flow(value, Layout.quotesLike(last))),
                    change));
        }
        int column = source.column(sequence.contentStart());
        return ownLine(
                last, last.end(), column, change, lineBreak -> "- " + layout.block(value, column + 2, lineBreak));
    }

    List<Edit> intoEmpty(ScalarNode empty, NewValue value) {
        Change change = new Change(empty.firstEvent(), empty.firstEvent() + 1, ParseEvent.wanted(value));
        int column = source.column(source.lineStart(empty.start()) + indentOfLine(empty.start()));
        int lineEnd = source.lineEnd(empty.end());
        String lineBreak = source.lineBreakNear(empty.start());
        Splice nothing = new Splice(empty.contentStart(), empty.end(), "");
        String written = layout.behindColon(value, column, lineBreak);
        return List.of(
                new Edit(List.of(nothing, insert(lineEnd, written)), List.of(change)),
                new Edit(
                        new Splice(empty.contentStart(), empty.end(), " " + Layout.flow(value, layout.quotesOfFile())),
                        change));
    }

    List<Edit> intoEmptyFile(NewValue.Fields content) {
        int end = source.text().length();
        String lineBreak = source.lineBreakNear(end);
        boolean onOwnLine = source.lineStart(end) == end || source.text().equals("\uFEFF");
        List<ParseEvent> wanted = new ArrayList<>();
        wanted.add(ParseEvent.wanted(Kind.DOCUMENT_START));
        wanted.addAll(ParseEvent.wanted(content));
        wanted.add(ParseEvent.wanted(Kind.DOCUMENT_END));
        String written = (onOwnLine ? "" : lineBreak) + layout.block(content, 0, lineBreak) + lineBreak;
        return List.of(new Edit(insert(end, written), inserted(1, wanted)));
    }

    /** A text that depends on the line break in use. */
    private interface Lines {
        String with(String lineBreak);
    }

    /** Right behind the neighbour, or else behind the blank lines that belong to its last text ({@code |+}). */
    private List<Edit> ownLine(YamlNode neighbour, int behind, int column, Change change, Lines lines) {
        String lineBreak = source.lineBreakNear(behind);
        String written = " ".repeat(column) + lines.with(lineBreak);
        List<Edit> ways = new ArrayList<>();
        ways.add(new Edit(insert(source.lineEnd(behind), lineBreak + written), change));
        int textEnd = file.endOfLastText(neighbour);
        if (textEnd > behind && source.lineStart(textEnd) == textEnd) {
            ways.add(new Edit(insert(textEnd, written + lineBreak), change));
        }
        return ways;
    }

    private int indentOfLine(int offset) {
        int start = source.lineStart(offset);
        int i = start;
        while (i < offset && " -\uFEFF".indexOf(source.text().charAt(i)) >= 0) {
            i++;
        }
        return i - start;
    }

    private String flowField(MappingNode.Entry sibling, String key, NewValue value) {
        Layout.Quotes quotes = Layout.quotesLike(sibling.key());
        String between =
                source.text().substring(sibling.key().end(), sibling.value().contentStart());
        String colon = quotes == Layout.Quotes.ALWAYS && between.equals(":") ? ":" : ": ";
        return Layout.flow(new NewValue.Text(key), quotes) + colon + Layout.flow(value, quotes);
    }

    /** The blanks and line breaks before an entry of a flow collection. */
    private String gapBefore(MappingNode mapping, MappingNode.Entry entry) {
        int index = mapping.entries().indexOf(entry);
        int from = index == 0
                ? mapping.contentStart() + 1
                : mapping.entries().get(index - 1).end();
        return gap(from, entry.key().start(), index == 0);
    }

    private String gapBefore(SequenceNode sequence, YamlNode item) {
        int index = sequence.items().indexOf(item);
        int from = index == 0
                ? sequence.contentStart() + 1
                : sequence.items().get(index - 1).end();
        return gap(from, item.start(), index == 0);
    }

    private String gap(int from, int to, boolean first) {
        String between = source.text().substring(from, to);
        String blanks = first ? between : between.substring(between.indexOf(',') + 1);
        if (!blanks.isBlank()) {
            return " ";
        }
        return first && blanks.chars().noneMatch(c -> c == '\n' || c == '\r') ? " " : blanks;
    }

    private static Splice insert(int offset, String text) {
        return new Splice(offset, offset, text);
    }

    private static Change inserted(int at, List<ParseEvent> events) {
        return new Change(at, at, events);
    }
}
