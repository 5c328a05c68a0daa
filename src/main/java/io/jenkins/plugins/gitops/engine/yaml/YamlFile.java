package io.jenkins.plugins.gitops.engine.yaml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * A YAML file as it is written. Immutable: an edit gives another file, and the nodes of this one do not belong to that
 * one. Safe for any thread.
 */
public final class YamlFile {

    /** No file merges deeper; a merge of itself ends here. */
    private static final int MAX_MERGES = 50;

    private static final Pattern TEMPLATE = Pattern.compile("\\{\\{|\\$\\{|\\$\\(|<%");

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
    public static YamlFile parse(String path, byte[] content) {
        return new YamlFile(SourceText.decode(path, content));
    }

    public byte[] toBytes() {
        return source.text().getBytes(StandardCharsets.UTF_8);
    }

    public String path() {
        return source.file();
    }

    /** The root of each document; an empty document has an empty scalar, an empty file has no document. */
    public List<YamlNode> documents() {
        return documents;
    }

    /** The line, from 1, on which a node begins, anchor and tag included. */
    public int line(YamlNode node) {
        return source.line(node.start());
    }

    /** A refusal that points at a node. */
    public EditRefusedException refuse(YamlNode at, String sentence) {
        return source.refuse(at.start(), sentence);
    }

    /** A refusal that points at the file as a whole. */
    public EditRefusedException refuse(String sentence) {
        return new EditRefusedException(source.file(), sentence);
    }

    /** The refusal of a value that another place shares. */
    public EditRefusedException refuseShared(YamlNode at, String sentence) {
        return source.refuse(at.start(), sentence, true);
    }

    /** The refusal of a value that a template stands for. */
    public EditRefusedException refuseTemplate(YamlNode at) {
        return refuse(at, "a template is here; name the place of the value that it is rendered with");
    }

    /** Every alias of an anchored node, in the order of the text. */
    public List<AliasNode> aliasesOf(YamlNode anchored) {
        return aliases.stream().filter(alias -> alias.target() == anchored).toList();
    }

    /** Whether anything stands at two places at once. */
    public boolean hasAliases() {
        return !aliases.isEmpty();
    }

    /** Whether a Go template's braces, or the variable of another program, stand in the text of the node. */
    public boolean isTemplated(YamlNode node) {
        return TEMPLATE.matcher(source.text())
                .region(node.contentStart(), node.end())
                .find();
    }

    /**
     * The value at the path, below a node: along keys, items, aliases and merge keys ({@code <<}, whose own keys win and
     * whose first map wins, as in the <a href="https://yaml.org/type/merge.html">merge key type</a>).
     *
     * @return empty if a key or item on the way is not there
     * @throws EditRefusedException if the way is not clear: a key stands twice, two items match, a template stands there
     */
    public Optional<LocatedNode> find(YamlNode from, YamlPath path) {
        Optional<LocatedNode> at = Optional.of(new LocatedNode(from, List.of()));
        for (YamlPath.Step step : path.steps()) {
            if (at.isEmpty()) {
                return at;
            }
            at = step(at.get(), step);
        }
        return at;
    }

    /** Like {@link #find}, but refuses with the keys that are there instead when nothing stands at the path. */
    public LocatedNode require(YamlNode from, YamlPath path) {
        LocatedNode at = new LocatedNode(from, List.of());
        YamlPath walked = new YamlPath(List.of());
        for (YamlPath.Step step : path.steps()) {
            Optional<LocatedNode> next = step(at, step);
            if (next.isEmpty()) {
                YamlNode there = at.value();
                String where = walked.steps().isEmpty() ? "the file holds " : "'" + walked + "' is ";
                String remedy = there instanceof ScalarNode text && text.value().indexOf('\n') >= 0
                        ? "; only 'fields' lead into YAML inside a string, so correct the path, or declare the value"
                                + " there"
                        : "; correct the path or add the key";
                throw refuse(there, "there is no '" + path + "': " + where + there.kind() + remedy);
            }
            walked = walked.then(step);
            at = next.get();
        }
        return at;
    }

    /** One key of a mapping, or of what it merges. */
    public Optional<LocatedNode> key(YamlNode from, String name) {
        return key(new LocatedNode(from, List.of()), name);
    }

    /**
     * The key's text without surrounding blanks; empty if it is missing, null, blank or no scalar. A key that says the same
     * twice says it.
     */
    public Optional<String> text(YamlNode from, String name) {
        return (from instanceof MappingNode mapping && isRepeated(mapping.named(name))
                        ? Optional.of(new LocatedNode(mapping.named(name).get(0).value(), List.of()))
                        : key(from, name))
                .flatMap(LocatedNode::text);
    }

    private static boolean isRepeated(List<MappingNode.Entry> entries) {
        return entries.size() > 1
                && entries.stream()
                        .allMatch(entry -> entry.value() instanceof ScalarNode text
                                && entries.get(0).value() instanceof ScalarNode first
                                && text.value().equals(first.value()));
    }

