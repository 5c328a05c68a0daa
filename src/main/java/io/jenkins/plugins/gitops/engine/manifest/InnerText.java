package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.Field;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * YAML in a string of several lines, such as a patch of a kustomization, and the fields in it.
 *
 * @param path of the string
 * @param at where it is
 * @param places of the fields, in what it holds
 */
record InnerText(YamlPath path, LocatedNode at, FieldPlaces places) {

    /** The string that a field's path leads into; empty where it does not, or the string is no YAML with the rest of it. */
    static Optional<InnerText> find(
            YamlFile file,
            YamlNode document,
            YamlPath path,
            Field field,
            ManifestFile.Fields declared,
            Map<String, String> repositories) {
        for (int length = path.steps().size() - 1; length > 0; length--) {
            YamlPath outer = new YamlPath(path.steps().subList(0, length));
            Optional<LocatedNode> found = file.find(document, outer);
            if (found.isPresent()) {
                YamlPath rest =
                        new YamlPath(path.steps().subList(length, path.steps().size()));
                Field inner = new Field(rest.toString(), null, field.part(), field.name());
                return yaml(file.path() + " (" + outer + ")", found.get())
                        .filter(yaml -> yaml.documents().stream()
                                .anyMatch(root -> yaml.find(root, rest).isPresent()))
                        .map(yaml -> new InnerText(
                                outer,
                                found.get(),
                                new FieldPlaces(
                                        yaml,
                                        new ManifestFile.Fields(yaml.path(), List.of(inner), declared.sources()),
                                        repositories)));
            }
        }
        return Optional.empty();
    }

    private static Optional<YamlFile> yaml(String name, LocatedNode at) {
        if (!(at.value() instanceof ScalarNode text) || text.value().indexOf('\n') < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(YamlFile.parse(name, text.value().getBytes(StandardCharsets.UTF_8)));
        } catch (EditRefusedException template) {
            return Optional.empty();
        }
    }

    /** With the fields of another one of the same string, too. */
    InnerText and(InnerText other) {
        List<Field> both = new ArrayList<>(places.declared().fields());
        both.addAll(other.places.declared().fields());
        ManifestFile.Fields declared = places.declared();
        return new InnerText(
                path,
                at,
                new FieldPlaces(
                        places.file(),
                        new ManifestFile.Fields(declared.path(), both, declared.sources()),
                        places.repositories()));
    }

    void write(String name, Map<String, Version> release, YamlFile file, YamlEdit edit) {
        YamlEdit inner = new YamlEdit(places.file());
        places.write(name, release, inner);
        ScalarNode text = (ScalarNode) at.value();
        String written = new String(inner.apply().toBytes(), StandardCharsets.UTF_8);
        if (written.equals(text.value())) {
            return;
        }
        if (at.node() instanceof AliasNode alias) {
            throw ImagePlaces.shared(file, path.toString(), alias);
        }
        ImagePlaces.requireOwn(file, path.toString(), at.through(), at.aliases());
        edit.replace(text, written);
    }
}
