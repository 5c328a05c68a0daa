package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Parses a text to events and builds the node trees of its documents.
 *
 * <p>The nodes are not the library's: those lose where an alias stands, and whether a tag was written.
 */
final class YamlParser {

    /**
     * Far beyond what people nest, well within what every recursive reader downstream survives. Checked while the parser
     * runs, whose time grows with the square of the depth.
     */
    private static final int MAX_DEPTH = 500;

    /**
     * Values a reader that follows every alias would have to hold, in one document or written in the file; a thousand
     * times what a large file has. Checked while the parser runs, which takes time for each, however short it is.
     */
    private static final long MAX_VALUES = 1 << 20;

    private static final Pattern UNICODE_LINE_END = Pattern.compile("[\\u0085\\u2028\\u2029]");

    /** How much an anchor holds whose end has not come yet. */
    private static final long UNKNOWN = -1;

    private final SourceText source;
    private final List<Event> events;
    private final List<YamlNode> documents = new ArrayList<>();
    private final List<AliasNode> aliases = new ArrayList<>();
    private final Map<Anchor, YamlNode> anchors = new HashMap<>();
    private final Map<Anchor, Long> anchoredSizes = new HashMap<>();
    private int next;
    /** So far in this document, with what aliases repeat. */
    private long values;

    /** @throws EditRefusedException if it is not YAML, or its aliases lead nowhere or to too much */
    YamlParser(SourceText source) {
        this.source = source;
        this.events = read();
        requireOneKindOfLines();
        while (next < events.size()) {
            if (events.get(next) instanceof NodeEvent) {
                documents.add(node(Optional.empty(), false));
                anchors.clear();
                anchoredSizes.clear();
                values = 0;
            } else {
                next++;
            }
        }
    }

    List<Event> events() {
        return events;
    }

    /** One root per document. */
    List<YamlNode> documents() {
        return documents;
    }

    /** In the order of the text. */
    List<AliasNode> aliases() {
        return aliases;
    }

    /**
     * YAML 1.1, which Kubernetes, Helm and kustomize read, ends a line at these characters, also in a comment, and YAML 1.2
     * does not: outside of quotes the two see different files.
     */
    private void requireOneKindOfLines() {
        // A search for one character takes no time where a text has none that is so far up.
        if (source.text().indexOf('\u0085') < 0
                && source.text().indexOf('\u2028') < 0
                && source.text().indexOf('\u2029') < 0) {
            return;
        }
        Matcher lineEnd = UNICODE_LINE_END.matcher(source.text());
        int next = 0;
        while (lineEnd.find()) {
            int at = lineEnd.start();
            while (next < events.size() && (!isQuoted(events.get(next)) || end(events.get(next)) <= at)) {
                next++;
            }
            if (next == events.size() || start(events.get(next)) > at) {
                throw source.refuse(
                        at,
                        String.format(
                                "the character U+%04X ends a line for Kubernetes and Helm, though it does not look so;"
                                        + " remove it",
                                (int) source.text().charAt(at)));
            }
        }
    }

    private static boolean isQuoted(Event event) {
        return event instanceof ScalarEvent scalar && (scalar.isSQuoted() || scalar.isDQuoted());
    }

    private List<Event> read() {
        try {
            return parse(source.text());
        } catch (MarkedYamlEngineException e) {
            Optional<String> spaced = SyntaxProblem.withoutSeparatingTabs(source.text());
            if (spaced.isEmpty()) {
                throw new SyntaxProblem(source).of(e);
            }
            try {
                return parse(spaced.get());
            } catch (YamlEngineException still) {
                throw new SyntaxProblem(source).of(still);
            }
        } catch (YamlEngineException e) {
            throw new SyntaxProblem(source).of(e);
        }
    }

