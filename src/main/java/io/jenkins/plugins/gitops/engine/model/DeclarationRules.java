package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException.Violation;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What the schema cannot say: names that must exist, an order without circles, images that stand somewhere. */
final class DeclarationRules {

    private final LocatedYaml document;
    private final List<Violation> violations = new ArrayList<>();
    private final SharedPlaces shared;

    /** @param branch where the targets are that name no branch of their own; empty where it is not known */
    DeclarationRules(LocatedYaml document, String branch) {
        this.document = document;
        this.shared = new SharedPlaces(branch, document, this::report);
    }

    void report(JsonPointer at, String problem) {
        violations.add(new Violation(document.line(at), problem));
    }

    /** Everything that was reported, and what the declaration breaks; in line order. */
    List<Violation> violations(Declaration declaration) {
        JsonPointer applications = JsonPointer.empty().appendProperty("applications");
        declaration
                .applications()
                .forEach((name, application) -> check(application, applications.appendProperty(name)));
        violations.sort(Comparator.naturalOrder());
        return violations;
    }

    private void check(Application application, JsonPointer at) {
        application.images().forEach((image, repository) -> {
            try {
                ImageReference.requireRepository(repository);
            } catch (InvalidImageException e) {
                report(
                        at.appendProperty("images").appendProperty(image),
                        "image '" + image + "' is '" + Shortened.name(repository)
                                + "'; write it in lower case as registry/repository, without tag or digest");
            }
        });
        versions(application, at);
        order(application, at.appendProperty("environments"));
        application.environments().forEach((name, environment) -> {
            JsonPointer place = at.appendProperty("environments").appendProperty(name);
            environment
                    .branch()
                    .ifPresent(branch -> BranchName.problem(branch)
                            .ifPresent(problem -> report(place.appendProperty("branch"), problem)));
            places(application, environment, place);
            evidence(application, environment, place.appendProperty("gate").appendProperty("checklist"));
            shared.add(new Target(application, environment));
        });
    }

    private void order(Application application, JsonPointer environments) {
        Set<String> known = application.environments().keySet();
        Map<String, List<String>> after = new LinkedHashMap<>();
        application.environments().forEach((name, environment) -> {
            if (!environment.after().isEmpty()) {
                after.put(name, environment.after());
            }
        });
        if (after.isEmpty()) {
            return;
        }
        Circles circles = new Circles(after);
        after.forEach((name, predecessors) -> {
            JsonPointer at = environments.appendProperty(name).appendProperty("after");
            for (String predecessor : predecessors) {
                if (!known.contains(predecessor)) {
                    report(
                            at,
                            "environment '" + name + "' comes after '" + predecessor + "', which '" + application.name()
                                    + "' does not declare: " + suggestion(predecessor, known));
                } else if (circles.join(predecessor, name)) {
                    report(
                            at,
                            "environment '" + name + "' comes after '" + predecessor
                                    + "', which comes after it again; remove one 'after' of the circle");
                }
            }
        });
    }

    /** A check that ticks an item of the checklist is one of those that verify the environments before. */
    private void evidence(Application application, Environment environment, JsonPointer at) {
        if (environment.gate().isEmpty()) {
            return;
        }
        Set<String> known = new TreeSet<>(Set.of(VerificationDefinition.Pipeline.NAME));
        environment.after().stream()
                .map(application.environments()::get)
                .filter(Objects::nonNull)
                .flatMap(before -> before.verification().stream())
                .flatMap(verification -> verification.checks().stream())
                .forEach(check -> known.add(check.name()));
        environment.gate().get().evidence().forEach((item, check) -> {
            if (!known.contains(check)) {
                report(
                        at,
                        "'" + Shortened.name(item) + "' names the check '" + Shortened.name(check)
                                + "', which no environment before '" + environment.name()
                                + "' declares under 'verify': "
                                + suggestion(check, known));
            }
        });
    }

