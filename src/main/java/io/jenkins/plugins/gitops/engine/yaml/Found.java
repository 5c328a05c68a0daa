package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;

/**
 * What stands at a path.
 *
 * @param node the value itself; an alias only where the last step ends at one
 * @param through the aliases on the way, outermost first, those of merge keys included; a value reached through none
 *     stands at the path literally
 */
public record Found(@NonNull YamlNode node, @NonNull List<AliasNode> through) {

    public Found {
        through = List.copyOf(through);
    }

    /** The value itself, an alias followed. */
    @NonNull
    public YamlNode value() {
        return node instanceof AliasNode alias ? alias.target() : node;
    }
}