    private List<Event> parse(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source.file())
                .setCodePointLimit(SourceText.MAX_BYTES)
                // The parser copies what it has of a line with every buffer it reads: all in one, or a long line takes
                // the square of its length.
                .setBufferSize(text.length() + 1)
                .build();
        List<Event> read = new ArrayList<>(text.length() / 12 + 16);
        int depth = 0;
        long written = 0;
        Iterator<Event> parsed = new Parse(settings).parseString(text).iterator();
        while (hasNext(parsed, read)) {
            Event event = parsed.next();
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > MAX_DEPTH) {
                throw source.refuse(
                        start(event), "the file is nested deeper than " + MAX_DEPTH + " levels; make it flatter");
            }
            written += event instanceof NodeEvent ? 1 : 0;
            if (written > MAX_VALUES) {
                throw source.refuse(start(event), "the file holds more than " + MAX_VALUES + " values; split it");
            }
            read.add(event);
        }
        return read;
    }

    /** The parser lets out what Java thinks of the number in an escape. */
    private boolean hasNext(Iterator<Event> parsed, List<Event> read) {
        try {
            return parsed.hasNext();
        } catch (IllegalArgumentException e) {
            throw source.refuse(
                    end(read.get(read.size() - 1)),
                    "this is not YAML: an escape in the value here names no character; write \\\\ for a backslash");
        }
    }

    private int start(Event event) {
        return event.getStartMark().map(Mark::getIndex).map(source::offset).orElseThrow();
    }

    private int end(Event event) {
        return event.getEndMark().map(Mark::getIndex).map(source::offset).orElseThrow();
    }

    /**
     * Reads the next event, and what belongs to it.
     *
     * @param key whose value it is
     * @param inFlow whether it is in a collection in brackets
     */
    private YamlNode node(Optional<YamlNode> key, boolean inFlow) {
        int index = next++;
        NodeEvent event = (NodeEvent) events.get(index);
        if (event instanceof AliasEvent alias) {
            return alias(alias, index);
        }
        long before = values++;
        Optional<Anchor> anchor = event.getAnchor();
        anchor.ifPresent(name -> anchoredSizes.put(name, UNKNOWN));
        YamlNode node = event instanceof ScalarEvent scalar
                ? scalar(scalar, index, key, inFlow)
                : collection((CollectionStartEvent) event, index, inFlow);
        // Unless a node inside it has the name, too.
        if (anchor.isPresent() && anchoredSizes.replace(anchor.get(), UNKNOWN, values - before)) {
            anchors.put(anchor.get(), node);
        }
        return node;
    }

    private YamlNode collection(CollectionStartEvent event, int index, boolean inFlow) {
        int start = start(event);
        int content = contentStart(event, start, event.getTag().isPresent(), inFlow);
        boolean flow = event.isFlow();
        List<YamlNode> children = new ArrayList<>();
        int end = content;
        while (!(events.get(next) instanceof CollectionEndEvent)) {
            boolean value = event instanceof MappingStartEvent && children.size() % 2 == 1;
            Optional<YamlNode> key = value ? Optional.of(children.get(children.size() - 1)) : Optional.empty();
            YamlNode child = node(key, flow);
            children.add(child);
            end = Math.max(end, child.end());
        }
        int last = next++;
        YamlNode.Place place = new YamlNode.Place(start, content, flow ? end(events.get(last)) : end, index, last);
        return event instanceof MappingStartEvent
                ? new MappingNode(place, flow, children)
                : new SequenceNode(place, flow, children);
    }

    private YamlNode scalar(ScalarEvent event, int index, Optional<YamlNode> key, boolean inFlow) {
        int start = start(event);
        int end = end(event);
        int content = Math.min(contentStart(event, start, event.getTag().isPresent(), inFlow), end);
        if (event.isLiteral() || event.isFolded()) {
            int last = end;
            while (last > content && Character.isWhitespace(source.text().charAt(last - 1))) {
                last--;
            }
            end = Math.min(source.lineEnd(last), end);
        } else if (event.isPlain() && start == end && key.isPresent() && isImplicit(key.get(), start)) {
            start = key.get().end();
            content = start;
            end = start;
        }
        return new ScalarNode(new YamlNode.Place(start, content, end, index, index), event, inFlow);
    }

    /** A value that is not there at all, as in {@code {key}}, stands at its key rather than at the token that follows. */
    private boolean isImplicit(YamlNode key, int start) {
        return source.text().substring(key.end(), start).indexOf(':') < 0;
    }

    /** Refuses what would never end, or be too much with what comes along. */
    private AliasNode alias(AliasEvent event, int index) {
        String name = event.getAlias().getValue();
        int start = start(event);
        Long size = anchoredSizes.get(event.getAlias());
        if (size == null) {
            // Its name is not repeated: it may be a password that begins with a star.
            throw source.refuse(
                    start,
                    "the alias here has no anchor of its name before it; quote the value if it is meant as text");
        }
        if (size == UNKNOWN) {
            throw source.refuse(
                    start, "the alias *" + Shortened.name(name) + " is inside its own anchor; write the values out");
        }
        if (size + values > MAX_VALUES) {
            throw source.refuse(
                    start, "aliases expand the file to more than " + MAX_VALUES + " values; write the values out");
        }
        values += size;
        YamlNode.Place place = new YamlNode.Place(start, start, end(event), index, index);
        AliasNode alias = new AliasNode(place, name, anchors.get(event.getAlias()));
        aliases.add(alias);
        return alias;
    }

    private int contentStart(NodeEvent event, int start, boolean tagged, boolean inFlow) {
        return event.getAnchor().isEmpty() && !tagged ? start : behindProperties(start, inFlow);
    }

    /** Skips anchor, tag, and the blanks and comments behind them. */
    private int behindProperties(int start, boolean inFlow) {
        String text = source.text();
        int behind = start;
        for (int i = start; i < text.length(); ) {
            char c = text.charAt(i);
            if (c == '&' || c == '!') {
                i = behindWord(i, inFlow);
                behind = i;
            } else if (c == '#') {
                i = source.lineEnd(i);
            } else if (Character.isWhitespace(c)) {
                i++;
            } else {
                return i;
            }
        }
        return behind;
    }

    private int behindWord(int start, boolean inFlow) {
        String text = source.text();
        int i = start;
        while (i < text.length()
                && !Character.isWhitespace(text.charAt(i))
                && !(inFlow && ",[]{}".indexOf(text.charAt(i)) >= 0)) {
            i++;
        }
        return i;
    }
}
