package io.jenkins.plugins.gitops.engine.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * A key and its value as another file has them, comments and style included.
 *
 * @param name of the key
 * @param value what it says
 */
record Copied(YamlFile from, MappingNode.Entry entry, String name, JsonNode value) {

    static Copied of(YamlFile from, MappingNode.Entry entry, String name) {
        return new Copied(from, entry, name, new PlainTree(from).of(entry.value()));
    }

    /** Its lines for another place: the first without indentation, the others moved with it. */
    String text(int column, String lineBreak) {
        SourceText source = from.source();
        int start = entry.key().start();
        int old = source.column(start);
        List<String> lines = new ArrayList<>(source.text()
                .substring(start, entry.end())
                .stripTrailing()
                .lines()
                .toList());
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            int indent = line.length() - line.stripLeading().length();
            lines.set(i, line.isBlank() ? "" : " ".repeat(Math.max(0, indent - old + column)) + line.substring(indent));
        }
        return String.join(lineBreak, lines);
    }

    /** The same where the key is new, with the comment right above it; one at the top of its file is the file's own. */
    String textWithComment(int column, String lineBreak) {
        SourceText source = from.source();
        int key = entry.key().start();
        int begin = source.lineStart(key);
        String indentation = source.text().substring(begin, key);
        if (indentation.isBlank()) {
            Deque<String> comment = new ArrayDeque<>();
            for (int end = begin; end > 0; end = begin) {
                begin = source.lineStart(end - 1);
                String line = source.text().substring(begin, end);
                if (!line.startsWith(indentation + "#")) {
                    return String.join("", comment) + text(column, lineBreak);
                }
                comment.addFirst(line.strip() + lineBreak + " ".repeat(column));
            }
        }
        return text(column, lineBreak);
    }

    /** Takes the place of an entry of that name. */
    List<List<Splice>> over(YamlFile file, MappingNode mapping, MappingNode.Entry old) {
        SourceText source = file.source();
        int column = source.column(old.key().start());
        String lineBreak = source.lineBreakNear(old.key().start());
        Layout layout = new Layout(file);
        List<List<Splice>> ways = new ArrayList<>();
        if (mapping.isFlow()) {
            Layout.Quotes quotes = Layout.quotesLike(old.key());
            ways.add(way(
                    old, Layout.flow(name, quotes) + ": " + Layout.flow(value, quotes), Splice.wanted(name, value)));
            return ways;
        }
        ways.add(way(old, text(column, lineBreak), events()));
        ways.add(way(old, layout.field(name, value, column, lineBreak), Splice.wanted(name, value)));
        return ways;
    }

    /** What a parser must read once the text is written elsewhere. */
    List<Event> events() {
        return from.events().subList(entry.key().firstEvent(), entry.value().lastEvent() + 1).stream()
                .map(event -> event instanceof ScalarEvent scalar ? Splice.wantedLike(scalar) : event)
                .toList();
    }

    private static List<Splice> way(MappingNode.Entry old, String written, List<Event> wanted) {
        return List.of(new Splice(
                old.key().start(),
                old.end(),
                written,
                old.key().firstEvent(),
                old.value().lastEvent() + 1,
                wanted));
    }
}
