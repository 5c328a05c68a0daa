package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * A YAML file as it is written. Immutable: an edit gives another file, and the nodes of this one do not belong to that
 * one. Safe for any thread.
 */
public final class YamlFile {

    private final SourceText source;
    private final List<Event> events;
    private final List<YamlNode> documents;
    private final List<AliasNode> aliases;

    YamlFile(SourceText source) {
        YamlParser parsed = new YamlParser(source);
        this.source = source;
        this.events = List.copyOf(parsed.events());
        this.documents = List.copyOf(parsed.documents());
        this.aliases = List.copyOf(parsed.aliases());
    }

    /**
     * @param path the file's path in the repository, for messages
     * @throws EditRefusedException if it is not YAML that can be edited
     */
    @NonNull
    public static YamlFile parse(@NonNull String path, @NonNull byte[] content) {
        return new YamlFile(SourceText.decode(path, content));
    }

    @NonNull
    public byte[] toBytes() {
        return source.text().getBytes(StandardCharsets.UTF_8);
    }

    @NonNull
    public String path() {
        return source.file();
    }

    /** The root of each document; an empty document has an empty scalar, an empty file has no document. */
    @NonNull
    public List<YamlNode> documents() {
        return documents;
    }

    /** The line, from 1, on which a node begins, anchor and tag included. */
    public int line(@NonNull YamlNode node) {
        return source.line(node.start());
    }

    /** A refusal that points at a node. */
    @NonNull
    public EditRefusedException refuse(@NonNull YamlNode at, @NonNull Refusal reason, @NonNull String sentence) {
        return source.refuse(at.start(), reason, sentence);
    }

    /** A refusal that points at the file as a whole. */
    @NonNull
    public EditRefusedException refuse(@NonNull Refusal reason, @NonNull String sentence) {
        return new EditRefusedException(source.file(), reason, sentence);
    }

    /** The refusal of a value that a Go template stands for. */
    @NonNull
    public EditRefusedException refuseTemplate(@NonNull YamlNode at) {
        return refuse(
                at, Refusal.TEMPLATE, "a Go template is here; name the place of the value that it is rendered with");
    }

    /** Every alias of an anchored node, in the order of the text. */
    @NonNull
    public List<AliasNode> aliasesOf(@NonNull YamlNode anchored) {
        return aliases.stream().filter(alias -> alias.target() == anchored).toList();
    }

    /** Whether anything stands at two places at once. */
    public boolean hasAliases() {
        return !aliases.isEmpty();
    }

    /** Whether Go template braces stand in the text of the node. */
    public boolean isTemplated(@NonNull YamlNode node) {
        return source.text().substring(node.contentStart(), node.end()).contains("{{");
    }

    /**
     * The value at the path, below a node.
     *
     * @return empty if a key or item on the way is not there
     * @throws EditRefusedException if the way is not clear: a key stands twice, two items match, a template stands there
     */
    @NonNull
    public Optional<LocatedNode> find(@NonNull YamlNode from, @NonNull YamlPath path) {
        return new Lookup(this).find(from, path);
    }

    /** Like {@link #find}, but refuses with the keys that are there instead when nothing stands at the path. */
    @NonNull
    public LocatedNode require(@NonNull YamlNode from, @NonNull YamlPath path) {
        return new Lookup(this).require(from, path);
    }

    /** One key of a mapping, or of what it merges. */
    @NonNull
    public Optional<LocatedNode> key(@NonNull YamlNode from, @NonNull String name) {
        return new Lookup(this).find(from, YamlPath.of(name));
    }

    /** The key's text without surrounding blanks; empty if it is missing, null, blank or no scalar. */
    @NonNull
    public Optional<String> text(@NonNull YamlNode from, @NonNull String name) {
        return key(from, name).flatMap(LocatedNode::text);
    }

    /** Where the last scalar inside a node ends for the parser: behind the blank lines of a block scalar. */
    int endOfLastText(YamlNode node) {
        int index = node.lastEvent();
        while (index > node.firstEvent() && !(events.get(index) instanceof ScalarEvent)) {
            index--;
        }
        return source.offset(events.get(index).getEndMark().orElseThrow().getIndex());
    }

    SourceText source() {
        return source;
    }

    List<Event> events() {
        return events;
    }
}
