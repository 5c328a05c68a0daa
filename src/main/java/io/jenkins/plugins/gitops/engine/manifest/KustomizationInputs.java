package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which files of the repository a kustomization includes, directly or by way of others: the nearest first, by local
 * relative paths. What is elsewhere (a remote base), cannot be read (a symbolic link) or lies beyond the limits is left
 * out. It reads kustomizations alone; of other files the path is enough.
 *
 * <p>The fields are those of https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/.
 */
public final class KustomizationInputs {

    private static final int MOST_FILES = 100;
    private static final int MOST_DEPTH = 20;
    private static final int MOST_BYTES = 1 << 20;

    /** Lists of files, or of directories that have a kustomization. */
    private static final List<String> PARTS = List.of(
            "resources",
            "bases",
            "components",
            "generators",
            "transformers",
            "validators",
            "patchesStrategicMerge",
            "crds",
            "configurations");

    private static final List<String> WITH_PATH = List.of("patches", "patchesJson6902", "replacements");

    private final Set<String> wanted;
    private final Function<String, Optional<byte[]>> files;
    private final Queue<Reached> queue = new ArrayDeque<>();
    private final Set<String> seen = new HashSet<>();
    private int left = MOST_BYTES;
    private int read;

    /** A file or directory, and how many kustomizations lead to it. */
    private record Reached(String path, int depth) {}

    private KustomizationInputs(Set<String> wanted, Function<String, Optional<byte[]>> files) {
        this.wanted = wanted;
        this.files = files;
    }

    /**
     * The first of some files that a kustomization includes; empty when it includes none of them.
     *
     * @param kustomization its path
     * @param wanted paths of files that are there
     * @param files content of another file of the repository by its path
     */
    public static Optional<String> among(
            String kustomization, Set<String> wanted, Function<String, Optional<byte[]>> files) {
        return new KustomizationInputs(wanted, files).find(kustomization);
    }

    private Optional<String> find(String kustomization) {
        Optional<String> found = kustomization(kustomization, 0);
        while (found.isEmpty() && !queue.isEmpty()) {
            Reached next = queue.remove();
            found = wanted.contains(next.path())
                    ? Optional.of(next.path())
                    : KustomizationBases.isFile(next.path()) ? Optional.empty() : directory(next);
        }
        return found;
    }

    private Optional<String> directory(Reached reached) {
        return KustomizationBases.kustomizationsIn(reached.path())
                .flatMap(file -> kustomization(file, reached.depth()).stream())
                .findFirst();
    }

    /** Queues what it names; gives it back if it is one of those wanted. */
    private Optional<String> kustomization(String path, int depth) {
        if (depth > 0 && wanted.contains(path)) {
            return Optional.of(path);
        }
        content(path, depth).ifPresent(content -> {
            try {
                YamlFile file = YamlFile.parse(path, content);
                file.documents().stream()
                        .limit(1)
                        .flatMap(root -> named(file, root))
                        .filter(name -> name.indexOf('\n') < 0)
                        .flatMap(name -> KustomizationBases.resolved(path, name.strip()).stream())
                        .filter(seen::add)
                        .forEach(named -> queue.add(new Reached(named, depth + 1)));
            } catch (EditRefusedException noYaml) {
                // Nothing is built from it.
            }
        });
        return Optional.empty();
    }

    /** Empty for what is no kustomization, and beyond the limits. */
    private Optional<byte[]> content(String path, int depth) {
        if (depth > MOST_DEPTH || read >= MOST_FILES || left <= 0) {
            return Optional.empty();
        }
        try {
            Optional<byte[]> content = files.apply(path);
            if (content.isPresent()) {
                read++;
                left -= content.get().length;
            }
            return content.filter(bytes -> left >= 0);
        } catch (RepositoryException noPlainFile) {
            return Optional.empty();
        }
    }

    private static Stream<String> named(YamlFile file, YamlNode root) {
        return Stream.of(
                        PARTS.stream().flatMap(key -> texts(file, root, key)),
                        WITH_PATH.stream()
                                .flatMap(key -> items(file, root, key))
                                .flatMap(item -> file.text(item, "path").stream()),
                        Stream.of("configMapGenerator", "secretGenerator")
                                .flatMap(key -> items(file, root, key))
                                .flatMap(item -> generated(file, item)),
                        items(file, root, "helmCharts")
                                .flatMap(chart -> Stream.concat(
                                        file.text(chart, "valuesFile").stream(),
                                        texts(file, chart, "additionalValuesFiles"))),
                        items(file, root, "helmChartInflationGenerator")
                                .flatMap(chart -> file.text(chart, "values").stream()),
                        file.key(root, "openapi").stream()
                                .flatMap(schema -> file.text(schema.value(), "path").stream()))
                .flatMap(names -> names);
    }

    /** A file may be {@code key=path}. */
    private static Stream<String> generated(YamlFile file, YamlNode generator) {
        return Stream.of(
                        texts(file, generator, "files").map(name -> name.substring(name.indexOf('=') + 1)),
                        texts(file, generator, "envs"),
                        file.text(generator, "env").stream())
                .flatMap(names -> names);
    }

    private static Stream<YamlNode> items(YamlFile file, YamlNode from, String key) {
        return KustomizationBases.items(file, from, key).stream();
    }

    private static Stream<String> texts(YamlFile file, YamlNode from, String key) {
        return items(file, from, key).filter(ScalarNode.class::isInstance).map(item -> ((ScalarNode) item).value());
    }
}