    /** What moves with the images has a name of its own. */
    private void versions(Application application, JsonPointer at) {
        boolean isInfrastructure = application.environments().values().stream()
                .allMatch(environment -> environment.terraform().isPresent());
        if (application.images().isEmpty()
                && application.versions().isEmpty()
                && application.carries() == null
                && !isInfrastructure) {
            report(
                    at,
                    "'" + application.name()
                            + "' declares nothing that moves; add 'images', 'versions' or 'carries', or"
                            + " 'terraform' to its environments");
        }
        if (application.carries() != null) {
            carried(application.images().keySet(), "image", at.appendProperty("images"));
            carried(application.versions().keySet(), "version", at.appendProperty("versions"));
        }
        application.versions().keySet().forEach(name -> {
            if (application.images().containsKey(name)) {
                report(
                        at.appendProperty("versions").appendProperty(name),
                        "'" + name + "' is the name of an image, too; give the version another one");
            }
        });
    }

    private void carried(Set<String> names, String kind, JsonPointer at) {
        if (names.contains(Carries.NAME)) {
            report(
                    at.appendProperty(Carries.NAME),
                    "'" + Carries.NAME + "' is what a release calls all that it carries; give the " + kind
                            + " another name");
        }
    }

    /** A kustomization and a manifest can hold any image; values, version files and fields say what they hold. */
    private void places(Application application, Environment environment, JsonPointer at) {
        Set<String> images = application.images().keySet();
        Set<String> placed = new HashSet<>();
        JsonPointer values = at.appendProperty("values");
        boolean listed = document.tree().at(values).isArray();
        boolean anyImage = false;
        int index = 0;
        for (ManifestFile file : environment.files()) {
            if (file instanceof ManifestFile.Kustomization) {
                anyImage = true;
                placed.addAll(file.sources().keySet());
            } else if (file instanceof ManifestFile.HelmValues helm) {
                JsonPointer place = (listed ? values.appendIndex(index++) : values).appendProperty("images");
                helm.images().forEach((image, path) -> {
                    known(image, images, place);
                    requirePath(path, place.appendProperty(image));
                });
                placed.addAll(helm.images().keySet());
            } else if (file instanceof ManifestFile.VersionFile version) {
                known(version.image(), images, at.appendProperty("versions"));
                placed.add(version.image());
            } else if (file instanceof ManifestFile.Fields fields) {
                fields.fields().stream()
                        .filter(field -> field.part().saysVersion())
                        .forEach(field -> placed.add(field.name()));
            } else {
                anyImage = true;
                placed.addAll(file.sources().keySet());
            }
        }
        application.versions().keySet().stream()
                .filter(name -> !placed.contains(name))
                .forEach(name -> report(
                        at,
                        "environment '" + environment.name() + "' has no place for '" + name
                                + "'; add it under 'fields'"));
        if (!anyImage) {
            images.stream()
                    .filter(image -> !placed.contains(image))
                    .forEach(image -> report(
                            at,
                            "environment '" + environment.name() + "' has no place for image '" + image
                                    + "'; add it under 'values.images', 'versions' or 'fields'"));
        }
    }

    private void requirePath(String path, JsonPointer at) {
        try {
            YamlPath.parse(path);
        } catch (IllegalArgumentException e) {
            report(at, e.getMessage());
        }
    }

    private void known(String image, Set<String> images, JsonPointer at) {
        if (!images.contains(image)) {
            report(at.appendProperty(image), "image '" + image + "' is not declared: " + suggestion(image, images));
        }
    }

    private String suggestion(String name, Set<String> known) {
        if (violations.size() >= InvalidDeclarationException.MOST_NAMED) {
            // Not named any more, and searching takes time.
            return "";
        }
        return UnknownNameException.nearest(name, known)
                .map(near -> "did you mean '" + near + "'?")
                .orElseGet(() -> "declared are " + Shortened.list(known));
    }
}
