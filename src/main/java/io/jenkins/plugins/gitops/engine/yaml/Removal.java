package io.jenkins.plugins.gitops.engine.yaml;

import java.util.List;

/** Takes one key and its value out of a mapping. */
record Removal(YamlFile file, MappingNode mapping, MappingNode.Entry entry) {

    Splice splice() {
        if (mapping.entries().size() == 1) {
            int last = mapping.lastEvent();
            return new Splice(
                    mapping.contentStart(),
                    mapping.end(),
                    "{}",
                    mapping.firstEvent(),
                    last + 1,
                    List.of(
                            file.events().get(mapping.firstEvent()),
                            file.events().get(last)));
        }
        int index = mapping.entries().indexOf(entry);
        return mapping.isFlow() ? flow(index) : block(index);
    }

    private Splice nothing(int from, int to) {
        return new Splice(from, to, "", entry.key().firstEvent(), entry.value().lastEvent() + 1, List.of());
    }

    /** One comma goes with the key: the one before it, or the one behind the first key. */
    private Splice flow(int index) {
        return index == 0
                ? nothing(entry.key().start(), mapping.entries().get(1).key().start())
                : nothing(mapping.entries().get(index - 1).end(), entry.end());
    }

    private Splice block(int index) {
        SourceText source = file.source();
        int keyStart = entry.key().start();
        int lineStart = source.lineStart(keyStart);
        int lineEnd = source.lineEnd(entry.end());
        String behind = source.text().substring(entry.end(), lineEnd);
        if (!behind.isBlank()) {
            return nothing(keyStart, lineEnd - behind.stripLeading().length());
        }
        boolean sharesLine = !source.text()
                .substring(lineStart, keyStart)
                .replace("\uFEFF", "")
                .isBlank();
        if (sharesLine && index == 0) {
            return nothing(keyStart, placeOfNext(lineEnd));
        }
        int from = source.text().startsWith("\uFEFF", lineStart) ? lineStart + 1 : lineStart;
        return lineEnd == source.text().length() && lineStart > 0
                ? nothing(source.endOfPreviousLine(lineStart), lineEnd)
                : nothing(from, source.nextLine(lineEnd));
    }

    /** The first key of a list item shares its line with the dash: the next key moves up, unless a comment is between. */
    private int placeOfNext(int lineEnd) {
        int next = mapping.entries().get(1).key().start();
        return file.source().text().substring(lineEnd, next).isBlank() ? next : lineEnd;
    }
}
