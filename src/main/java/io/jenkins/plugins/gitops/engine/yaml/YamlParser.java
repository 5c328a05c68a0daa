package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Parses a text to events and builds the node trees of its documents, without recursion: the nesting is the file's.
 *
 * <p>The nodes are not the library's: those lose where an alias stands, and whether a tag was written.
 */
final class YamlParser {

    /**
     * Far beyond what people nest, well within what every recursive reader downstream survives. Checked while the parser
     * runs, whose time grows with the square of the depth.
     */
    private static final int MAX_DEPTH = 500;

    /** Values a reader that follows every alias would have to hold; a thousand times what a large file has. */
    private static final long MAX_EXPANDED_VALUES = 1_000_000;

    /** How much an anchor holds whose end has not come yet. */
    private static final long UNKNOWN = -1;

    private final SourceText source;
    private final List<Event> events;
    private final List<YamlNode> documents = new ArrayList<>();
    private final List<AliasNode> aliases = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<YamlNode, Long> anchoredSizes = new IdentityHashMap<>();
    private final Map<Anchor, YamlNode> anchors = new HashMap<>();

    /** @throws EditRefusedException if it is not YAML, or its aliases lead nowhere or to too much */
    YamlParser(SourceText source) {
        this.source = source;
        this.events = read();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            if (event instanceof DocumentStartEvent) {
                anchors.clear();
            } else if (event instanceof ScalarEvent scalar) {
                attach(remember(scalar(scalar, i), scalar), 1);
            } else if (event instanceof AliasEvent alias) {
                attach(alias(alias, i), sizeOf(alias));
            } else if (event instanceof CollectionStartEvent start) {
                open.push(new Open(remember(collection(start, i), start)));
            } else if (event instanceof CollectionEndEvent) {
                Open closed = open.pop();
                closed.node.close(closed.node.isFlow() ? end(event) : closed.end, i);
                attach(closed.node, closed.size);
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
        for (Event event : new Parse(settings).parseString(text)) {
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > MAX_DEPTH) {
                throw source.refuse(
                        start(event), "the file is nested deeper than " + MAX_DEPTH + " levels; make it flatter");
            }
            read.add(event);
        }
        return read;
    }

    private int start(Event event) {
        return event.getStartMark().map(Mark::getIndex).map(source::offset).orElseThrow();
    }

    private int end(Event event) {
        return event.getEndMark().map(Mark::getIndex).map(source::offset).orElseThrow();
    }

    /** A collection whose end has not come yet. */
    private static final class Open {
        final YamlNode node;
        YamlNode key;
        int end;
        long size = 1;

        Open(YamlNode node) {
            this.node = node;
            this.end = node.contentStart();
        }

        void add(YamlNode child, long childSize) {
            if (node instanceof SequenceNode sequence) {
                sequence.add(child);
            } else if (key == null) {
                key = child;
            } else {
                ((MappingNode) node).add(new MappingNode.Entry(key, child));
                key = null;
            }
            end = Math.max(end, child.end());
            size += childSize;
        }
    }

    private YamlNode remember(YamlNode node, NodeEvent event) {
        event.getAnchor().ifPresent(anchor -> {
            anchors.put(anchor, node);
            anchoredSizes.put(node, UNKNOWN);
        });
        return node;
    }

    private void attach(YamlNode node, long size) {
        anchoredSizes.computeIfPresent(node, (anchored, unknown) -> size);
        if (open.isEmpty()) {
            documents.add(node);
        } else {
            open.peek().add(node, size);
        }
    }

    private YamlNode collection(CollectionStartEvent event, int index) {
        YamlNode.Place place = place(event, event.getTag().isPresent(), start(event), index);
        return event instanceof MappingStartEvent
                ? new MappingNode(place, event.isFlow())
                : new SequenceNode(place, event.isFlow());
    }

    private YamlNode scalar(ScalarEvent event, int index) {
        YamlNode.Place place = place(event, event.getTag().isPresent(), end(event), index);
        if (event.isLiteral() || event.isFolded()) {
            int last = place.end();
            while (last > place.contentStart()
                    && Character.isWhitespace(source.text().charAt(last - 1))) {
                last--;
            }
            int end = Math.min(source.lineEnd(last), place.end());
            place = new YamlNode.Place(place.start(), place.contentStart(), end, index);
        } else if (event.isPlain() && place.start() == place.end()) {
            place = implicit(place);
        }
        return new ScalarNode(place, event, inFlow());
    }

    /** A value that is not there at all, as in {@code {key}}, stands at its key rather than at the token that follows. */
    private YamlNode.Place implicit(YamlNode.Place place) {
        YamlNode key = open.isEmpty() ? null : open.peek().key;
        return key == null || source.text().substring(key.end(), place.start()).indexOf(':') >= 0
                ? place
                : new YamlNode.Place(key.end(), key.end(), key.end(), place.firstEvent());
    }

    private AliasNode alias(AliasEvent event, int index) {
        String name = event.getAlias().getValue();
        int start = start(event);
        YamlNode target = anchors.get(event.getAlias());
        if (target == null) {
            // Its name is not repeated: it may be a password that begins with a star.
            throw source.refuse(
                    start,
                    "the alias here has no anchor of its name before it; quote the value if it is meant as text");
        }
        AliasNode alias = new AliasNode(new YamlNode.Place(start, start, end(event), index), name, target);
        aliases.add(alias);
        return alias;
    }

    /** How much comes with an alias; refuses what would never end. */
    private long sizeOf(AliasEvent event) {
        AliasNode alias = aliases.get(aliases.size() - 1);
        long size = anchoredSizes.get(alias.target());
        String problem = size == UNKNOWN
                ? "the alias *" + Shortened.name(alias.name()) + " is inside its own anchor"
                : size + open.stream().mapToLong(collection -> collection.size).sum() > MAX_EXPANDED_VALUES
                        ? "aliases expand the file to more than " + MAX_EXPANDED_VALUES + " values"
                        : "";
        if (!problem.isEmpty()) {
            throw source.refuse(start(event), problem + "; write the values out");
        }
        return size;
    }

    private boolean inFlow() {
        return !open.isEmpty() && open.peek().node.isFlow();
    }

    private YamlNode.Place place(NodeEvent event, boolean tagged, int end, int index) {
        int start = start(event);
        int content = event.getAnchor().isEmpty() && !tagged ? start : behindProperties(start);
        if (event instanceof ScalarEvent) {
            content = Math.min(content, end);
        }
        return new YamlNode.Place(start, content, Math.max(end, content), index);
    }

    /** Skips anchor, tag, and the blanks and comments behind them. */
    private int behindProperties(int start) {
        String text = source.text();
        int behind = start;
        for (int i = start; i < text.length(); ) {
            char c = text.charAt(i);
            if (c == '&' || c == '!') {
                i = behindWord(i);
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

    private int behindWord(int start) {
        String text = source.text();
        int i = start;
        while (i < text.length()
                && !Character.isWhitespace(text.charAt(i))
                && !(inFlow() && ",[]{}".indexOf(text.charAt(i)) >= 0)) {
            i++;
        }
        return i;
    }
}
