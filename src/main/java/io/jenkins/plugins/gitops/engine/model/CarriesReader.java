package io.jenkins.plugins.gitops.engine.model;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Reads {@code carries} and {@code keeps} of an application, and where its environments hold what is carried. */
final class CarriesReader {

    private static final Set<String> VERSIONS = Set.of("tag", "version", "digest", "sha", "sha256");

    private final BiConsumer<JsonPointer, String> report;
    private final JsonNode application;
    private final JsonPointer at;

    /** @param at the application */
    CarriesReader(BiConsumer<JsonPointer, String> report, JsonNode application, JsonPointer at) {
        this.report = report;
        this.application = application;
        this.at = at;
    }

    Carries read(Map<String, Environment> environments) {
        JsonPointer carries = at.appendProperty("carries");
        if (application.path("carries").isTextual()) {
            branches(environments);
            return new Carries(Carries.Scope.BRANCH, List.of(), List.of(), List.of(Glob.ofFiles("**")), Set.of());
        }
        List<YamlPath> values = paths(application.path("carries").path("values"), carries.appendProperty("values"));
        List<YamlPath> keeps = new ArrayList<>(paths(application.path("keeps"), at.appendProperty("keeps")));
        List<Glob> files = DeclarationReader.strings(application.path("carries").path("files")).stream()
                .map(Glob::ofFiles)
                .toList();
        if (!keeps.isEmpty() && values.isEmpty()) {
            report.accept(
                    at.appendProperty("keeps"),
                    "nothing is carried of which 'keeps' could keep something; add 'carries: { values: … }'");
        }
        if (!values.isEmpty()) {
            values(environments, values, keeps);
            keeps.addAll(written(environments, values, carries.appendProperty("values")));
        }
        keeps.forEach(kept -> values.stream()
                .filter(value -> isAtOrAbove(kept, value))
                .forEach(value -> report.accept(
                        carries.appendProperty("values"),
                        "'" + value + "' would never be carried, because '" + kept
                                + "' stays or is written by the release; remove one of them")));
        Map<String, Environment> folders = files.isEmpty() ? Map.of() : folders(environments);
        return new Carries(Carries.Scope.FOLDER, values, keeps, files, own(folders));
    }

    /** Each environment has a branch that is no other one's. */
    private void branches(Map<String, Environment> environments) {
        if (application.has("keeps")) {
            report.accept(
                    at.appendProperty("keeps"), "whole branches are carried, of which nothing stays; remove 'keeps'");
        }
        Map<String, String> seen = new LinkedHashMap<>();
        for (Environment environment : environments.values()) {
            JsonPointer place = place(environment);
            Optional<String> branch = environment.branch();
            if (branch.isEmpty()) {
                report.accept(
                        place,
                        "environment '" + environment.name()
                                + "' has no branch of its own, which 'carries: branch' needs; add 'branch'");
            } else if (seen.containsKey(branch.get())) {
                report.accept(
                        place.appendProperty("branch"),
                        "the branch '" + branch.get() + "' of environment '" + environment.name() + "' is that of '"
                                + seen.get(branch.get()) + "', too; 'carries: branch' needs one for each");
            } else {
                seen.put(branch.get(), environment.name());
            }
        }
    }

