package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Map;

/**
 * A YAML file as it is written. Immutable: an edit returns another file, and the nodes of this one do not belong to that
 * one. Safe for any thread.
 *
 * <p>Every edit either gives a file that differs in exactly the meant values and in no other byte than it takes to write
 * them, or is refused.
 */
public final class YamlFile {

    private final SourceText source;
    private final List<ParseEvent> events;
    private Tree tree;

    private YamlFile(SourceText source) {
        this.source = source;
        this.events = EventReader.read(source);
    }

    /** The nodes; read when first asked for, since the file after the last edit is only written out. */
    private record Tree(List<YamlNode> documents, List<AliasNode> aliases) {}

    private synchronized Tree tree() {
        if (tree == null) {
            NodeReader reader = new NodeReader(source, events);
            tree = new Tree(List.copyOf(reader.read()), List.copyOf(reader.aliases()));
        }
        return tree;
    }

    /**
     * @param path the file's path in the repository, for messages
     * @throws EditRefusedException if it is not YAML that can be edited
     */
    @NonNull
    public static YamlFile parse(@NonNull String path, @NonNull byte[] content) {
        YamlFile file = new YamlFile(SourceText.decode(path, content));
        file.tree();
        return file;
    }

    @NonNull
    public byte[] toBytes() {
        return source.encode();
    }

    @NonNull
    public String path() {
        return source.file();
    }

    /** The root of each document; an empty document has an empty scalar, an empty file has no document. */
    @NonNull
    public List<YamlNode> documents() {
        return tree().documents();
    }

    /** Where a node begins, anchor and tag included. */
    @NonNull
    public Position position(@NonNull YamlNode node) {
        return source.position(node.start());
    }

    /** A refusal that points at a node. */
    @NonNull
    public EditRefusedException refuse(@NonNull YamlNode at, @NonNull Refusal reason, @NonNull String sentence) {
        return new EditRefusedException(source.file(), position(at), reason, sentence);
    }

    /** A refusal that points at the file as a whole. */
    @NonNull
    public EditRefusedException refuse(@NonNull Refusal reason, @NonNull String sentence) {
        return new EditRefusedException(source.file(), new Position(1, 1), reason, sentence);
    }

    /** Every alias of an anchored node, in the order of the text. */
    @NonNull
    public List<AliasNode> aliasesOf(@NonNull YamlNode anchored) {
        return tree().aliases().stream()
                .filter(alias -> alias.target() == anchored)
                .toList();
    }

    /** Whether anything stands at two places at once. */
    public boolean hasAliases() {
        return !tree().aliases().isEmpty();
    }

    /** Whether Go template braces stand in the text of the node. */
    public boolean isTemplated(@NonNull YamlNode node) {
        return source.text().substring(node.contentStart(), node.end()).contains("{{");
    }

    /** Gives a scalar another value; keeps its style where the value allows it. This, if it has the value already. */
    @NonNull
    public YamlFile replace(@NonNull ScalarNode node, @NonNull String value) {
        return replaceAll(Map.of(node, value));
    }

    /** Gives several scalars another value. */
    @NonNull
    public YamlFile replaceAll(@NonNull Map<ScalarNode, String> values) {
        List<ScalarReplacement> replacements = values.entrySet().stream()
                .map(entry -> new ScalarReplacement(this, entry.getKey(), entry.getValue()))
                .filter(ScalarReplacement::changesSomething)
                .toList();
        if (replacements.isEmpty()) {
            return this;
        }
        YamlNode first = replacements.get(0).node();
        return firstThatHolds(
                first,
                List.of(
                        Edit.together(replacements.stream()
                                .map(ScalarReplacement::inItsStyle)
                                .toList()),
                        Edit.together(replacements.stream()
                                .map(ScalarReplacement::inDoubleQuotes)
                                .toList())));
    }

    /** Puts a list or map where nothing is written yet: {@code images:}. */
    @NonNull
    public YamlFile fill(@NonNull ScalarNode empty, @NonNull NewValue value) {
        return firstThatHolds(empty, new Insertion(this).intoEmpty(empty, value));
    }

    /** Adds a key to a mapping, behind the entry. */
    @NonNull
    public YamlFile insertAfter(
            @NonNull MappingNode mapping,
            @NonNull MappingNode.Entry sibling,
            @NonNull String key,
            @NonNull NewValue value) {
        return firstThatHolds(mapping, new Insertion(this).behind(mapping, sibling, key, value));
    }

    /** Adds a key at the end of a mapping. */
    @NonNull
    public YamlFile insert(@NonNull MappingNode mapping, @NonNull String key, @NonNull NewValue value) {
        return firstThatHolds(mapping, new Insertion(this).atEnd(mapping, key, value));
    }

    /** Adds an item at the end of a sequence. */
    @NonNull
    public YamlFile append(@NonNull SequenceNode sequence, @NonNull NewValue value) {
        return firstThatHolds(sequence, new Insertion(this).append(sequence, value));
    }

    /** Makes a map the content of a file that has no document. */
    @NonNull
    public YamlFile begin(@NonNull NewValue.Fields content) {
        if (!documents().isEmpty()) {
            throw new IllegalArgumentException("the file has a document");
        }
        return firstThatHolds(null, new Insertion(this).intoEmptyFile(content));
    }

    /** Takes a key and its value away; a comment behind the value stays. */
    @NonNull
    public YamlFile remove(@NonNull MappingNode mapping, @NonNull MappingNode.Entry entry) {
        return firstThatHolds(entry.key(), new Removal(this, mapping, entry).edits());
    }

    SourceText source() {
        return source;
    }

    List<ParseEvent> events() {
        return events;
    }

    /** Where the last scalar inside a node ends for the parser: behind the blank lines of a block scalar. */
    int endOfLastText(YamlNode node) {
        int index = node.lastEvent();
        while (index > node.firstEvent() && !events.get(index).isScalar()) {
            index--;
        }
        return events.get(index).end();
    }

    Layout layout() {
        return new Layout(this);
    }

    /**
     * The one gate through which every edit goes.
     *
     * @param at what a refusal points at, or null for the file's begin
     */
    private YamlFile firstThatHolds(YamlNode at, List<Edit> edits) {
        for (Edit edit : edits) {
            String text = Splice.apply(source.text(), edit.splices());
            try {
                YamlFile edited = new YamlFile(new SourceText(source.file(), text));
                if (Change.isAll(edit.changes(), events, edited.events)) {
                    if (edited.events.size() < events.size()) {
                        // What went away may have borne an anchor.
                        edited.tree();
                    }
                    return edited;
                }
            } catch (EditRefusedException e) {
                // This way of writing it does not parse: the next one may.
            }
        }
        throw new EditRefusedException(
                source.file(),
                at == null ? new Position(1, 1) : position(at),
                Refusal.UNSAFE,
                "this cannot be changed without changing something else; write it in a simpler form");
    }
}
