package io.jenkins.plugins.gitops.engine.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;

/** Adds keys and items in the indentation, line ends and style of their neighbours. Gives the ways to do it, the best first. */
final class Insertion {

    private final YamlFile file;
    private final SourceText source;
    private final Layout layout;

    Insertion(YamlFile file) {
        this.file = file;
        this.source = file.source();
        this.layout = new Layout(file);
    }

    List<List<Splice>> behind(MappingNode mapping, MappingNode.Entry sibling, String key, JsonNode value) {
        int event = sibling.value().lastEvent() + 1;
        List<Event> wanted = Splice.wanted(key, value);
        if (mapping.isFlow()) {
            int index = mapping.entries().indexOf(sibling);
            int before = index == 0
                    ? mapping.contentStart() + 1
                    : mapping.entries().get(index - 1).end();
            String gap = gap(before, sibling.key().start(), index == 0);
            return insert(sibling.end(), "," + gap + flowField(sibling, key, value), event, wanted);
        }
        int column = source.column(mapping.entries().get(0).key().start());
        return ownLine(
                sibling.value(),
                sibling.end(),
                column,
                lineBreak -> layout.field(key, value, column, lineBreak),
                event,
                wanted);
    }

    /** As it is written elsewhere, or else in the layout of this file. */
    List<List<Splice>> copied(MappingNode mapping, MappingNode.Entry sibling, Copied copied) {
        List<List<Splice>> own = behind(mapping, sibling, copied.name(), copied.value());
        if (mapping.isFlow()) {
            return own;
        }
        int column = source.column(mapping.entries().get(0).key().start());
        List<List<Splice>> ways = new ArrayList<>(ownLine(
                sibling.value(),
                sibling.end(),
                column,
                lineBreak -> copied.textWithComment(column, lineBreak),
                sibling.value().lastEvent() + 1,
                copied.events()));
        ways.addAll(own);
        return ways;
    }

    List<List<Splice>> atEnd(MappingNode mapping, String key, JsonNode value) {
        if (!mapping.entries().isEmpty()) {
            return behind(mapping, mapping.entries().get(mapping.entries().size() - 1), key, value);
        }
        ObjectNode only = JsonNodeFactory.instance.objectNode().set(key, value);
        String field = Layout.flow(only, layout.quotesOfFile());
        return insert(
                mapping.contentStart() + 1,
                field.substring(1, field.length() - 1),
                mapping.lastEvent(),
                Splice.wanted(key, value));
    }

    List<List<Splice>> append(SequenceNode sequence, JsonNode value) {
        List<Event> wanted = Splice.wanted(value);
        List<YamlNode> items = sequence.items();
        if (items.isEmpty()) {
            String only = Layout.flow(value, layout.quotesOfFile());
            return insert(sequence.contentStart() + 1, only, sequence.lastEvent(), wanted);
        }
        YamlNode last = items.get(items.size() - 1);
        if (sequence.isFlow()) {
            int before = items.size() == 1
                    ? sequence.contentStart() + 1
                    : items.get(items.size() - 2).end();
            String item = gap(before, last.start(), items.size() == 1) + Layout.flow(value, Layout.quotesLike(last));
            return insert(last.end(), "," + item, sequence.lastEvent(), wanted);
        }
        int column = source.column(sequence.contentStart());
        return ownLine(
                last,
                last.end(),
                column,
                lineBreak -> "- " + layout.block(value, column + 2, lineBreak),
                sequence.lastEvent(),
                wanted);
    }

    List<List<Splice>> intoEmpty(ScalarNode empty, JsonNode value) {
        int event = empty.firstEvent();
        int column = source.column(source.lineStart(empty.start()) + indentOfLine(empty.start()));
        int lineEnd = source.lineEnd(empty.end());
        String block = layout.behindColon(value, column, source.lineBreakNear(empty.start()));
        String flow = " " + Layout.flow(value, layout.quotesOfFile());
        return List.of(
                List.of(
                        new Splice(empty.contentStart(), empty.end(), "", event, event + 1, Splice.wanted(value)),
                        Splice.silent(lineEnd, lineEnd, block, event + 1)),
                List.of(new Splice(empty.contentStart(), empty.end(), flow, event, event + 1, Splice.wanted(value))));
    }

    List<List<Splice>> intoEmptyFile(ObjectNode content) {
        int end = source.text().length();
        String lineBreak = source.lineBreakNear(end);
        boolean onOwnLine = source.lineStart(end) == end || source.text().equals("\uFEFF");
        List<Event> wanted = new ArrayList<>(Splice.wanted(content));
        wanted.add(0, new DocumentStartEvent(false, Optional.empty(), Map.of()));
        wanted.add(new DocumentEndEvent(false));
        String written = (onOwnLine ? "" : lineBreak) + layout.block(content, 0, lineBreak) + lineBreak;
        return insert(end, written, 1, wanted);
    }

    private static List<List<Splice>> insert(int offset, String text, int event, List<Event> wanted) {
        return List.of(List.of(new Splice(offset, offset, text, event, event, wanted)));
    }

    /**
     * Right behind the neighbour, or else behind the blank lines that belong to its last text ({@code |+}).
     *
     * @param lines the text with the line break in use
     */
    private List<List<Splice>> ownLine(
            YamlNode neighbour, int behind, int column, UnaryOperator<String> lines, int event, List<Event> wanted) {
        String lineBreak = source.lineBreakNear(behind);
        String written = " ".repeat(column) + lines.apply(lineBreak);
        List<List<Splice>> ways = new ArrayList<>(insert(source.lineEnd(behind), lineBreak + written, event, wanted));
        int textEnd = file.endOfLastText(neighbour);
        if (textEnd > behind && source.lineStart(textEnd) == textEnd) {
            ways.addAll(insert(textEnd, written + lineBreak, event, wanted));
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

    private String flowField(MappingNode.Entry sibling, String key, JsonNode value) {
        Layout.Quotes quotes = Layout.quotesLike(sibling.key());
        String between =
                source.text().substring(sibling.key().end(), sibling.value().contentStart());
        String colon = quotes == Layout.Quotes.ALWAYS && between.equals(":") ? ":" : ": ";
        return Layout.flow(key, quotes) + colon + Layout.flow(value, quotes);
    }

    /** The blanks and line breaks before an entry of a flow collection. */
    private String gap(int from, int to, boolean first) {
        String between = source.text().substring(from, to);
        String blanks = first ? between : between.substring(between.indexOf(',') + 1);
        if (!blanks.isBlank()) {
            return " ";
        }
        return first && blanks.chars().noneMatch(c -> c == '\n' || c == '\r') ? " " : blanks;
    }
}
