package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows a path through a file: keys, items, aliases and merge keys ({@code <<}, whose own keys win and whose first map
 * wins, as in the <a href="https://yaml.org/type/merge.html">merge key type</a>).
 */
final class Lookup {

    /** No file merges deeper; a merge of itself ends here. */
    private static final int MAX_MERGES = 50;

    private final YamlFile file;

    Lookup(YamlFile file) {
        this.file = file;
    }

    Optional<LocatedNode> find(YamlNode from, YamlPath path) {
        Optional<LocatedNode> at = Optional.of(new LocatedNode(from, List.of()));
        for (YamlPath.Step step : path.steps()) {
            at = at.flatMap(here -> step(here, step));
        }
        return at;
    }

    LocatedNode require(YamlNode from, YamlPath path) {
        LocatedNode at = new LocatedNode(from, List.of());
        YamlPath walked = new YamlPath(List.of());
        for (YamlPath.Step step : path.steps()) {
            Optional<LocatedNode> next = step(at, step);
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

    private static boolean holds(LocatedNode found, String text) {
        return found.value() instanceof ScalarNode scalar && scalar.value().equals(text);
    }

    private Optional<LocatedNode> step(LocatedNode at, YamlPath.Step step) {
        List<AliasNode> through = at.aliases();
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
                    ? Optional.of(new LocatedNode(sequence.items().get(index.index()), through))
                    : Optional.empty();
        }
        return item(sequence, (YamlPath.Item) step, through);
    }

    private Optional<LocatedNode> item(SequenceNode sequence, YamlPath.Item wanted, List<AliasNode> through) {
        List<YamlNode> matches = sequence.items().stream()
                .filter(item -> step(new LocatedNode(item, List.of()), new YamlPath.Key(wanted.key()))
                        .filter(found -> holds(found, wanted.value()))
                        .isPresent())
                .toList();
        if (matches.size() > 1) {
            throw file.refuse(
                    matches.get(1),
                    Refusal.AMBIGUOUS,
                    "two items match " + wanted + ", the first on line " + file.line(matches.get(0)) + "; remove one");
        }
        return matches.stream().findFirst().map(match -> new LocatedNode(match, through));
    }

    private Optional<LocatedNode> key(MappingNode mapping, String name, List<AliasNode> through, int merges) {
        List<MappingNode.Entry> named = mapping.named(name);
        if (named.size() > 1) {
            throw file.refuse(
                    named.get(1).key(),
                    Refusal.DUPLICATE_KEY,
                    "the key '" + Shortened.name(name) + "' is here a second time, first on line "
                            + file.line(named.get(0).key()) + "; remove one");
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
    private void refuseTemplate(YamlNode node) {
        if (node instanceof MappingNode mapping
                && mapping.isFlow()
                && mapping.entries().stream().anyMatch(entry -> entry.key() instanceof MappingNode)
                && file.isTemplated(node)) {
            throw file.refuseTemplate(node);
        }
    }
}
