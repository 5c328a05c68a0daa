package io.jenkins.plugins.gitops.engine.yaml;

import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Kind;
import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the YAML that most configuration is written in, several times faster than a parser of all YAML: block maps and
 * lists by indentation, one-line scalars that are plain or in quotes without escapes, <code>{}</code> and {@code []},
 * comments, {@code ---}.
 *
 * <p>The contract: either exactly the events of snakeyaml-engine, or nothing. Whatever is not certain (any error, a tab, a
 * carriage return, an anchor, an alias, a tag, an escape, text over several lines, a document without content) is left to
 * snakeyaml-engine, so that this reader needs no error messages and refuses no file. A line is understood from its own
 * characters and the indentation of the collections that are open; text of several lines cannot hide, since each of its
 * ways to begin is one of those that are left alone: an indicator, an open quote, or a line that is indented deeper than
 * the scalar's collection.
 */
final class BlockReader {

    /** Deeper files exist, and are left to the parser. */
    private static final int MAX_DEPTH = 100;

    /** YAML allows a key no more than 1,024 characters on its line. */
    private static final int MAX_KEY = 1_000;

    /** What a plain scalar cannot begin with, or can only sometimes. */
    private static final String INDICATORS = "-?:,[]{}#&*!|>'\"%@`";

    private final String text;
    private final int length;
    private final List<ParseEvent> events;

    /** The open collections: the column each stands at, whether it is a list, and where a key's value is due, or -1. */
    private final int[] columns = new int[MAX_DEPTH];

    private final boolean[] lists = new boolean[MAX_DEPTH];
    private final int[] due = new int[MAX_DEPTH];
    private int open = -1;

    private boolean inDocument;
    private boolean hasContent;

    /** The token that was read last. */
    private int tokenEnd;

    private String tokenValue;
    private Style tokenStyle;

    private BlockReader(String text) {
        this.text = text;
        this.length = text.length();
        this.events = new ArrayList<>(length / 12 + 16);
    }

    /** The events of the text, or nothing if it takes more than this reader to be sure. */
    static Optional<List<ParseEvent>> read(String text) {
        BlockReader reader = new BlockReader(text);
        return isTame(text) && reader.lines() ? Optional.of(reader.events) : Optional.empty();
    }

