package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
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
 * Images that a resource has in parts rather than in one string: in the Helm values and parameters of a Flux HelmRelease or
 * an Argo CD Application, and in the images of a Flux Kustomization. Each is known by the repository that is written there.
 *
 * @see <a href="https://fluxcd.io/flux/components/helm/helmreleases/">HelmRelease</a>
 * @see <a href="https://argo-cd.readthedocs.io/en/stable/user-guide/helm/">Helm in Argo CD</a>
 */
record ResourceImages(YamlFile file) {

    private static final String FLUX = "kustomize.toolkit.fluxcd.io/";
    private static final String REPOSITORY = "repository";

    /** Of a repository, in Helm values and parameters. */
    List<HelmImage> inHelm(String repository) {
        List<HelmImage> found = new ArrayList<>();
        for (YamlNode document : file.documents()) {
            switch (file.text(document, "kind").orElse("")) {
                case "HelmRelease" -> below(document, YamlPath.of("spec", "values"), repository, found);
                case "Application" -> application(document, YamlPath.of("spec"), repository, found);
                case "ApplicationSet" ->
                    application(document, YamlPath.of("spec", "template", "spec"), repository, found);
                default -> {
                    List<HelmImage> maps = new ArrayList<>();
                    below(document, YamlPath.of("spec"), repository, maps);
                    maps.stream().filter(HelmImage::hasVersionBeside).forEach(found::add);
                }
            }
        }
        return found;
    }

    /**
     * YAML in a string of the file, as {@code helm.values} of an Application has it.
     *
     * @param text the string
     * @param inner what it holds
     * @param images of a repository, in it
     */
    record Text(ScalarNode text, YamlFile inner, List<HelmImage> images) {

        /** The string with another version. */
        String with(ImageReference reference) {
            YamlEdit edit = new YamlEdit(inner);
            images.forEach(image -> image.write(reference, edit));
            return new String(edit.apply().toBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Of a repository, in Helm values that are a string; one that is no YAML has none. */
    List<Text> inText(String repository) {
        List<Text> found = new ArrayList<>();
        for (YamlNode document : file.documents()) {
            List<YamlPath> specs =
                    switch (file.text(document, "kind").orElse("")) {
                        case "Application" -> sources(document, YamlPath.of("spec"));
                        case "ApplicationSet" -> sources(document, YamlPath.of("spec", "template", "spec"));
                        default -> List.of();
                    };
            for (YamlPath source : specs) {
                YamlPath values = source.then("helm").then("values");
                file.find(document, values)
                        .map(LocatedNode::node)
                        .filter(ScalarNode.class::isInstance)
                        .flatMap(node -> text((ScalarNode) node, values, repository))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private Optional<Text> text(ScalarNode scalar, YamlPath path, String repository) {
        try {
            YamlFile inner = YamlFile.parse(
                    file.path() + " (" + path + ")", scalar.value().getBytes(StandardCharsets.UTF_8));
            List<HelmImage> images = new ArrayList<>();
            ResourceImages resource = new ResourceImages(inner);
            inner.documents().stream()
                    .limit(1)
                    .forEach(root -> resource.walk(root, root, new YamlPath(List.of()), repository, images));
            return images.isEmpty() ? Optional.empty() : Optional.of(new Text(scalar, inner, images));
        } catch (EditRefusedException template) {
            return Optional.empty();
        }
    }

    /** Of an Application: {@code source}, and each of {@code sources}. */
    List<YamlPath> sources(YamlNode document, YamlPath spec) {
        YamlPath sources = spec.then("sources");
        int count = file.find(document, sources)
                .map(LocatedNode::value)
                .filter(SequenceNode.class::isInstance)
                .map(list -> ((SequenceNode) list).items().size())
                .orElse(0);
        List<YamlPath> all = new ArrayList<>(List.of(spec.then("source")));
        for (int i = 0; i < count; i++) {
            all.add(sources.then(new YamlPath.Index(i)));
        }
        return all;
    }

    private void application(YamlNode document, YamlPath spec, String repository, List<HelmImage> found) {
        sources(document, spec).forEach(source -> source(document, source, repository, found));
    }

    private void source(YamlNode document, YamlPath source, String repository, List<HelmImage> found) {
        YamlPath helm = source.then("helm");
        below(document, helm.then("valuesObject"), repository, found);
        Optional<YamlNode> node = file.find(document, helm).map(LocatedNode::value);
        List<YamlNode> parameters = node.map(map -> KustomizationBases.items(file, map, "parameters"))
                .orElse(List.of());
        for (YamlNode parameter : parameters) {
            String name = file.text(parameter, "name").orElse("");
            boolean ours = name.endsWith(REPOSITORY)
                    && file.text(parameter, "value")
                            .filter(value -> ImageReference.isSameRepository(value, repository))
                            .isPresent();
            String tag = name.substring(0, Math.max(0, name.length() - REPOSITORY.length())) + "tag";
            YamlPath path =
                    helm.then("parameters").then(new YamlPath.Item("name", tag)).then("value");
            if (ours && file.find(document, path).isPresent()) {
                found.add(new HelmImage(file, path, repository, Optional.of(document)));
            }
        }
    }

    /** Every map at or below a path that describes the image; aliases are not followed. */
    private void below(YamlNode document, YamlPath path, String repository, List<HelmImage> found) {
        file.find(document, path)
                .map(LocatedNode::node)
                .ifPresent(node -> walk(document, node, path, repository, found));
    }

    private void walk(YamlNode document, YamlNode node, YamlPath path, String repository, List<HelmImage> found) {
        if (node instanceof MappingNode map) {
            if (new HelmImageMap(file, document, map, path, repository).isOfDeclared()) {
                found.add(new HelmImage(file, path, repository, Optional.of(document)));
                return;
            }
            for (MappingNode.Entry entry : map.entries()) {
                entry.name().ifPresent(key -> walk(document, entry.value(), path.then(key), repository, found));
            }
        } else if (node instanceof SequenceNode list) {
            for (int i = 0; i < list.items().size(); i++) {
                walk(document, list.items().get(i), path.then(new YamlPath.Index(i)), repository, found);
            }
        }
    }

    /** The images of each Flux Kustomization. */
    List<KustomizeImages> inFlux(Map<String, String> repositories) {
        return file.documents().stream()
                .filter(document -> file.text(document, "kind")
                                .filter("Kustomization"::equals)
                                .isPresent()
                        && file.text(document, "apiVersion")
                                .filter(version -> version.startsWith(FLUX))
                                .isPresent())
                .flatMap(document -> file.key(document, "spec").stream())
                .map(spec -> new KustomizeImages(file, repositories, Optional.of(spec.value())))
                .toList();
    }
}
