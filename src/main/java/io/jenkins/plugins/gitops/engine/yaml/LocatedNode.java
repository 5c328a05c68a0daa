package io.jenkins.plugins.gitops.engine.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node and the way to it.
 *
 * @param node the value itself; an alias only where the last step ends at one
 * @param through the aliases on the way, outermost first, those of merge keys included; a value reached through none
 *     stands at the path literally
 */
public record LocatedNode(YamlNode node, List<AliasNode> through) {

    public LocatedNode {
        through = List.copyOf(through);
    }

    /** The value itself, an alias followed. */
    public YamlNode value() {
        return node instanceof AliasNode alias ? alias.target() : node;
    }

    /** The text without surrounding blanks; empty if it is null, blank or no scalar. */
    public Optional<String> text() {
        return value() instanceof ScalarNode scalar
                        && !scalar.isNull()
                        && !scalar.value().isBlank()
                ? Optional.of(scalar.value().strip())
                : Optional.empty();
    }

    /** Every alias whose other users see a change of this value. */
    public List<AliasNode> aliases() {
        List<AliasNode> aliases = new ArrayList<>(through);
        if (node instanceof AliasNode alias) {
            aliases.add(alias);
        }
        return aliases;
    }
}
