package io.jenkins.plugins.gitops.playground.replay;

import io.jenkins.plugins.gitops.engine.model.Field;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A place that a user would declare for a changed value.
 *
 * @param kind of the change, for the table
 * @param repository of an image, or empty
 */
record Candidate(String kind, ManifestFile file, String repository) {

    /** What the declaration calls it. */
    static final String NAME = "it";

    /** Of an image that nothing beside its version names: a user knows it. */
    private static final String UNNAMED = "registry.example/unnamed";

    private static final Pattern KUSTOMIZATION = Pattern.compile("(.*/)?(kustomization\\.ya?ml|Kustomization)");
    private static final Pattern CHART_KEY = Pattern.compile("version|targetRevision|chartVersion|tag|semver");
    private static final Pattern GITHUB = Pattern.compile(
            "https://(?:raw\\.githubusercontent\\.com|(?:api\\.)?github\\.com)/(?:repos/)?([\\w.-]+/[\\w.-]+)/.*");

    boolean isByKind() {
        return !(file instanceof ManifestFile.Fields);
    }

    Map<String, String> repositories() {
        return repository.isEmpty() ? Map.of() : Map.of(NAME, repository);
    }

    /** The best first: found by kind, and then a field. */
    static List<Candidate> of(String path, YamlFile file, ChangedValue change) {
        return new Finder(path, file, change).candidates();
    }

    /** A field that leads into YAML in a string. */
    static List<Candidate> inside(String path, ChangedValue.Inside inside) {
        return new Finder(path, inside.file(), inside.value()).fields();
    }

    private record Finder(String path, YamlFile file, ChangedValue change) {

        List<Candidate> fields() {
            List<Candidate> found = new ArrayList<>();
            ChangedValue.repository(change.before().value().strip())
                    .ifPresent(repository -> found.add(image(
                            "image inside a text",
                            field(Field.Part.REFERENCE),
                            repository.substring(repository.indexOf('=') + 1))));
            value(found);
            return found.stream()
                    .map(one -> new Candidate(
                            one.kind().replaceFirst("^(version|number).*", "version inside a text"),
                            one.file(),
                            one.repository()))
                    .toList();
        }

        List<Candidate> candidates() {
            List<Candidate> found = new ArrayList<>();
            String old = change.before().value().strip();
            Optional<String> whole = old.indexOf('\n') < 0 ? ChangedValue.repository(old) : Optional.empty();
            String kind = text(root(), "kind").orElse("");
            boolean kustomization = KUSTOMIZATION.matcher(path).matches()
                    && !text(root(), "apiVersion").orElse("").contains("flux");
            if (whole.isPresent()) {
                String repository = whole.get().substring(whole.get().indexOf('=') + 1);
                if (!kind.isEmpty()) {
                    found.add(image("image of a container", new ManifestFile.KubernetesManifest(path), repository));
                }
                found.add(values("image as one value", change.path(), repository));
                found.add(image("image as one value", field(Field.Part.REFERENCE), repository));
                return found;
            }
            source().ifPresent(source -> {
                Map<String, VersionSource> sources = Map.of(NAME, source);
                String what = source.kind() == VersionSource.Kind.CHART ? "chart" : "Git ref";
                String where = kustomization ? "kustomization" : kind.isEmpty() ? "file of no kind" : kind;
                found.add(new Candidate(
                        what + " of a " + where,
                        kustomization
                                ? new ManifestFile.Kustomization(path, sources)
                                : new ManifestFile.KubernetesManifest(path, sources),
                        ""));
                found.add(new Candidate(
                        what + " of a " + where,
                        new ManifestFile.Fields(
                                path,
                                List.of(of(
                                        source.kind() == VersionSource.Kind.CHART ? Field.Part.CHART : Field.Part.REF)),
                                sources),
                        ""));
            });
            if (!found.isEmpty()) {
                return found;
            }
            imageParts(kind, kustomization, found);
            value(found);
            return found;
        }

        private void imageParts(String kind, boolean kustomization, List<Candidate> found) {
            String key = change.key();
            YamlNode map = change.parent();
            if (kustomization && key.matches("newTag|digest")) {
                text(map, "newName")
                        .or(() -> text(map, "name"))
                        .ifPresent(name -> found.add(
                                image("image of a kustomization", new ManifestFile.Kustomization(path), name)));
                return;
            }
            Optional<String> repository = Stream.of("repository", "repo", "imageName", "image", "name")
                    .flatMap(name -> text(map, name).stream())
                    .findFirst();
            if (key.matches("tag|version|digest|sha|newTag") && repository.isPresent()) {
                String full =
                        text(map, "registry").map(registry -> registry + "/").orElse("") + repository.get();
                if (!kind.isEmpty()) {
                    found.add(image("image map of a " + kind, new ManifestFile.KubernetesManifest(path), full));
                }
                found.add(values("image map of values", change.path().parent(), full));
                found.add(image("image map of values", field(part()), full));
            } else if (key.matches("(?i).*(tag|digest|imageVersion)|sha")) {
                found.add(values("tag or digest alone", change.path(), UNNAMED));
                found.add(image("tag or digest alone", field(part()), UNNAMED));
            }
        }