    private List<YamlPath> paths(JsonNode list, JsonPointer at) {
        List<YamlPath> paths = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            JsonPointer here = at.appendIndex(i);
            path(list.get(i).asText(), problem -> report.accept(here, problem)).ifPresent(paths::add);
        }
        return paths;
    }

    private static Optional<YamlPath> path(String text, Consumer<String> problem) {
        try {
            YamlPath path = YamlPath.parse(text);
            if (path.steps().stream().allMatch(YamlPath.Key.class::isInstance)) {
                return Optional.of(path);
            }
            problem.accept("'" + text + "' leads into a list, which is carried whole; give the path of the list");
        } catch (IllegalArgumentException e) {
            problem.accept(e.getMessage());
        }
        return Optional.empty();
    }

    /** Values go from one values file to the other: there must be as many of them, of one document each. */
    private void values(Map<String, Environment> environments, List<YamlPath> values, List<YamlPath> keeps) {
        String first = null;
        long expected = 0;
        for (Environment environment : environments.values()) {
            JsonPointer place = place(environment);
            long files = valuesFiles(environment).size();
            if (files == 0) {
                report.accept(
                        place,
                        "environment '" + environment.name()
                                + "' has no values file from which 'carries' could carry; add 'values'");
            } else if (first == null) {
                first = environment.name();
                expected = files;
            } else if (files != expected) {
                report.accept(
                        place.appendProperty("values"),
                        "environment '" + environment.name() + "' has " + files + " values files and '" + first
                                + "' has " + expected + "; 'carries' needs as many in each, in the same order");
            }
        }
    }

    private static Set<String> valuesFiles(Environment environment) {
        Set<String> files = new HashSet<>();
        for (ManifestFile file : environment.files()) {
            if (file instanceof ManifestFile.HelmValues) {
                files.add(file.path());
            }
        }
        return files;
    }

    /** Where the release itself writes in the values files, and its version wins. */
    private List<YamlPath> written(Map<String, Environment> environments, List<YamlPath> values, JsonPointer at) {
        List<YamlPath> written = new ArrayList<>();
        for (Environment environment : environments.values()) {
            Set<String> valuesFiles = valuesFiles(environment);
            for (ManifestFile file : environment.files()) {
                if (file instanceof ManifestFile.HelmValues helm) {
                    helm.images().values().forEach(path -> parse(path).ifPresent(written::add));
                } else if (file instanceof ManifestFile.Fields fields && valuesFiles.contains(file.path())) {
                    fields.fields().forEach(field -> parse(field.at()).ifPresent(written::add));
                }
            }
        }
        List<YamlPath> keys = new ArrayList<>();
        for (YamlPath path : written) {
            if (path.steps().stream().allMatch(YamlPath.Key.class::isInstance)) {
                // A tag and a digest in one map are of one image.
                boolean isPart = path.steps().size() > 1
                        && path.last().filter(VERSIONS::contains).isPresent();
                keys.add(isPart ? path.parent() : path);
            } else {
                values.stream()
                        .filter(value -> isAtOrAbove(value, path))
                        .findFirst()
                        .ifPresent(value -> report.accept(
                                at,
                                "'" + value + "' holds '" + path
                                        + "', which the release writes in a list; carry the keys beside it"));
            }
        }
        return keys.stream().distinct().toList();
    }

    /** Empty for what is no path, which is reported elsewhere. */
    private static Optional<YamlPath> parse(String path) {
        try {
            return Optional.of(YamlPath.parse(path));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isAtOrAbove(YamlPath one, YamlPath other) {
        return one.steps().size() <= other.steps().size()
                && one.steps().equals(other.steps().subList(0, one.steps().size()));
    }

    /** Environments by their folders, of which none is inside of another on one branch. */
    private Map<String, Environment> folders(Map<String, Environment> environments) {
        Map<String, Environment> folders = new LinkedHashMap<>();
        for (Environment environment : environments.values()) {
            JsonPointer place = place(environment);
            Optional<String> folder = environment.folder();
            if (folder.isEmpty()) {
                report.accept(
                        place,
                        "environment '" + environment.name()
                                + "' declares no file whose folder 'carries' could use; add 'folder'");
                continue;
            }
            folders.values().stream()
                    .filter(other -> other.branch().equals(environment.branch()))
                    .filter(other -> isWithin(folder.get(), other.folder().orElse(""))
                            || isWithin(other.folder().orElse(""), folder.get()))
                    .findFirst()
                    .ifPresent(other -> report.accept(
                            place,
                            "the folder " + shown(folder.get()) + " of environment '" + environment.name()
                                    + "' and the folder " + shown(other.folder().orElse("")) + " of '" + other.name()
                                    + "' are not apart, so that no file can be carried between them; give each its"
                                    + " own with 'folder'"));
            folders.put(environment.name(), environment);
        }
        return folders;
    }

    private static boolean isWithin(String folder, String other) {
        return other.isEmpty() || (folder + "/").startsWith(other + "/");
    }

    private static String shown(String folder) {
        return folder.isEmpty() ? "(the root)" : "'" + folder + "'";
    }

    private static Set<String> own(Map<String, Environment> folders) {
        Set<String> own = new HashSet<>();
        for (Environment environment : folders.values()) {
            String begin = environment
                    .folder()
                    .filter(folder -> !folder.isEmpty())
                    .map(folder -> folder + "/")
                    .orElse("");
            environment.files().stream()
                    .map(ManifestFile::path)
                    .filter(path -> path.startsWith(begin))
                    .forEach(path -> own.add(path.substring(begin.length())));
        }
        return own;
    }

    private JsonPointer place(Environment environment) {
        return at.appendProperty("environments").appendProperty(environment.name());
    }
}
