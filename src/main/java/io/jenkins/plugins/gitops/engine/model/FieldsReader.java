package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Reads {@code versions} of an application, and {@code fields} and {@code repositories} of its environments. */
final class FieldsReader {

    private final BiConsumer<JsonPointer, String> report;
    private final Map<String, String> images;
    private final Map<String, VersionSource> versions;

    /** @param images of the application, as declared */
    FieldsReader(
            BiConsumer<JsonPointer, String> report, Map<String, String> images, Map<String, VersionSource> versions) {
        this.report = report;
        this.images = images;
        this.versions = versions;
    }

    static VersionSource source(JsonNode node) {
        Map.Entry<String, JsonNode> only = node.properties().iterator().next();
        return new VersionSource(
                VersionSource.Kind.valueOf(only.getKey().toUpperCase(Locale.ROOT)),
                only.getValue().asText());
    }

    /** Those that resources of known kinds may name: charts and Git refs. */
    static Map<String, VersionSource> withAddress(Map<String, VersionSource> versions) {
        Map<String, VersionSource> some = new TreeMap<>(versions);
        some.values().removeIf(source -> source.kind() == VersionSource.Kind.VALUE);
        return some;
    }

    /** One file for each path, in the order of the first field of each. */
    List<ManifestFile> files(JsonNode fields, JsonPointer at) {
        Map<String, List<Field>> byFile = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            JsonNode node = fields.get(i);
            byFile.computeIfAbsent(node.get("file").asText(), file -> new ArrayList<>())
                    .add(field(node, at.appendIndex(i)));
        }
        List<ManifestFile> files = new ArrayList<>();
        byFile.forEach((file, list) -> files.add(new ManifestFile.Fields(file, list, versions)));
        return files;
    }

    private Field field(JsonNode node, JsonPointer at) {
        Map.Entry<String, JsonNode> is = node.get("is").properties().iterator().next();
        Field.Part part = Field.Part.valueOf(is.getKey().toUpperCase(Locale.ROOT));
        Field field = new Field(
                place(node, at),
                document(node.path("document")),
                part,
                is.getValue().asText());
        requireName(field, at.appendProperty("is").appendProperty(is.getKey()));
        return field;
    }

    private String place(JsonNode node, JsonPointer at) {
        if (node.has("path") == node.has("key")) {
            report.accept(at, "a field has either 'path' or 'key'; give one of them");
            return "x";
        }
        if (node.has("key")) {
            return YamlPath.of(node.get("key").asText()).toString();
        }
        String path = node.get("path").asText();
        try {
            YamlPath.parse(path);
        } catch (IllegalArgumentException e) {
            report.accept(at.appendProperty("path"), e.getMessage());
        }
        return path;
    }

    private void requireName(Field field, JsonPointer at) {
        VersionSource source = versions.get(field.name());
        Collection<String> known = field.part().isOfImage() ? images.keySet() : ofKind(field.part());
        if (known.contains(field.name())) {
            return;
        }
        report.accept(
                at,
                (field.part().isOfImage() ? "image '" : field.part() + " '") + Shortened.name(field.name())
                        + "' is not declared"
                        + (source != null || images.containsKey(field.name()) ? " as one" : "")
                        + ": "
                        + UnknownNameException.nearest(field.name(), known)
                                .map(near -> "did you mean '" + near + "'?")
                                .orElseGet(() -> known.isEmpty()
                                        ? "add it under 'versions'"
                                        : "declared are " + Shortened.list(known)));
    }

    private Set<String> ofKind(Field.Part part) {
        Set<String> names = new TreeSet<>();
        versions.forEach((name, source) -> {
            if (kind(part) == source.kind()) {
                names.add(name);
            }
        });
        return names;
    }

    private static VersionSource.Kind kind(Field.Part part) {
        return switch (part) {
            case CHART -> VersionSource.Kind.CHART;
            case REF -> VersionSource.Kind.GIT;
            default -> VersionSource.Kind.VALUE;
        };
    }

    @CheckForNull
    static Field.Document document(JsonNode node) {
        return node.isObject()
                ? new Field.Document(
                        text(node, "kind"),
                        text(node, "name"),
                        text(node, "namespace"),
                        node.has("index") ? Integer.valueOf(node.get("index").asInt()) : null)
                : null;
    }

    @CheckForNull
    private static String text(JsonNode node, String key) {
        return node.has(key) ? node.get(key).asText() : null;
    }

    /** A registry alone takes the place of the declared one. */
    Map<String, String> repositories(JsonNode node, JsonPointer at) {
        Map<String, String> own = new TreeMap<>();
        node.properties().forEach(entry -> {
            String image = entry.getKey();
            String given = entry.getValue().asText();
            String declared = images.get(image);
            if (declared == null) {
                report.accept(
                        at.appendProperty(image),
                        "image '" + Shortened.name(image) + "' is not declared: "
                                + UnknownNameException.nearest(image, images.keySet())
                                        .map(near -> "did you mean '" + near + "'?")
                                        .orElseGet(() -> "declared are " + Shortened.list(images.keySet())));
                return;
            }
            String repository = given.indexOf('/') < 0
                    ? given + "/"
                            + declared.substring(
                                            ImageReference.registry(declared).length())
                                    .replaceFirst("^/", "")
                    : given;
            try {
                ImageReference.requireRepository(repository);
                own.put(image, repository);
            } catch (InvalidImageException e) {
                report.accept(
                        at.appendProperty(image),
                        "'" + Shortened.name(given) + "' is neither a registry nor a repository; write it in lower case"
                                + " as registry or registry/repository, without tag or digest");
            }
        });
        return own;
    }
}