        private Field.Part part() {
            return change.before().value().startsWith("sha256:") ? Field.Part.DIGEST : Field.Part.TAG;
        }

        private void value(List<Candidate> found) {
            String old = change.before().value().strip();
            if (old.indexOf('\n') >= 0) {
                found.add(image("inside a text", new ManifestFile.KubernetesManifest(path), UNNAMED));
                return;
            }
            boolean number = !change.before().isString()
                    && Stream.of(change.before(), change.after())
                            .allMatch(value -> value.value().matches("-?(0|[1-9]\\d{0,17})(\\.\\d{1,17})?"));
            found.add(new Candidate(
                    number ? "number" : "version under another key",
                    new ManifestFile.Fields(
                            path,
                            List.of(of(Field.Part.VALUE)),
                            Map.of(NAME, new VersionSource(VersionSource.Kind.VALUE, number ? "number" : "text"))),
                    ""));
        }

        /** Of a chart or Git repository, where something beside the value names one. */
        private Optional<VersionSource> source() {
            String value = change.before().value();
            Matcher github = GITHUB.matcher(value);
            if (value.matches("\\S*[?&]ref=\\S*")) {
                String url = value.replaceFirst("[?].*", "").replaceFirst("^(\\w+::)?(\\w+://)?([^/@]+@)?", "");
                String[] parts = url.replaceFirst(":", "/").split("/+");
                return parts.length < 3
                        ? Optional.empty()
                        : git("https://" + parts[0] + "/" + parts[1] + "/" + parts[2]);
            }
            if (github.matches()) {
                return git("https://github.com/" + github.group(1));
            }
            YamlNode map = change.parent();
            if (change.key().equals("targetRevision")) {
                String url = text(map, "repoURL").orElse("");
                Optional<String> chart = text(map, "chart");
                return chart.isPresent() ? chart(url + "/" + chart.get()) : url.isEmpty() ? Optional.empty() : git(url);
            }
            if (change.path().parent().last().filter("ref"::equals).isPresent()) {
                Optional<String> url =
                        text(change.parents().get(change.parents().size() - 2), "url");
                return url.flatMap(found -> found.startsWith("oci://") ? chart(found) : git(found));
            }
            if (!CHART_KEY.matcher(change.key()).matches()) {
                return Optional.empty();
            }
            Optional<String> name = text(map, "chart");
            String list = change.path().toString();
            if (name.isEmpty() && list.matches("(dependencies|helmCharts)\\[.*")) {
                name = text(map, "name");
            }
            Optional<String> repository = text(map, "repo").or(() -> text(map, "repository"));
            return name.flatMap(chart -> chart.startsWith("oci://")
                    ? chart(chart)
                    : chart(repository.filter(url -> url.contains("://")).orElse("https://charts.example") + "/"
                            + chart.substring(chart.lastIndexOf('/') + 1)));
        }

        private static Optional<VersionSource> git(String url) {
            return Optional.of(new VersionSource(VersionSource.Kind.GIT, url));
        }

        private static Optional<VersionSource> chart(String url) {
            return Optional.of(new VersionSource(VersionSource.Kind.CHART, url));
        }

        private Candidate values(String kind, YamlPath at, String repository) {
            Field.Document in =
                    file.documents().size() > 1 ? new Field.Document(null, null, null, change.document()) : null;
            return image(kind, new ManifestFile.HelmValues(path, Map.of(NAME, at.toString()), in), repository);
        }

        private static Candidate image(String kind, ManifestFile file, String repository) {
            return new Candidate(kind, file, repository);
        }

        private ManifestFile.Fields field(Field.Part part) {
            return new ManifestFile.Fields(path, List.of(of(part)), Map.of());
        }

        private Field of(Field.Part part) {
            return new Field(
                    change.path().toString(), new Field.Document(null, null, null, change.document()), part, NAME);
        }

        private YamlNode root() {
            return file.documents().get(change.document());
        }

        private Optional<String> text(YamlNode map, String key) {
            try {
                return map instanceof ScalarNode ? Optional.empty() : file.text(map, key);
            } catch (EditRefusedException twice) {
                return Optional.empty();
            }
        }
    }
}