    /** Only characters without a meaning of their own: no tab, no carriage return, nothing unprintable or astral. */
    private static boolean isTame(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean ascii = c >= ' ' && c <= '~' || c == '\n';
            if (!ascii && (c <= '\u00A0' || c >= '\uD800' || c == '\u2028' || c == '\u2029')) {
                return false;
            }
        }
        return true;
    }

    private boolean lines() {
        add(Kind.STREAM_START, 0, 0, Style.NONE);
        int line = 0;
        while (line < length) {
            int content = skipBlanks(line);
            if (isEnd(content) || text.charAt(content) == '#') {
                line = nextLine(content);
            } else if (content == line && text.startsWith("---", line)) {
                if (!isEnd(line + 3) || !endDocument()) {
                    return false;
                }
                beginDocument(Style.EXPLICIT, line);
                line = nextLine(line + 3);
            } else {
                line = entry(line, content);
                if (line < 0) {
                    return false;
                }
            }
        }
        if (!inDocument || !endDocument()) {
            return false;
        }
        add(Kind.STREAM_END, length, length, Style.NONE);
        return true;
    }

    private void beginDocument(Style style, int start) {
        add(Kind.DOCUMENT_START, start, start, style);
        inDocument = true;
        hasContent = false;
    }

    private boolean endDocument() {
        if (!inDocument) {
            return true;
        }
        while (open >= 0) {
            pop();
        }
        add(Kind.DOCUMENT_END, 0, 0, Style.IMPLICIT);
        return hasContent;
    }

    /** Reads a line with a key or an item. Where the next line begins, or -1. */
    private int entry(int line, int content) {
        if (isDeep() || content == line && text.startsWith("...", line)) {
            return -1;
        }
        if (!inDocument) {
            beginDocument(Style.IMPLICIT, content);
        }
        int at = content;
        boolean item = isDash(at);
        if (item) {
            if (!arrive(at - line, true, at)) {
                return -1;
            }
            at = skipBlanks(at + 1);
            while (isDash(at)) {
                push(at - line, true, at);
                at = skipBlanks(at + 1);
                if (isDeep()) {
                    return -1;
                }
            }
            if (emptyCollection(at)) {
                return behindValue(at + 2);
            }
        }
        if (!token(at)) {
            return -1;
        }
        int colon = skipBlanks(tokenEnd);
        if (isEnd(colon) || text.charAt(colon) != ':' || !isBlankOrEnd(colon + 1)) {
            if (!item) {
                return -1;
            }
            addToken(at);
            return behindValue(tokenEnd);
        }
        if (colon - at > MAX_KEY) {
            return -1;
        }
        if (item) {
            push(at - line, false, at);
        } else if (!arrive(at - line, false, at)) {
            return -1;
        }
        addToken(at);
        return value(colon + 1);
    }

    /** Reads what stands behind a colon. Where the next line begins, or -1. */
    private int value(int behindColon) {
        int at = skipBlanks(behindColon);
        if (isEnd(at) || text.charAt(at) == '#') {
            due[open] = behindColon;
            return nextLine(at);
        }
        if (emptyCollection(at)) {
            return behindValue(at + 2);
        }
        if (!token(at)) {
            return -1;
        }
        addToken(at);
        return behindValue(tokenEnd);
    }

    /** The rest of the line, which holds a comment at most. */
    private int behindValue(int end) {
        int rest = skipBlanks(end);
        boolean comment = rest > end && rest < length && text.charAt(rest) == '#';
        return comment || isEnd(rest) ? nextLine(rest) : -1;
    }

    /** Closes what a line at the column ends, and opens or finds the collection that the line belongs to. */
    private boolean arrive(int column, boolean item, int at) {
        while (open >= 0 && columns[open] > column) {
            pop();
        }
        if (open < 0) {
            boolean first = !hasContent;
            push(column, item, at);
            return first;
        }
        if (columns[open] < column) {
            // The value of a key, and nothing else, stands deeper.
            boolean valueIsDue = due[open] >= 0;
            due[open] = -1;
            push(column, item, at);
            return valueIsDue;
        }
        if (item) {
            // A list may stand at the column of its key.
            boolean valueIsDue = due[open] >= 0;
            if (valueIsDue) {
                due[open] = -1;
                push(column, true, at);
            }
            return valueIsDue || lists[open];
        }
        if (lists[open]) {
            pop();
        }
        if (open < 0 || columns[open] != column || lists[open]) {
            return false;
        }
        fillDue();
        return true;
    }

    private void push(int column, boolean list, int at) {
        hasContent = true;
        open++;
        columns[open] = column;
        lists[open] = list;
        due[open] = -1;
        add(list ? Kind.SEQUENCE_START : Kind.MAPPING_START, at, at, Style.BLOCK);
    }

    private void pop() {
        fillDue();
        add(lists[open] ? Kind.SEQUENCE_END : Kind.MAPPING_END, 0, 0, Style.NONE);
        open--;
    }

    /** A key without a value has an empty one, right behind its colon. */
    private void fillDue() {
        if (due[open] >= 0) {
            events.add(ParseEvent.scalar(due[open], due[open], "", Style.PLAIN));
            due[open] = -1;
        }
    }

    /** Reads a scalar that ends on its line. */
    private boolean token(int at) {
        if (isEnd(at)) {
            return false;
        }
        char first = text.charAt(at);
        if (first == '\'' || first == '"') {
            return quoted(at, first);
        }
        if (INDICATORS.indexOf(first) >= 0 && (first != '-' || isBlankOrEnd(at + 1))) {
            return false;
        }
        int end = at;
        for (int i = at; i < length; i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == ':' && isBlankOrEnd(i + 1) || c == '#' && text.charAt(i - 1) == ' ') {
                break;
            }
            if (c != ' ') {
                end = i + 1;
            }
        }
        tokenEnd = end;
        tokenValue = text.substring(at, end);
        tokenStyle = Style.PLAIN;
        return true;
    }

    private boolean quoted(int at, char quote) {
        int end = at + 1;
        while (end < length && text.charAt(end) != quote) {
            if (text.charAt(end) == '\n' || text.charAt(end) == '\\') {
                return false;
            }
            end++;
        }
        if (end == length || end + 1 < length && text.charAt(end + 1) == quote) {
            return false;
        }
        tokenEnd = end + 1;
        tokenValue = text.substring(at + 1, end);
        tokenStyle = quote == '"' ? Style.DOUBLE_QUOTED : Style.SINGLE_QUOTED;
        return true;
    }

    private boolean emptyCollection(int at) {
        boolean map = text.startsWith("{}", at);
        if (!map && !text.startsWith("[]", at)) {
            return false;
        }
        add(map ? Kind.MAPPING_START : Kind.SEQUENCE_START, at, at + 1, Style.FLOW);
        add(map ? Kind.MAPPING_END : Kind.SEQUENCE_END, at + 1, at + 2, Style.NONE);
        return true;
    }

    private void add(Kind kind, int start, int end, Style style) {
        events.add(ParseEvent.of(kind, start, end, style));
    }

    private void addToken(int at) {
        events.add(ParseEvent.scalar(at, tokenEnd, tokenValue, tokenStyle));
    }

    private boolean isDeep() {
        return open > MAX_DEPTH - 3;
    }

    private boolean isDash(int at) {
        return at + 1 < length && text.charAt(at) == '-' && text.charAt(at + 1) == ' ';
    }

    private boolean isEnd(int at) {
        return at >= length || text.charAt(at) == '\n';
    }

    private boolean isBlankOrEnd(int at) {
        return isEnd(at) || text.charAt(at) == ' ';
    }

    private int skipBlanks(int from) {
        int i = from;
        while (i < length && text.charAt(i) == ' ') {
            i++;
        }
        return i;
    }

    private int nextLine(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? length : end + 1;
    }
}
