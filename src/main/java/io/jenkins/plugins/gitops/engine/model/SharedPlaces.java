package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Places that two targets have in common: a bump of one would deploy to the other, past its gate and its history. Files
 * may be shared as long as the images or paths in them differ.
 */
final class SharedPlaces {

    /** An image wherever it stands in a file, and one at a path in it. */
    private static final String WHOLE = "image ";

    private static final String PART = "image at a path ";

    private static final String VERSION = "version of ";

    private static final Set<String> VERSIONS = Set.of("tag", "version", "digest", "sha", "sha256");

    private final String defaultBranch;
    private final LocatedYaml document;
    private final BiConsumer<JsonPointer, String> report;
    /** By file of a branch, and by what of it: an image, or a path. */
    private final Map<String, Map<String, Target>> owners = new HashMap<>();

    /** Likewise every path on the way to a path that is taken. */
    private final Map<String, Map<String, Target>> above = new HashMap<>();

    /** @param defaultBranch where the targets are that name no branch of their own; empty where it is not known */
    SharedPlaces(String defaultBranch, LocatedYaml document, BiConsumer<JsonPointer, String> report) {
        this.defaultBranch = defaultBranch;
        this.document = document;
        this.report = report;
    }

    void add(Target target) {
        JsonPointer at = declared(target);
        Map<String, String> images = target.application().images();
        String branch = target.environment().branch().orElse(defaultBranch);
        for (ManifestFile file : target.environment().files()) {
            if (file instanceof ManifestFile.Kustomization) {
                any(branch, file, images.values(), target, at.appendProperty("kustomization"));
            } else if (file instanceof ManifestFile.HelmValues values) {
                values.images()
                        .forEach((image, path) -> parsed(path)
                                .ifPresent(place -> path(
                                        branch,
                                        document(file.path(), values.in()),
                                        place,
                                        ImageReference.canonicalRepository(images.getOrDefault(image, "")),
                                        target,
                                        at.appendProperty("values"))));
            } else if (file instanceof ManifestFile.Fields fields) {
                fields.fields()
                        .forEach(field -> parsed(field.at())
                                .ifPresent(place -> path(
                                        branch,
                                        document(file.path(), field.in()),
                                        place,
                                        fields.sources().containsKey(field.name())
                                                ? VERSION + fields.sources().get(field.name())
                                                : ImageReference.canonicalRepository(
                                                        images.getOrDefault(field.name(), field.name())),
                                        target,
                                        at.appendProperty("fields"))));
            } else if (file instanceof ManifestFile.VersionFile) {
                take(branch, file.path(), "", target, at.appendProperty("versions"));
            } else {
                any(branch, file, images.values(), target, at.appendProperty("manifests"));
            }
        }
    }

    /** One path in two documents is two places. */
    private static String document(String file, @CheckForNull Field.Document in) {
        return in == null ? file : file + " (" + in + ")";
    }

    private void any(String branch, ManifestFile file, Collection<String> repositories, Target owner, JsonPointer at) {
        repositories.forEach(
                repository -> take(branch, file.path(), ImageReference.canonicalRepository(repository), owner, at));
        for (Object source : file.sources().values()) {
            take(branch, file.path(), VERSION + source, owner, at);
        }
    }

    /** Empty for what is no path, which is reported elsewhere. */
    private static Optional<YamlPath> parsed(String path) {
        try {
            return Optional.of(YamlPath.parse(path));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void path(String branch, String file, YamlPath declared, String image, Target owner, JsonPointer at) {
        // A tag and a digest in one map are of one image.
        YamlPath path = declared.steps().size() > 1
                        && declared.last().filter(VERSIONS::contains).isPresent()
                ? declared.parent()
                : declared;
        Map<String, Target> here = of(owners, branch, file);
        Map<String, Target> over = of(above, branch, file);
        String slot = path.toString();
        Optional<Target> other = other(here.get(WHOLE + image), owner).or(() -> other(over.get(slot), owner));
        for (YamlPath up = path; other.isEmpty() && !up.steps().isEmpty(); up = up.parent()) {
            other = other(here.get(up.toString()), owner);
        }
        other.ifPresentOrElse(taken -> shared(file, image, taken, owner, at), () -> here.putIfAbsent(slot, owner));
        here.putIfAbsent(PART + image, owner);
        for (YamlPath up = path.parent(); !up.steps().isEmpty(); up = up.parent()) {
            over.putIfAbsent(up.toString(), owner);
        }
    }

    private void take(String branch, String file, String image, Target owner, JsonPointer at) {
        Map<String, Target> here = of(owners, branch, file);
        other(here.putIfAbsent(WHOLE + image, owner), owner)
                .or(() -> other(here.get(PART + image), owner))
                .ifPresent(taken -> shared(file, image, taken, owner, at));
    }

    /** No branch has a colon in its name. */
    private static Map<String, Target> of(Map<String, Map<String, Target>> places, String branch, String file) {
        return places.computeIfAbsent(branch + ":" + file, first -> new HashMap<>());
    }

    private static Optional<Target> other(Target found, Target owner) {
        return Optional.ofNullable(found).filter(taken -> !taken.equals(owner));
    }

    private void shared(String file, String image, Target taken, Target owner, JsonPointer at) {
        report.accept(
                at,
                "'" + file + "' holds the same "
                        + (image.startsWith(VERSION) ? "version" : "image") + " for " + named(owner) + " and "
                        + named(taken)
                        + ", so that a bump of one would deploy to the other; give each its own file or branch");
    }

    private String named(Target target) {
        return target + " (line " + document.line(declared(target)) + ")";
    }

    private static JsonPointer declared(Target target) {
        return JsonPointer.empty()
                .appendProperty("applications")
                .appendProperty(target.application().name())
                .appendProperty("environments")
                .appendProperty(target.environment().name());
    }
}
