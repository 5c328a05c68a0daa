package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException.Violation;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the schema cannot say: names that must exist, an order without circles, images that stand somewhere. */
final class DeclarationRules {

    private static final JsonPointer APPLICATIONS = JsonPointer.compile("/applications");

    private final LocatedYaml document;
    private final List<Violation> violations = new ArrayList<>();
    private final SharedPlaces shared = new SharedPlaces(this::report);

    private DeclarationRules(LocatedYaml document) {
        this.document = document;
    }

    /** @param document satisfies the schema */
    @NonNull
    static List<Violation> violations(@NonNull LocatedYaml document) {
        DeclarationRules rules = new DeclarationRules(document);
        document.tree()
                .at(APPLICATIONS)
                .properties()
                .forEach(entry -> rules.application(
                        entry.getKey(), entry.getValue(), APPLICATIONS.appendProperty(entry.getKey())));
        rules.violations.sort(Comparator.comparingInt(Violation::line));
        return rules.violations;
    }

    private void application(String name, JsonNode application, JsonPointer at) {
        JsonNode images = application.get("images");
        images.properties().forEach(image -> {
            try {
                ImageReference.requireRepository(image.getValue().asText());
            } catch (InvalidImageException e) {
                JsonPointer place = at.appendProperty("images").appendProperty(image.getKey());
                report(
                        place,
                        "image '" + image.getKey() + "' is '"
                                + Shortened.name(image.getValue().asText())
                                + "'; write it in lower case as registry/repository, without tag or digest");
            }
        });
        JsonNode environments = application.get("environments");
        Circles circles = circles(environments);
        environments.properties().forEach(entry -> {
            JsonPointer place = at.appendProperty("environments").appendProperty(entry.getKey());
            order(name, environments, entry.getKey(), place, circles);
            places(images, entry.getKey(), entry.getValue(), place);
            shared.add(name + "/" + entry.getKey(), images, entry.getValue(), document.line(place), place);
            new GateDeclarationRules(this::report).check(entry.getValue(), place);
        });
    }

    private static Circles circles(JsonNode environments) {
        Map<String, List<String>> after = new LinkedHashMap<>();
        environments
                .properties()
                .forEach(entry -> after.put(
                        entry.getKey(),
                        DeclarationReader.predecessors(entry.getValue()).stream()
                                .filter(environments::has)
                                .toList()));
        return new Circles(after);
    }

    private void order(String application, JsonNode environments, String environment, JsonPointer at, Circles circles) {
        JsonPointer place = at.appendProperty("after");
        for (String predecessor : DeclarationReader.predecessors(environments.get(environment))) {
            if (!environments.has(predecessor)) {
                report(
                        place,
                        "environment '" + environment + "' comes after '" + predecessor + "', which '" + application
                                + "' does not declare: " + suggestion(predecessor, environments));
            } else if (circles.join(predecessor, environment)) {
                report(
                        place,
                        "environment '" + environment + "' comes after '" + predecessor
                                + "', which comes after it again; remove one 'after' of the circle");
            }
        }
    }

    /** A kustomization and a manifest can hold any image; values and version files say which they hold. */
    private void places(JsonNode images, String name, JsonNode environment, JsonPointer at) {
        Set<String> placed = new HashSet<>();
        List<JsonNode> values =
                DeclarationReader.many(environment.path("values")).toList();
        boolean listed = environment.path("values").isArray();
        for (int i = 0; i < values.size(); i++) {
            JsonPointer base = at.appendProperty("values");
            JsonPointer place = (listed ? base.appendIndex(i) : base).appendProperty("images");
            values.get(i).get("images").fieldNames().forEachRemaining(image -> {
                placed.add(image);
                known(image, images, place);
            });
        }
        environment.path("versions").fieldNames().forEachRemaining(image -> {
            placed.add(image);
            known(image, images, at.appendProperty("versions"));
        });
        if (!environment.has("kustomization") && !environment.has("manifests")) {
            images.fieldNames().forEachRemaining(image -> {
                if (!placed.contains(image)) {
                    report(
                            at,
                            "environment '" + name + "' has no place for image '" + image
                                    + "'; add it under 'values.images' or 'versions'");
                }
            });
        }
    }

    private void known(String image, JsonNode images, JsonPointer at) {
        if (!images.has(image)) {
            report(at.appendProperty(image), "image '" + image + "' is not declared: " + suggestion(image, images));
        }
    }

    private String suggestion(String name, JsonNode known) {
        if (violations.size() >= InvalidDeclarationException.MOST_NAMED) {
            // Not named any more, and searching takes time.
            return "";
        }
        List<String> names = new ArrayList<>();
        known.fieldNames().forEachRemaining(names::add);
        return UnknownNameException.nearest(name, names)
                .map(near -> "did you mean '" + near + "'?")
                .orElseGet(() -> "declared are " + Shortened.list(names));
    }

    private void report(JsonPointer at, String problem) {
        violations.add(new Violation(document.line(at), problem));
    }
}
