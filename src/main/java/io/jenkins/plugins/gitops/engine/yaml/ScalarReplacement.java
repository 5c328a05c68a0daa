package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Writes another value in the place of a scalar.
 *
 * @param typed whether it stays a number or truth value; else it is a string
 */
record ScalarReplacement(YamlFile file, ScalarNode node, String value, boolean typed) {

    ScalarReplacement {
        if (file.isTemplated(node)) {
            throw file.refuseTemplate(node);
        }
        node.tag()
                .filter(tag -> tag.startsWith(Tag.PREFIX) && !tag.equals(Tag.STR.getValue()))
                .ifPresent(tag -> {
                    throw file.refuse(
                            node,
                            "the value has the tag !!" + Shortened.name(tag.substring(Tag.PREFIX.length()))
                                    + " and cannot hold a string; remove the tag");
                });
    }

    boolean changesSomething() {
        return !node.value().equals(value) || !typed && !node.isString();
    }

    List<Splice> inItsStyle() {
        if (typed) {
            return onOneLine(value);
        }
        if (node.isPlain()) {
            return onOneLine(isPlain() ? value : new Layout(file).quoted(value));
        }
        if (node.isBlock()) {
            return inItsLines().or(this::inItsBlock).orElseGet(this::inDoubleQuotes);
        }
        return node.style() == ScalarStyle.SINGLE_QUOTED && StringRules.fitsSingleQuotes(value)
                ? onOneLine(StringRules.singleQuoted(value))
                : inDoubleQuotes();
    }

    List<Splice> inDoubleQuotes() {
        if (typed) {
            return onOneLine(value);
        }
        String quoted = StringRules.doubleQuoted(value);
        return node.isBlock()
                // A comment behind the indicator stays.
                ? List.of(
                        meaning(node.contentStart(), headerEnd(), quoted),
                        Splice.silent(headerLineEnd(), node.end(), "", node.firstEvent() + 1))
                : onOneLine(quoted);
    }

    private boolean isPlain() {
        if (node.inFlow() && new Layout(file).quotesOfFile() == Layout.Quotes.ALWAYS) {
            return false;
        }
        boolean hadColon = node.value().indexOf(':') >= 0;
        return StringRules.isSafePlain(value, node.inFlow())
                || (node.inFlow()
                        && hadColon
                        && StringRules.isSafePlain(value.replace(':', '.'), true)
                        && StringRules.isSafePlain(value, false));
    }

    private List<Splice> onOneLine(String written) {
        String text = file.source().text();
        int start = node.contentStart();
        boolean touchesIndicator = start > 0
                && node.end() == start
                && !Character.isWhitespace(text.charAt(start - 1))
                && "{[".indexOf(text.charAt(start - 1)) < 0;
        return List.of(meaning(start, node.end(), touchesIndicator ? " " + written : written));
    }

    private Splice meaning(int start, int end, String written) {
        int event = node.firstEvent();
        return new Splice(
                start,
                end,
                written,
                event,
                event + 1,
                List.of(typed ? Splice.plain(value, node.event()) : Splice.wanted(value, node.event())));
    }

    /** The lines that differ, each where it is, of a literal scalar that keeps the number of its lines. */
    private Optional<List<Splice>> inItsLines() {
        List<String> old = node.value().lines().toList();
        List<String> now = value.lines().toList();
        if (!node.event().isLiteral() || old.size() < 2 || old.size() != now.size()) {
            return Optional.empty();
        }
        SourceText source = file.source();
        List<Splice> splices = new ArrayList<>();
        int start = source.nextLine(headerLineEnd());
        for (int i = 0; i < old.size(); i++) {
            int end = source.lineEnd(start);
            if (!old.get(i).equals(now.get(i))) {
                int content = end - old.get(i).length();
                if (content < start || !source.text().startsWith(old.get(i), content)) {
                    return Optional.empty();
                }
                splices.add(
                        splices.isEmpty()
                                ? meaning(content, end, now.get(i))
                                : Splice.silent(content, end, now.get(i), node.firstEvent() + 1));
            }
            start = source.nextLine(start);
        }
        return splices.isEmpty() ? Optional.empty() : Optional.of(splices);
    }

    /** The value as a literal or folded scalar like the old one, if one line of content can hold it. */
    private Optional<List<Splice>> inItsBlock() {
        SourceText source = file.source();
        int end = node.end();
        int content = headerLineEnd() == source.text().length() ? end : source.nextLine(headerLineEnd());
        String body = value.stripTrailing();
        String breaks = value.substring(body.length());
        boolean oneVisibleLine = !body.isEmpty() && body.charAt(0) != ' ' && StringRules.fitsSingleQuotes(body);
        if (!oneVisibleLine || content >= end || !breaks.chars().allMatch(c -> c == '\n')) {
            return Optional.empty();
        }
        while (content < end && Character.isWhitespace(source.text().charAt(content))) {
            content++;
        }
        int firstText = content;
        return header(breaks.length())
                .map(header -> List.of(
                        meaning(node.contentStart(), headerEnd(), header),
                        Splice.silent(firstText, end, body, node.firstEvent() + 1)));
    }

    /** The indicators that give the value this many trailing line breaks, changed only where they must be. */
    private Optional<String> header(int breaks) {
        String header = file.source().text().substring(node.contentStart(), headerEnd());
        String old = node.value();
        if (breaks == old.length() - old.stripTrailing().length()) {
            return Optional.of(header);
        }
        String bare = header.replace("+", "").replace("-", "");
        return breaks > 1 ? Optional.empty() : Optional.of(breaks == 0 ? bare + "-" : bare);
    }

    /** Behind the indicators, before blanks and a comment. */
    private int headerEnd() {
        String text = file.source().text();
        int end = node.contentStart() + 1;
        while (end < text.length() && "+-0123456789".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        return end;
    }

    private int headerLineEnd() {
        return file.source().lineEnd(headerEnd());
    }
}
