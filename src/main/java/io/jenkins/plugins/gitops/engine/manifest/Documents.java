package io.jenkins.plugins.gitops.engine.manifest;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.model.Field;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.List;
import java.util.Optional;

/** Which document of a file a path is in: never simply the first of several. */
record Documents(YamlFile file) {

    private static final YamlPath NAME = YamlPath.of("metadata", "name");
    private static final YamlPath NAMESPACE = YamlPath.of("metadata", "namespace");

    /**
     * The declared document, or the only one that has the path; where none has it the only one there is.
     *
     * @throws EditRefusedException if no document fits, or several do, of which it names two
     */
    YamlNode choose(YamlPath path, Optional<Field.Document> declared) {
        List<YamlNode> all = file.documents();
        if (all.isEmpty()) {
            throw file.refuse("there is no '" + path + "': the file is empty; add the key");
        }
        if (declared.isPresent()) {
            return declared(all, declared.get());
        }
        List<YamlNode> having = all.stream()
                .filter(document -> file.find(document, path).isPresent())
                .toList();
        if (having.size() > 1) {
            throw file.refuse(
                    file.require(having.get(1), path).node(),
                    "'" + path + "' is in " + describe(having.get(0)) + " and in " + describe(having.get(1))
                            + "; say which with 'document'");
        }
        if (having.isEmpty() && all.size() > 1) {
            throw file.refuse("no document of the file has '" + path + "'; correct the path or add the key");
        }
        return having.isEmpty() ? all.get(0) : having.get(0);
    }

    private YamlNode declared(List<YamlNode> all, Field.Document wanted) {
        Integer index = wanted.index();
        List<YamlNode> matching = all.stream()
                .filter(document -> index == null || index < all.size() && all.get(index) == document)
                .filter(document -> isText(wanted.kind(), file.text(document, "kind")))
                .filter(document -> isText(wanted.name(), at(document, NAME)))
                .filter(document -> isText(wanted.namespace(), at(document, NAMESPACE)))
                .toList();
        if (matching.isEmpty()) {
            throw file.refuse("no document of the file is " + wanted + ": it holds "
                    + Shortened.list(all.stream().map(this::describe).toList()) + "; correct 'document'");
        }
        if (matching.size() > 1) {
            throw file.refuse(
                    matching.get(1),
                    describe(matching.get(0)) + " and " + describe(matching.get(1)) + " both are " + wanted
                            + "; say which with 'name', 'namespace' or 'index'");
        }
        return matching.get(0);
    }

    private static boolean isText(@CheckForNull String wanted, Optional<String> found) {
        return wanted == null || found.filter(wanted::equals).isPresent();
    }

    private Optional<String> at(YamlNode document, YamlPath path) {
        return file.find(document, path).flatMap(LocatedNode::text);
    }

    /** {@code HelmRelease shop (line 8)}. */
    String describe(YamlNode document) {
        String kind = file.text(document, "kind").orElse("a document");
        return Shortened.name(kind + at(document, NAME).map(name -> " " + name).orElse("")) + " (line "
                + file.line(document) + ")";
    }
}
