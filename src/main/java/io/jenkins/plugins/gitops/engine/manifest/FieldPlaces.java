package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.Field;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.yaml.AliasNode;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlEdit;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The values of one YAML or JSON file at the places that the declaration gives as fields. */
record FieldPlaces(YamlFile file, ManifestFile.Fields declared, Map<String, String> repositories)
        implements ImagePlaces {

    private static final String COMMIT = "commit";

    /** Of the {@code ref} that a source of Flux has. */
    private static final Set<String> REF_KEYS = Set.of(COMMIT, "tag", "semver");

    /** A field where it is. */
    private record Found(FieldText text, YamlPath path, YamlNode document, LocatedNode at) {}

    @Override
    public Optional<? extends Version> read(String name) {
        Version all = null;
        for (InnerText text : inner(name).values()) {
            Optional<? extends Version> here = text.places().read(name);
            if (here.isPresent()) {
                all = FieldText.joined(
                        all,
                        here.get(),
                        text.path().toString(),
                        name,
                        sentence -> file.refuse(text.at().node(), sentence));
            }
        }
        for (Field field : direct(name)) {
            Found found = found(field);
            Optional<? extends Version> here = at(found, () -> {
                requireSource(found);
                return found.text().read(found.at().text().orElse(""));
            });
            if (here.isPresent()) {
                all = FieldText.joined(
                        all,
                        here.get(),
                        found.path().toString(),
                        name,
                        sentence -> file.refuse(found.at().node(), sentence));
            }
        }
        return Optional.ofNullable(all);
    }

    private List<Field> direct(String name) {
        return declared.fieldsOf(name).stream()
                .filter(field -> inner(field).isEmpty())
                .toList();
    }

    /** By the path of the string, where fields lead into YAML that is in a string. */
    private Map<String, InnerText> inner(String name) {
        Map<String, InnerText> texts = new TreeMap<>();
        for (Field field : declared.fieldsOf(name)) {
            inner(field).ifPresent(text -> texts.merge(text.path().toString(), text, InnerText::and));
        }
        return texts;
    }

    private Optional<InnerText> inner(Field field) {
        YamlPath path = parse(field.at());
        YamlNode document = new Documents(file).choose(path, field.document());
        return file.find(document, path).isPresent()
                ? Optional.empty()
                : InnerText.find(file, document, path, field, declared, repositories);
    }

    @Override
    public void write(String name, Map<String, Version> release, YamlEdit edit) {
        inner(name).values().forEach(text -> text.write(name, release, file, edit));
        List<Found> found = direct(name).stream().map(this::found).toList();
        List<AliasNode> moving =
                found.stream().flatMap(one -> one.at().aliases().stream()).toList();
        found.forEach(one -> write(one, release.get(name), moving, edit));
    }

    private void write(Found found, Version version, List<AliasNode> moving, YamlEdit edit) {
        LocatedNode at = found.at();
        if (!(at.value() instanceof ScalarNode scalar)) {
            throw file.refuse(
                    at.node(),
                    "'" + found.path() + "' is " + at.value().kind()
                            + ", not one value; correct the path to the value");
        }
        Field field = found.text().field();
        requireDecides(found, version);
        String value = at(found, () -> {
            requireSource(found);
            return found.text().write(at.text().orElse(""), version, FieldText.isPartOfMore(declared, field));
        });
        boolean typed = field.part() == Field.Part.VALUE
                && found.text().source().orElseThrow().valueType() != VersionSource.ValueType.TEXT
                && !scalar.isString();
        if (at.text().orElse("").equals(value) && (typed || scalar.isString())) {
            return;
        }
        if (at.node() instanceof AliasNode alias) {
            throw ImagePlaces.shared(file, found.path().toString(), alias);
        }
        ImagePlaces.requireOwn(file, found.path().toString(), at.through(), moving);
        String written = scalar.value().endsWith("\n") ? value + "\n" : value;
        if (typed) {
            edit.replaceTyped(scalar, written);
        } else {
            edit.replace(scalar, written);
        }
    }

    @Override
    public List<OtherImage> otherImages(Set<String> released) {
        return declared.fields().stream()
                .filter(field -> !released.contains(field.name()))
                .flatMap(field -> readable(field).stream())
                .toList();
    }

    /** What is not released need not be there. */
    private Optional<OtherImage> readable(Field field) {
        try {
            Found found = found(field);
            return found.at().text().map(text -> new OtherImage(found.at().node(), field.name() + ": " + text));
        } catch (EditRefusedException e) {
            return Optional.empty();
        }
    }

    private Found found(Field field) {
        YamlPath path = parse(field.at());
        YamlNode document = new Documents(file).choose(path, field.document());
        LocatedNode at = file.require(document, path);
        boolean string = !(at.value() instanceof ScalarNode scalar) || scalar.isString();
        return new Found(
                FieldText.of(declared, field, repositories, string ? null : HelmImage.nameOf(path)),
                path,
                document,
                at);
    }

    /** What stands beside the value says of which image, chart or repository it is. */
    private void requireSource(Found found) {
        Field.Part part = found.text().field().part();
        if (part == Field.Part.TAG) {
            boolean digest = declared.fieldsOf(found.text().field().name()).stream()
                    .anyMatch(other -> other.part() == Field.Part.DIGEST);
            new HelmImage(file, found.path(), found.text().repository(), Optional.of(found.document()))
                    .requireVersionOfThis(found.at().node(), !digest);
        } else if (part == Field.Part.CHART || part == Field.Part.REF) {
            file.find(found.document(), found.path().parent())
                    .flatMap(map -> sourceIn(map.value(), found, part))
                    .ifPresent(found.text()::requireSource);
        }
    }

    /** Flux reads a digest or commit before a tag, and a commit is no tag. */
    private void requireDecides(Found found, Version version) {
        Field.Part part = found.text().field().part();
        String key = found.path().last().orElse("");
        if (part != Field.Part.CHART && part != Field.Part.REF || !REF_KEYS.contains(key)) {
            return;
        }
        String first = part == Field.Part.CHART ? "digest" : COMMIT;
        Optional<LocatedNode> before = key.equals(first)
                ? Optional.empty()
                : file.find(found.document(), found.path().parent().then(first));
        if (before.flatMap(LocatedNode::text).isPresent()) {
            throw file.refuse(
                    before.get().node(),
                    "beside '" + found.path() + "' is a " + first
                            + ", which decides what runs; remove it from the file");
        }
        boolean commit = version.toString().matches("[0-9a-f]{40}([0-9a-f]{24})?");
        if (part == Field.Part.REF && commit != key.equals(COMMIT)) {
            throw file.refuse(
                    found.at().node(),
                    "'" + found.path() + "' is a " + (commit ? key : "whole commit") + ", and " + version
                            + " is not one; release a " + (commit ? "tag" : "commit")
                            + ", or change the key in the file");
        }
    }

    private Optional<String> sourceIn(YamlNode map, Found found, Field.Part part) {
        Optional<String> url = file.text(map, "repoURL");
        if (part == Field.Part.REF) {
            return url.or(() -> file.text(map, "url"));
        }
        boolean dependency = found.path().toString().matches("(.*\\.)?(dependencies|helmCharts)\\[.*");
        return file.text(map, "chart")
                .or(() -> dependency ? file.text(map, "name") : Optional.empty())
                .or(() -> url);
    }

    private YamlPath parse(String path) {
        try {
            return YamlPath.parse(path);
        } catch (IllegalArgumentException e) {
            throw file.refuse(e.getMessage());
        }
    }

    private <T> T at(Found found, Supplier<T> reading) {
        return ImagePlaces.read(file, found.at().value(), reading);
    }
}
