package io.jenkins.plugins.gitops.engine.manifest;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a kustomization is built from, as far as it is in the repository: an {@code images} entry for an image that none of
 * it has changes nothing.
 */
public final class KustomizationBases {

    private static final int MOST_FILES = 50;
    private static final List<String> NAMES = List.of("kustomization.yaml", "kustomization.yml", "Kustomization");
    private static final List<String> PARTS =
            List.of("resources", "bases", "components", "patches", "patchesStrategicMerge", "patchesJson6902");
    private static final List<String> PROGRAMS =
            List.of("helmCharts", "helmChartInflationGenerator", "generators", "transformers");

    private final Function<String, Optional<byte[]>> files;
    private final List<String> texts = new ArrayList<>();
    private final Set<String> read = new HashSet<>();
    private boolean complete = true;

    private KustomizationBases(Function<String, Optional<byte[]>> files) {
        this.files = files;
    }

    /**
     * Refuses a new entry for an image if everything that the kustomization is built from is in the repository and none of
     * it has the image.
     *
     * @param path of the kustomization
     * @param files content of a file of the repository by its path
     */
    public static void requireUse(
            @NonNull String path, @NonNull String repository, @NonNull Function<String, Optional<byte[]>> files) {
        KustomizationBases bases = new KustomizationBases(files);
        try {
            bases.kustomization(path);
        } catch (EditRefusedException unreadable) {
            // Whether the image is in a file that cannot be read is not known.
            return;
        }
        String name = RepositoryNames.path(repository).replaceFirst("^library/", "");
        boolean used = bases.texts.stream().anyMatch(text -> text.contains(name));
        if (bases.complete && !bases.texts.isEmpty() && !used) {
            throw new EditRefusedException(
                    path,
                    "no resource of this kustomization has the image " + repository
                            + ", so that an entry for it would change nothing; use this name in the base, or declare"
                            + " the name that is there");
        }
    }

    private void kustomization(String path) {
        Optional<byte[]> content = content(path);
        if (content.isEmpty()) {
            complete = false;
            return;
        }
        YamlFile file = YamlFile.parse(path, content.get());
        if (file.documents().isEmpty()) {
            return;
        }
        YamlNode root = file.documents().get(0);
        if (PROGRAMS.stream().anyMatch(key -> file.key(root, key).isPresent())) {
            complete = false;
        }
        for (String key : PARTS) {
            file.key(root, key)
                    .map(LocatedNode::value)
                    .filter(SequenceNode.class::isInstance)
                    .ifPresent(list -> ((SequenceNode) list).items().forEach(item -> part(path, key, item, file)));
        }
    }

    private void part(String from, String key, YamlNode item, YamlFile file) {
        boolean patch = key.startsWith("patches");
        if (item instanceof ScalarNode scalar) {
            if (patch && scalar.value().indexOf('\n') >= 0) {
                texts.add(scalar.value());
            } else {
                resource(from, scalar.value().strip());
            }
        } else if (item instanceof MappingNode) {
            file.text(item, "path").ifPresent(path -> resource(from, path));
            file.text(item, "patch").ifPresent(texts::add);
        } else {
            complete = false;
        }
    }

    private void resource(String from, String relative) {
        Optional<String> path = resolved(from, relative);
        if (path.isEmpty()) {
            complete = false;
        } else if (relative.matches(".*\\.(ya?ml|json)")) {
            Optional<byte[]> content = content(path.get());
            content.ifPresent(bytes -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
            if (content.isEmpty()) {
                complete = false;
            }
        } else {
            Optional<String> kustomization = NAMES.stream()
                    .map(name -> path.get().isEmpty() ? name : path.get() + "/" + name)
                    .filter(name ->
                            read.size() < MOST_FILES && files.apply(name).isPresent())
                    .findFirst();
            kustomization.ifPresent(this::kustomization);
            if (kustomization.isEmpty()) {
                complete = false;
            }
        }
    }

    /** Each file once, and not too many of them. */
    private Optional<byte[]> content(String path) {
        if (read.contains(path)) {
            return Optional.of(new byte[0]);
        }
        return read.size() < MOST_FILES && read.add(path) ? files.apply(path) : Optional.empty();
    }

    /** Below the root of the repository; empty for what is elsewhere. */
    private static Optional<String> resolved(String from, String relative) {
        if (relative.isEmpty() || relative.startsWith("/") || relative.matches(".*(://|[?]|@|\\\\).*")) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>(List.of(from.split("/")));
        parts.remove(parts.size() - 1);
        for (String part : relative.split("/")) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return Optional.empty();
                }
                parts.remove(parts.size() - 1);
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return Optional.of(String.join("/", parts));
    }
}
