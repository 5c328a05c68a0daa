package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.Refusal;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import java.util.Collection;

/**
 * Whether a value that is reached through an alias may be changed where it stands: only if nobody else reads it through
 * another alias, or those who do get the same value in the same write.
 */
final class SharedValues {

    private SharedValues() {}

    /**
     * @param through the aliases on the way to the value
     * @param moving the aliases on the way to all values that become the same
     */
    static void requireOwn(YamlFile file, String path, Collection<AliasNode> through, Collection<AliasNode> moving) {
        for (AliasNode alias : through) {
            for (AliasNode other : file.aliasesOf(alias.target())) {
                if (!through.contains(other) && !moving.contains(other)) {
                    throw file.refuse(
                            alias,
                            Refusal.SHARED_VALUE,
                            "'" + path + "' is read through the alias *" + alias.name() + ", and so is line "
                                    + file.position(other).line()
                                    + ", which would change too; write the value out here, or name the place on line "
                                    + file.position(alias.target()).line() + " to move both");
                }
            }
        }
    }

    static EditRefusedException refusal(YamlFile file, String what, AliasNode alias) {
        return file.refuse(
                alias,
                Refusal.SHARED_VALUE,
                "'" + what + "' is the alias *" + alias.name() + " of a value on line "
                        + file.position(alias.target()).line()
                        + " that would change too; write the value out, or name that place instead");
    }
}
