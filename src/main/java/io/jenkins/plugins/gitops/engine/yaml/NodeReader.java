package io.jenkins.plugins.gitops.engine.yaml;

import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Kind;
import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Style;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Builds the node trees from the events, without recursion: the nesting is the file's. */
final class NodeReader {

    /** Values a reader that follows every alias would have to hold; a thousand times what a large file has. */
    private static final long MAX_EXPANDED_VALUES = 1_000_000;

    private final SourceText source;
    private final List<ParseEvent> events;
    private final List<YamlNode> roots = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<YamlNode, Long> anchoredSizes = new IdentityHashMap<>();
    private final List<AliasNode> aliases = new ArrayList<>();
    private Map<String, YamlNode> anchors = new HashMap<>();

    NodeReader(SourceText source, List<ParseEvent> events) {
        this.source = source;
        this.events = events;
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

        void add(YamlNode child) {
            if (node instanceof SequenceNode sequence) {
                sequence.add(child);
            } else if (key == null) {
                key = child;
            } else {
                ((MappingNode) node).add(new MappingNode.Entry(key, child));
                key = null;
            }
            end = Math.max(end, child.end());
        }

        void close(int flowEnd, int lastEvent) {
            if (node instanceof SequenceNode sequence) {
                sequence.close(sequence.isFlow() ? flowEnd : end, lastEvent);
            } else if (node instanceof MappingNode mapping) {
                mapping.close(mapping.isFlow() ? flowEnd : end, lastEvent);
            }
        }
    }

    /** One root per document. */
    List<YamlNode> read() {
        for (int i = 0; i < events.size(); i++) {
            ParseEvent event = events.get(i);
            switch (event.kind()) {
                case DOCUMENT_START -> anchors = new HashMap<>();
                case SCALAR -> place(scalar(event, i));
                case ALIAS -> place(alias(event, i));
                case SEQUENCE_START, MAPPING_START -> push(collection(event, i));
                case SEQUENCE_END, MAPPING_END -> pop(event.end(), i);
                default -> {}
            }
        }
        return roots;
    }

    private void push(YamlNode node) {
        remember(node);
        open.push(new Open(node));
    }

    private void pop(int end, int event) {
        Open closed = open.pop();
        closed.close(end, event);
        attach(closed.node, closed.size);
    }

    private void place(YamlNode node) {
        remember(node);
        attach(node, node instanceof AliasNode alias ? sizeOf(alias) : 1);
    }

    private void attach(YamlNode node, long size) {
        if (node.anchor().isPresent()) {
            anchoredSizes.put(node, size);
        }
        if (open.isEmpty()) {
            roots.add(node);
        } else {
            open.peek().add(node);
            open.peek().size += size;
        }
    }

    private long sizeOf(AliasNode alias) {
        Long size = anchoredSizes.get(alias.target());
        if (size == null) {
            throw aliasBomb(alias, "the alias *" + alias.name() + " is inside its own anchor");
        }
        if (size + open.stream().mapToLong(collection -> collection.size).sum() > MAX_EXPANDED_VALUES) {
            throw aliasBomb(alias, "aliases expand the file to more than " + MAX_EXPANDED_VALUES + " values");
        }
        return size;
    }

    private EditRefusedException aliasBomb(AliasNode alias, String what) {
        return new EditRefusedException(
                source.file(), source.position(alias.start()), Refusal.ALIAS_BOMB, what + "; write the values out");
    }

    private void remember(YamlNode node) {
        node.anchor().ifPresent(name -> anchors.put(name, node));
    }

    private YamlNode collection(ParseEvent event, int index) {
        YamlNode.Place place = placeOf(event, index);
        boolean flow = event.style() == Style.FLOW;
        return event.kind() == Kind.MAPPING_START ? new MappingNode(place, flow) : new SequenceNode(place, flow);
    }

    private YamlNode scalar(ParseEvent event, int index) {
        YamlNode.Place place = placeOf(event, index);
        int end = Math.max(event.end(), place.contentStart());
        Style style = event.style();
        if (style.isBlockScalar()) {
            end = lastLineEnd(place.contentStart(), end);
        } else if (place.start() == end && style == Style.PLAIN) {
            place = implicit(place, index);
            end = place.start();
        }
        return new ScalarNode(place, end, event.value(), style, inFlow());
    }

    /** A value that is not there at all, as in {@code {key}}, stands at its key rather than at the token that follows. */
    private YamlNode.Place implicit(YamlNode.Place place, int index) {
        Open parent = open.peek();
        if (parent == null || parent.key == null) {
            return place;
        }
        int keyEnd = parent.key.end();
        for (int i = keyEnd; i < place.start(); i++) {
            if (source.text().charAt(i) == ':') {
                return place;
            }
        }
        return new YamlNode.Place(keyEnd, keyEnd, null, null, index);
    }

    private int lastLineEnd(int start, int end) {
        int i = end;
        while (i > start && Character.isWhitespace(source.text().charAt(i - 1))) {
            i--;
        }
        return Math.min(source.lineEnd(i), end);
    }

    /** Every alias; complete once the nodes are read. */
    List<AliasNode> aliases() {
        return aliases;
    }

    private YamlNode alias(ParseEvent event, int index) {
        String name = event.value();
        YamlNode.Place place = placeOf(event, index);
        YamlNode target = anchors.get(name);
        if (target == null) {
            throw new EditRefusedException(
                    source.file(),
                    source.position(place.start()),
                    Refusal.SYNTAX,
                    "the alias *" + name + " has no anchor &" + name + " before it");
        }
        AliasNode alias = new AliasNode(place, event.end(), name, target);
        aliases.add(alias);
        return alias;
    }

    private boolean inFlow() {
        Open parent = open.peek();
        return parent != null
                && (parent.node instanceof MappingNode mapping
                        ? mapping.isFlow()
                        : ((SequenceNode) parent.node).isFlow());
    }

    private YamlNode.Place placeOf(ParseEvent event, int index) {
        int start = event.start();
        int content = event.anchor() == null && event.tag() == null ? start : behindProperties(start);
        if (event.isScalar()) {
            content = Math.min(content, event.end());
        }
        return new YamlNode.Place(start, content, event.anchor(), event.tag(), index);
    }

    /** Skips anchor, tag, and the blanks and comments behind them. */
    private int behindProperties(int start) {
        String text = source.text();
        int i = start;
        int behind = start;
        while (i < text.length()) {
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
