package io.jenkins.plugins.gitops.engine.yaml;

import java.util.List;
import java.util.Optional;

/**
 * A literal ({@code |}) or folded ({@code >}) scalar in its parts.
 *
 * @param start offset of the indicator
 * @param headerEnd behind the indicators, before blanks and a comment
 * @param headerLineEnd end of the header's line
 * @param end behind the last line of the content that is not blank
 */
record BlockScalar(SourceText source, ScalarNode node, int start, int headerEnd, int headerLineEnd, int end) {

    static BlockScalar of(YamlFile file, ScalarNode node) {
        SourceText source = file.source();
        int headerEnd = node.contentStart() + 1;
        while (headerEnd < source.text().length()
                && "+-0123456789".indexOf(source.text().charAt(headerEnd)) >= 0) {
            headerEnd++;
        }
        return new BlockScalar(source, node, node.contentStart(), headerEnd, source.lineEnd(headerEnd), node.end());
    }

    /** The value in the same style, if one line of content can hold it. */
    Optional<List<Splice>> rewrite(String value) {
        int content = headerLineEnd == source.text().length() ? end : source.nextLine(headerLineEnd);
        String body = value.stripTrailing();
        String breaks = value.substring(body.length());
        boolean oneVisibleLine = !body.isEmpty() && body.charAt(0) != ' ' && StringRules.fitsSingleQuotes(body);
        if (!oneVisibleLine || content >= end || !breaks.chars().allMatch(c -> c == '\n')) {
            return Optional.empty();
        }
        return header(breaks.length()).map(header -> {
            int firstText = content;
            while (firstText < end && Character.isWhitespace(source.text().charAt(firstText))) {
                firstText++;
            }
            return List.of(new Splice(start, headerEnd, header), new Splice(firstText, end, body));
        });
    }

    /** The indicators that give the value this many trailing line breaks, changed only where they must be. */
    private Optional<String> header(int breaks) {
        String header = source.text().substring(start, headerEnd);
        String old = node.value();
        int oldBreaks = old.length() - old.stripTrailing().length();
        if (breaks == oldBreaks) {
            return Optional.of(header);
        }
        String bare = header.replace("+", "").replace("-", "");
        return switch (breaks) {
            case 0 -> Optional.of(bare + "-");
            case 1 -> Optional.of(bare);
            default -> Optional.empty();
        };
    }

    /** Puts a scalar of another style in its place; a comment behind the indicator stays. */
    List<Splice> replaceBy(String written) {
        return List.of(new Splice(start, headerEnd, written), new Splice(headerLineEnd, end, ""));
    }
}
