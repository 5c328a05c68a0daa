package io.jenkins.plugins.gitops.engine.yaml;

import java.util.List;

/** Takes one key and its value out of a mapping. */
record Removal(YamlFile file, MappingNode mapping, MappingNode.Entry entry) {

    List<Edit> edits() {
        if (mapping.entries().size() == 1) {
            return List.of(new Edit(
                    new Splice(mapping.contentStart(), mapping.end(), "{}"),
                    new Change(mapping.firstEvent(), mapping.lastEvent() + 1, emptyMap())));
        }
        Change change = new Change(entry.key().firstEvent(), entry.value().lastEvent() + 1, List.of());
        int index = mapping.entries().indexOf(entry);
        return List.of(new Edit(mapping.isFlow() ? flow(index) : block(index), change));
    }

    private List<ParseEvent> emptyMap() {
        ParseEvent start = file.events().get(mapping.firstEvent());
        ParseEvent end = file.events().get(mapping.lastEvent());
        return List.of(start, end);
    }

    /** One comma goes with the key: the one before it, or the one behind the first key. */
    private Splice flow(int index) {
        return index == 0
                ? new Splice(entry.key().start(), mapping.entries().get(1).key().start(), "")
                : new Splice(mapping.entries().get(index - 1).end(), entry.end(), "");
    }

    private Splice block(int index) {
        SourceText source = file.source();
        int keyStart = entry.key().start();
        int lineStart = source.lineStart(keyStart);
        int lineEnd = source.lineEnd(entry.end());
        String behind = source.text().substring(entry.end(), lineEnd);
        if (!behind.isBlank()) {
            return new Splice(keyStart, lineEnd - behind.stripLeading().length(), "");
        }
        boolean sharesLine = !source.text()
                .substring(lineStart, keyStart)
                .replace("\uFEFF", "")
                .isBlank();
        if (sharesLine && index == 0) {
            return new Splice(keyStart, placeOfNext(lineEnd), "");
        }
        int from = source.text().startsWith("\uFEFF", lineStart) ? lineStart + 1 : lineStart;
        if (lineEnd == source.text().length() && lineStart > 0) {
            return new Splice(source.endOfPreviousLine(lineStart), lineEnd, "");
        }
        return new Splice(from, source.nextLine(lineEnd), "");
    }

    /** The first key of a list item shares its line with the dash: the next key moves up, unless a comment is between. */
    private int placeOfNext(int lineEnd) {
        int next = mapping.entries().get(1).key().start();
        String between = file.source().text().substring(lineEnd, next);
        return between.isBlank() ? next : lineEnd;
    }
}