    /** The names of a mapping's keys, and of those it merges; none of anything else. */
    public Set<String> keys(YamlNode from) {
        Set<String> keys = new LinkedHashSet<>();
        keys(from, keys, 0);
        return keys;
    }

    private static void keys(YamlNode from, Set<String> keys, int merges) {
        if (from instanceof AliasNode alias) {
            keys(alias.target(), keys, merges);
        } else if (from instanceof SequenceNode list && merges > 0) {
            list.items().forEach(item -> keys(item, keys, merges));
        } else if (from instanceof MappingNode mapping && merges < MAX_MERGES) {
            for (MappingNode.Entry entry : mapping.entries()) {
                if (entry.isMerge()) {
                    keys(entry.value(), keys, merges + 1);
                } else {
                    entry.name().ifPresent(keys::add);
                }
            }
        }
    }

    private static boolean holds(LocatedNode found, String text) {
        return found.value() instanceof ScalarNode scalar && scalar.value().equals(text);
    }

    private Optional<LocatedNode> step(LocatedNode at, YamlPath.Step step) {
        if (step instanceof YamlPath.Key key) {
            return key(at, key.name());
        }
        List<AliasNode> through = at.aliases();
        YamlNode here = at.value();
        requireNoTemplate(here);
        if (!(here instanceof SequenceNode sequence)) {
            return Optional.empty();
        }
        if (step instanceof YamlPath.Index index) {
            return index.index() < sequence.items().size()
                    ? Optional.of(new LocatedNode(sequence.items().get(index.index()), through))
                    : Optional.empty();
        }
        if (step instanceof YamlPath.Containing containing) {
            return one(
                    sequence.items().stream()
                            .filter(item -> new LocatedNode(item, List.of())
                                    .text()
                                    .filter(text -> text.contains(containing.text()))
                                    .isPresent())
                            .toList(),
                    step.toString(),
                    through);
        }
        return item(sequence, (YamlPath.Item) step, through);
    }

    private Optional<LocatedNode> item(SequenceNode sequence, YamlPath.Item wanted, List<AliasNode> through) {
        List<YamlNode> matches = sequence.items().stream()
                .filter(item -> key(item, wanted.key())
                        .filter(found -> holds(found, wanted.value()))
                        .isPresent())
                .toList();
        return one(matches, wanted.toString(), through);
    }

    private Optional<LocatedNode> one(List<YamlNode> matches, String wanted, List<AliasNode> through) {
        if (matches.size() > 1) {
            throw refuse(
                    matches.get(1),
                    "two items match " + wanted + ", the first on line " + line(matches.get(0)) + "; remove one");
        }
        return matches.stream().findFirst().map(match -> new LocatedNode(match, through));
    }

    private Optional<LocatedNode> key(LocatedNode at, String name) {
        YamlNode here = at.value();
        requireNoTemplate(here);
        return here instanceof MappingNode mapping ? key(mapping, name, at.aliases(), 0) : Optional.empty();
    }

    private Optional<LocatedNode> key(MappingNode mapping, String name, List<AliasNode> through, int merges) {
        List<MappingNode.Entry> named = mapping.named(name);
        if (named.size() > 1) {
            throw refuse(
                    named.get(1).key(),
                    "the key '" + Shortened.name(name) + "' is here a second time, first on line "
                            + line(named.get(0).key()) + "; remove one");
        }
        if (!named.isEmpty()) {
            return Optional.of(new LocatedNode(named.get(0).value(), through));
        }
        if (merges < MAX_MERGES) {
            for (MappingNode.Entry entry : mapping.entries()) {
                Optional<LocatedNode> merged = entry.isMerge()
                        ? merged(entry.value(), name, through, merges + 1)
                        : Optional.<LocatedNode>empty();
                if (merged.isPresent()) {
                    return merged;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<LocatedNode> merged(YamlNode source, String name, List<AliasNode> through, int merges) {
        if (source instanceof AliasNode alias) {
            List<AliasNode> longer = new ArrayList<>(through);
            longer.add(alias);
            return merged(alias.target(), name, longer, merges);
        }
        if (source instanceof MappingNode mapping) {
            return key(mapping, name, through, merges);
        }
        if (source instanceof SequenceNode sequence) {
            for (YamlNode item : sequence.items()) {
                Optional<LocatedNode> found = merged(item, name, through, merges);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** {@code {{ .Values.x }}} without quotes is a map with a map for a key: nobody means that. */
    private void requireNoTemplate(YamlNode node) {
        if (node instanceof MappingNode mapping
                && mapping.isFlow()
                && mapping.entries().stream().anyMatch(entry -> entry.key() instanceof MappingNode)
                && isTemplated(node)) {
            throw refuseTemplate(node);
        }
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
