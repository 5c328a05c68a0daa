package io.jenkins.plugins.gitops.engine.manifest;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.model.Field;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.VersionSource;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where resources of known kinds name the version of a chart, or a Git ref: found by the chart's repository and name, or by
 * the URL of the Git repository, that stand beside it. Without a repository, as in a HelmRelease, by the chart's name.
 *
 * @see <a href="https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml">Application</a>
 * @see <a href="https://fluxcd.io/flux/components/source/">sources of Flux</a>
 */
record ResourceVersions(YamlFile file, Map<String, VersionSource> sources) {

    private static final YamlPath ROOT = new YamlPath(List.of());
    private static final List<String> REMOTES = List.of("resources", "bases", "components", "crds");
    private static final Pattern NO_REPOSITORY = Pattern.compile("@.*|alias:.*|");

    /** One version in a document, and what it is of. */
    private record Found(YamlPath path, VersionSource.Kind kind, String address, boolean whole) {

        boolean isOf(VersionSource source) {
            return kind == source.kind()
                    && (whole
                            ? source.isAt(address, kind == VersionSource.Kind.GIT)
                            : address.equals(source.lastPart()));
        }

        Field field(int document, String name) {
            return new Field(
                    path.toString(),
                    new Field.Document(null, null, null, document),
                    kind == VersionSource.Kind.CHART ? Field.Part.CHART : Field.Part.REF,
                    name);
        }
    }

    /** All of the declared ones, as if they were declared as fields. */
    ManifestFile.Fields fields() {
        List<Field> fields = new ArrayList<>();
        List<YamlNode> documents = file.documents();
        for (int i = 0; i < documents.size(); i++) {
            for (Found found : found(documents.get(i))) {
                for (Map.Entry<String, VersionSource> source : sources.entrySet()) {
                    if (found.isOf(source.getValue())) {
                        fields.add(found.field(i, source.getKey()));
                    }
                }
            }
        }
        return new ManifestFile.Fields(file.path(), fields, sources);
    }

    private List<Found> found(YamlNode document) {
        Stream<Optional<Found>> found =
                switch (file.text(document, "kind").orElse("")) {
                    case "Application" -> application(document, YamlPath.of("spec"));
                    case "ApplicationSet" -> application(document, YamlPath.of("spec", "template", "spec"));
                    case "HelmRelease" -> Stream.of(release(document, YamlPath.of("spec", "chart", "spec")));
                    case "HelmChart" -> Stream.of(release(document, YamlPath.of("spec")));
                    case "OCIRepository" -> Stream.of(artifact(document));
                    case "GitRepository" -> Stream.of(repository(document));
                    case "Kustomization", "Component", "" -> kustomization(document);
                    default -> Stream.empty();
                };
        return found.flatMap(Optional::stream).toList();
    }

    private Stream<Optional<Found>> application(YamlNode document, YamlPath spec) {
        return new ResourceImages(file).sources(document, spec).stream().map(source -> {
            String url = text(document, source.then("repoURL")).orElse("");
            YamlPath revision = source.then("targetRevision");
            Optional<String> chart = text(document, source.then("chart"));
            return chart.isPresent()
                    ? chart(document, revision, url, chart.get())
                    : address(
                            document,
                            revision,
                            url.startsWith("oci://") ? VersionSource.Kind.CHART : VersionSource.Kind.GIT,
                            url);
        });
    }

    /** Of Flux, whose chart is a path where its source is no repository of charts; and of K3s, with its repository. */
    private Optional<Found> release(YamlNode document, YamlPath spec) {
        String chart = text(document, spec.then("chart")).orElse("");
        Optional<String> source = text(document, spec.then("sourceRef").then("kind"));
        if (chart.startsWith("oci://")) {
            return address(document, spec.then("version"), VersionSource.Kind.CHART, chart);
        }
        return source.filter(kind -> !kind.equals("HelmRepository")).isPresent()
                ? Optional.empty()
                : chart(
                        document,
                        spec.then("version"),
                        text(document, spec.then("repo")).orElse(""),
                        chart);
    }

    /** Flux reads the range before the tag. */
    private Optional<Found> artifact(YamlNode document) {
        YamlPath spec = YamlPath.of("spec");
        return first(document, spec.then("ref"), "semver", "tag")
                .flatMap(path -> address(
                        document,
                        path,
                        VersionSource.Kind.CHART,
                        text(document, spec.then("url")).orElse("")));
    }

    /** The key that Flux reads first; a branch alone is no version. */
    private Optional<Found> repository(YamlNode document) {
        YamlPath spec = YamlPath.of("spec");
        return first(document, spec.then("ref"), "commit", "name", "semver", "tag")
                .filter(path -> !path.last().equals(Optional.of("name")))
                .flatMap(path -> address(
                        document,
                        path,
                        VersionSource.Kind.GIT,
                        text(document, spec.then("url")).orElse("")));
    }

    private Optional<YamlPath> first(YamlNode document, YamlPath map, String... keys) {
        return Stream.of(keys)
                .map(map::then)
                .filter(path -> text(document, path).isPresent())
                .findFirst();
    }

    /** Of a kustomization, and of a chart, whose file has no kind. */
    private Stream<Optional<Found>> kustomization(YamlNode document) {
        Stream<Optional<Found>> remotes = REMOTES.stream()
                .flatMap(list -> items(document, list)
                        .map(item -> text(document, item)
                                .filter(url -> FieldText.url(url).isPresent())
                                .map(url -> new Found(item, VersionSource.Kind.GIT, url, true))));
        Stream<Optional<Found>> charts = items(document, "helmCharts")
                .map(item -> chart(
                        document,
                        item.then("version"),
                        text(document, item.then("repo")).orElse(""),
                        text(document, item.then("name")).orElse("")));
        Stream<Optional<Found>> dependencies = items(document, "dependencies")
                .map(item -> chart(
                        document,
                        item.then("version"),
                        text(document, item.then("repository")).orElse(""),
                        text(document, item.then("name")).orElse("")));
        return Stream.of(remotes, charts, dependencies).flatMap(all -> all);
    }

    private Stream<YamlPath> items(YamlNode document, String key) {
        YamlPath list = ROOT.then(key);
        int count = file.find(document, list)
                .map(LocatedNode::value)
                .filter(SequenceNode.class::isInstance)
                .map(found -> ((SequenceNode) found).items().size())
                .orElse(0);
        return Stream.iterate(0, i -> i < count, i -> i + 1).map(i -> list.then(new YamlPath.Index(i)));
    }

    private Optional<Found> chart(YamlNode document, YamlPath path, String repository, String name) {
        boolean known = !NO_REPOSITORY.matcher(repository).matches();
        return name.isEmpty() || text(document, path).isEmpty()
                ? Optional.empty()
                : Optional.of(new Found(path, VersionSource.Kind.CHART, known ? repository + "/" + name : name, known));
    }

    private Optional<Found> address(
            YamlNode document, YamlPath path, VersionSource.Kind kind, @CheckForNull String address) {
        return address == null || address.isEmpty() || text(document, path).isEmpty()
                ? Optional.empty()
                : Optional.of(new Found(path, kind, address, true));
    }

    private Optional<String> text(YamlNode document, YamlPath path) {
        return file.find(document, path).flatMap(LocatedNode::text);
    }
}
