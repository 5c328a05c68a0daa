package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Follows a path through a file: keys, items, aliases and merge keys ({@code <<}, whose own keys win and whose first map
 * wins, as in the <a href="https://yaml.org/type/merge.html">merge key type</a>).
 */
public final class Lookup {

    /** No file merges deeper; a merge of itself ends here. */
    private static final int MAX_MERGES = 50;

    private final YamlFile file;

    public Lookup(@NonNull YamlFile file) {
        this.file = file;
    }

    /**
     * The value at the path, below a node.
     *
     * @return empty if a key or item on the way is not there
     * @throws EditRefusedException if the way is not clear: a key stands twice, two items match, a template stands there
     */
    @NonNull
    public Optional<Found> find(@NonNull YamlNode from, @NonNull YamlPath path) {
        Found at = new Found(from, List.of());
        for (YamlPath.Step step : path.steps()) {
            Optional<Found> next = step(at, step);
            if (next.isEmpty()) {
                return next;
            }
            at = next.get();
        }
        return Optional.of(at);
    }

    /** Like {@link #find}, but refuses with the keys that are there instead when nothing stands at the path. */
    @NonNull
    public Found require(@NonNull YamlNode from, @NonNull YamlPath path) {
        Found at = new Found(from, List.of());
        YamlPath walked = new YamlPath(List.of());
        for (YamlPath.Step step : path.steps()) {
            Optional<Found> next = step(at, step);
            if (next.isEmpty()) {
                YamlNode there = at.value();
                String where = walked.steps().isEmpty() ? "the file holds " : "'" + walked + "' is ";
                String remedy = there instanceof ScalarNode text && text.value().indexOf('\n') >= 0
                        ? "; YAML inside a string cannot be edited, so keep the value in a key or file of its own"
                        : "; correct the path or add the key";
                throw file.refuse(
                        there, Refusal.NOT_FOUND, "there is no '" + path + "': " + where + there.kind() + remedy);
            }
            walked = walked.then(step);
            at = next.get();
        }
        return at;
    }

    /**
     * The one document that holds these values.
     *
     * @param values path to the text there, for example {@code kind → Deployment}
     */
    @NonNull
    public YamlNode document(@NonNull Map<YamlPath, String> values) {
        List<YamlNode> matches = file.documents().stream()
                .filter(document -> values.entrySet().stream()
                        .allMatch(value -> find(document, value.getKey())
                                .filter(found -> holds(found, value.getValue()))
                                .isPresent()))
                .toList();
        String wanted = values.entrySet().stream()
                .map(value -> value.getKey() + "=" + value.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
        if (matches.isEmpty()) {
            throw file.refuse(
                    Refusal.NOT_FOUND, "no document has " + wanted + "; correct the path or add the document");
        }
        if (matches.size() > 1) {
            throw file.refuse(
                    matches.get(1),
                    Refusal.AMBIGUOUS,
                    "two documents have " + wanted + ", the first on line "
                            + file.position(matches.get(0)).line() + "; name more values to tell them apart");
        }
        return matches.get(0);
    }

    private static boolean holds(Found found, String text) {
        return found.value() instanceof ScalarNode scalar && scalar.value().equals(text);
    }

    /** One key of a mapping, or of what it merges. */
    @NonNull
    public Optional<Found> key(@NonNull YamlNode from, @NonNull String name) {
        return step(new Found(from, List.of()), new YamlPath.Key(name));
    }

    private Optional<Found> step(Found at, YamlPath.Step step) {
        List<AliasNode> through = new ArrayList<>(at.through());
        if (at.node() instanceof AliasNode alias) {
            through.add(alias);
        }
        YamlNode here = at.value();
        refuseTemplate(here);
        if (step instanceof YamlPath.Key key) {
            return here instanceof MappingNode mapping ? key(mapping, key.name(), through, 0) : Optional.empty();
        }
        if (!(here instanceof SequenceNode sequence)) {
            return Optional.empty();
        }
        if (step instanceof YamlPath.Index index) {
            return index.index() < sequence.items().size()
                    ? Optional.of(new Found(sequence.items().get(index.index()), through))
                    : Optional.empty();
        }
        return item(sequence, (YamlPath.Item) step, through);
    }

    private Optional<Found> item(SequenceNode sequence, YamlPath.Item wanted, List<AliasNode> through) {
        List<YamlNode> matches = sequence.items().stream()
                .filter(item -> key(item, wanted.key())
                        .filter(found -> holds(found, wanted.value()))
                        .isPresent())
                .toList();
        if (matches.size() > 1) {
            throw file.refuse(
                    matches.get(1),
                    Refusal.AMBIGUOUS,
                    "two items match " + wanted + ", the first on line "
                            + file.position(matches.get(0)).line() + "; remove one");
        }
        return matches.stream().findFirst().map(match -> new Found(match, through));
    }

    private Optional<Found> key(MappingNode mapping, String name, List<AliasNode> through, int merges) {
        List<MappingNode.Entry> named = mapping.named(name);
        if (named.size() > 1) {
            throw file.refuse(
                    named.get(1).key(),
                    Refusal.DUPLICATE_KEY,
                    "the key '" + Shortened.name(name) + "' is here a second time, first on line "
                            + file.position(named.get(0).key()).line() + "; remove one");
        }
        if (!named.isEmpty()) {
            return Optional.of(new Found(named.get(0).value(), through));
        }
        if (merges < MAX_MERGES) {
            for (MappingNode.Entry entry : mapping.entries()) {
                Optional<Found> merged =
                        entry.isMerge() ? merged(entry.value(), name, through, merges + 1) : Optional.<Found>empty();
                if (merged.isPresent()) {
                    return merged;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Found> merged(YamlNode source, String name, List<AliasNode> through, int merges) {
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
                Optional<Found> found = merged(item, name, through, merges);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** {@code {{ .Values.x }}} without quotes is a map with a map for a key: nobody means that. */
    private void refuseTemplate(YamlNode node) {
        if (node instanceof MappingNode mapping
                && mapping.isFlow()
                && mapping.entries().stream().anyMatch(entry -> entry.key() instanceof MappingNode)
                && file.isTemplated(node)) {
            throw file.refuse(
                    node,
                    Refusal.TEMPLATE,
                    "a Go template is here; name the place of the value that it is rendered with");
        }
    }
}
