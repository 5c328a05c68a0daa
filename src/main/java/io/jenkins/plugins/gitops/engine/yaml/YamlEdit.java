package io.jenkins.plugins.gitops.engine.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Changes of one {@link YamlFile} that are made together, with two parses in all: of the file and of the result.
 *
 * <p>{@link #apply} either gives a file that differs in exactly the meant values and in no other byte than it takes to
 * write them, or refuses. New maps and lists are given as JSON; all their scalars become strings. Not safe for several
 * threads.
 */
public final class YamlEdit {

    private final YamlFile file;
    private final List<Change> changes = new ArrayList<>();
    private final Map<ScalarNode, ScalarReplacement> replaced = new IdentityHashMap<>();

    public YamlEdit(YamlFile file) {
        this.file = file;
    }

    /**
     * One change.
     *
     * @param at what a refusal points at, or null for the file's begin
     * @param ways to make it, the best first
     */
    private record Change(@CheckForNull YamlNode at, List<List<Splice>> ways) {}

    /** Gives a scalar another value; keeps its style where the value allows it. Nothing, if it has the value already. */
    public YamlEdit replace(ScalarNode node, String value) {
        return replace(node, new ScalarReplacement(file, node, value, false));
    }

    /** Gives a number or truth value another one, without quotes. */
    public YamlEdit replaceTyped(ScalarNode node, String value) {
        return replace(node, new ScalarReplacement(file, node, value, true));
    }

    private YamlEdit replace(ScalarNode node, ScalarReplacement replacement) {
        ScalarReplacement other = replaced.putIfAbsent(node, replacement);
        if (other != null && !other.value().equals(replacement.value())) {
            throw file.refuseShared(node, "two different values are written here; release both alike");
        }
        if (other == null && replacement.changesSomething()) {
            add(node, List.of(replacement.inItsStyle(), replacement.inDoubleQuotes()));
        }
        return this;
    }

    /** Puts a list or map where nothing is written yet: {@code images:}. */
    public YamlEdit fill(ScalarNode empty, JsonNode value) {
        return add(empty, new Insertion(file).intoEmpty(empty, value));
    }

    /** Adds a key to a mapping, behind the entry. */
    public YamlEdit insertAfter(MappingNode mapping, MappingNode.Entry sibling, String key, JsonNode value) {
        return add(mapping, new Insertion(file).behind(mapping, sibling, key, value));
    }

    /** Adds a key at the end of a mapping. */
    public YamlEdit insert(MappingNode mapping, String key, JsonNode value) {
        return add(mapping, new Insertion(file).atEnd(mapping, key, value));
    }

    /** Adds an item at the end of a sequence. */
    public YamlEdit append(SequenceNode sequence, JsonNode value) {
        return add(sequence, new Insertion(file).append(sequence, value));
    }

    /** Makes a map the content of a file that has no document. */
    public YamlEdit begin(ObjectNode content) {
        if (!file.documents().isEmpty()) {
            throw new IllegalArgumentException("the file has a document");
        }
        return add(null, new Insertion(file).intoEmptyFile(content));
    }

    /** Takes a key and its value away; a comment behind the value stays. */
    public YamlEdit remove(MappingNode mapping, MappingNode.Entry entry) {
        return add(entry.key(), List.of(List.of(new Removal(file, mapping, entry).splice())));
    }

    /** Gives a key the value that it has in another file, as it is written there. */
    public YamlEdit copy(MappingNode mapping, MappingNode.Entry entry, YamlFile from, MappingNode.Entry source) {
        String name = entry.name().orElseThrow();
        return add(entry.key(), Copied.of(from, source, name).over(file, mapping, entry));
    }

    /** Adds a key of another file, as it is written there, behind the entry of a mapping. */
    public YamlEdit copyAfter(MappingNode mapping, MappingNode.Entry sibling, YamlFile from, MappingNode.Entry source) {
        String name = source.name().orElseThrow();
        return add(mapping, new Insertion(file).copied(mapping, sibling, Copied.of(from, source, name)));
    }

    /** Makes the changes of another edit of the same file, too. */
    public void addAll(YamlEdit other) {
        other.replaced.forEach(this::replace);
        other.changes.stream()
                .filter(change -> !(change.at() instanceof ScalarNode scalar) || !other.replaced.containsKey(scalar))
                .forEach(changes::add);
    }

    private YamlEdit add(@CheckForNull YamlNode at, List<List<Splice>> ways) {
        changes.add(new Change(at, ways));
        return this;
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /**
     * The file with all changes; the same one if there are none.
     *
     * @throws EditRefusedException if they cannot be made without changing something else
     */
    public YamlFile apply() {
        if (changes.isEmpty()) {
            return file;
        }
        return attempt(changes.stream().flatMap(change -> change.ways().get(0).stream()))
                .or(() -> attempt(changes.stream().flatMap(this::holding)))
                .orElseThrow(() -> unsafe(changes.get(0)));
    }

    /** The first way of a change that does what it should when it is made alone. */
    private Stream<Splice> holding(Change change) {
        return change.ways().stream()
                .filter(way -> attempt(way.stream()).isPresent())
                .findFirst()
                .orElseThrow(() -> unsafe(change))
                .stream();
    }

    /** The one gate through which every edit goes: what is written is parsed again, and compared. */
    private Optional<YamlFile> attempt(Stream<Splice> unordered) {
        List<Splice> splices = unordered
                .sorted(Comparator.comparingInt(Splice::start).thenComparingInt(Splice::end))
                .toList();
        for (int i = 1; i < splices.size(); i++) {
            if (splices.get(i).start() < splices.get(i - 1).end()) {
                return Optional.empty();
            }
        }
        try {
            String text = Splice.apply(file.source().text(), splices);
            YamlFile edited = new YamlFile(new SourceText(file.path(), text));
            return Splice.isAll(splices, file.events(), edited.events()) ? Optional.of(edited) : Optional.empty();
        } catch (EditRefusedException unparsable) {
            return Optional.empty();
        }
    }

    private EditRefusedException unsafe(Change change) {
        String sentence = "this cannot be changed without changing something else; write it in a simpler form";
        YamlNode at = change.at();
        return at == null ? file.refuse(sentence) : file.refuse(at, sentence);
    }
}
