package io.jenkins.plugins.gitops.engine.manifest;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a kustomization is built from, as far as it is in the repository: an {@code images} entry for an image that none of
 * it has changes nothing.
 *
 * <p>kustomize compares an entry's name with the whole name of an image, registry included. Whatever is not known (a remote
 * base, a Helm chart, a generator, a file that cannot be read, too many files) speaks for the entry.
 */
public final class KustomizationBases {

    private static final int MOST_FILES = 50;
    private static final List<String> NAMES = List.of("kustomization.yaml", "kustomization.yml", "Kustomization");
    private static final List<String> PARTS =
            List.of("resources", "bases", "components", "patches", "patchesStrategicMerge", "patchesJson6902");

    /** What makes resources, or changes them, in a way that cannot be told from the files. */
    private static final List<String> PROGRAMS =
            List.of("helmCharts", "helmChartInflationGenerator", "generators", "transformers", "replacements", "vars");

    private final Function<String, Optional<byte[]>> files;
    private final Set<String> names;
    private final Pattern image;
    private final Set<String> read = new HashSet<>();
    private boolean known = true;
    private boolean anything;
    private boolean used;

    private KustomizationBases(Function<String, Optional<byte[]>> files, Set<String> names) {
        this.files = files;
        this.names = names;
        this.image = Pattern.compile(
                names.stream().map(KustomizationBases::occurrence).collect(Collectors.joining("|")));
    }

    /** A short name is a label as well as an image: it counts where an image stands, or an alias that may be one. */
    private static String occurrence(String name) {
        return name.indexOf('/') >= 0
                ? "(?<![\\w./:@-])" + Pattern.quote(name) + "(?![\\w./-])"
                : "(?i:image|value)[\"']?\\s*:\\s*(?:\\*|(?:[&!]\\S+\\s+)?[\"']?" + Pattern.quote(name)
                        + "(?![\\w./-]))";
    }

    /**
     * Refuses the entry for an image, there or new, if everything that the kustomization is built from is in the
     * repository and none of it has the image.
     *
     * @param path of the kustomization
     * @param content of the kustomization
     * @param files content of another file of the repository by its path
     */
    public static void requireUse(
            String path, byte[] content, String repository, Function<String, Optional<byte[]>> files) {
        YamlFile file = YamlFile.parse(path, content);
        List<YamlNode> entries = new KustomizeImages(file, Map.of()).entriesOf(repository);
        Set<String> names = entries.stream()
                .map(entry -> file.text(entry, KustomizeImages.NAME).orElse(repository))
                .collect(Collectors.toSet());
        KustomizationBases bases = new KustomizationBases(files, entries.isEmpty() ? Set.of(repository) : names);
        bases.read.add(path);
        bases.kustomization(file, entries);
        if (!bases.known || !bases.anything || bases.used) {
            return;
        }
        if (entries.isEmpty()) {
            throw file.refuse("no resource of this kustomization has the image " + repository
                    + ", so that an entry for it would change nothing; use this name in the base, or declare the name"
                    + " that is there");
        }
        throw file.refuse(
                entries.get(0),
                "no resource of this kustomization has the image " + Shortened.list(names)
                        + ", so that this entry changes nothing; give the entry the image's name in the base, or remove"
                        + " it");
    }

    /** @param asked the entries whose use is in question: what the others rename may be theirs */
    private void kustomization(YamlFile file, List<YamlNode> asked) {
        if (file.documents().isEmpty()) {
            return;
        }
        YamlNode root = file.documents().get(0);
        if (PROGRAMS.stream().anyMatch(key -> file.key(root, key).isPresent())) {
            known = false;
        }
        items(file, root, KustomizeImages.IMAGES).stream()
                .filter(entry -> !asked.contains(entry))
                .flatMap(entry -> file.text(entry, KustomizeImages.NEW_NAME).stream())
                .forEach(renamed -> used |= names.contains(KustomizeImages.withoutVersion(renamed)));
        for (String key : PARTS) {
            for (YamlNode item : items(file, root, key)) {
                if (known && !used) {
                    part(file, key, item);
                }
            }
        }
    }

    /** Of a list below a node; none where there is no list of that key. */
    static List<YamlNode> items(YamlFile file, YamlNode root, String key) {
        return file.key(root, key)
                .map(LocatedNode::value)
                .filter(SequenceNode.class::isInstance)
                .map(list -> ((SequenceNode) list).items())
                .orElse(List.of());
    }

    private void part(YamlFile file, String key, YamlNode item) {
        if (item instanceof MappingNode) {
            file.text(item, "path").ifPresent(path -> resource(file.path(), path));
            file.text(item, "patch").ifPresent(this::look);
        } else if (!(item instanceof ScalarNode scalar)) {
            known = false;
        } else if (key.startsWith("patches") && scalar.value().indexOf('\n') >= 0) {
            look(scalar.value());
        } else {
            resource(file.path(), scalar.value().strip());
        }
    }

    private void look(String text) {
        anything = true;
        used |= image.matcher(text).find();
    }

    private void resource(String from, String relative) {
        Optional<String> path = resolved(from, relative);
        if (path.isEmpty()) {
            known = false;
        } else if (isFile(relative)) {
            content(path.get())
                    .ifPresentOrElse(bytes -> look(new String(bytes, StandardCharsets.UTF_8)), () -> known = false);
        } else {
            directory(path.get());
        }
    }

    /** Where the kustomization of a directory may be. */
    static Stream<String> kustomizationsIn(String directory) {
        return NAMES.stream().map(name -> directory.isEmpty() ? name : directory + "/" + name);
    }

    /** Whether a path is a file's, not a directory's. */
    static boolean isFile(String path) {
        return path.matches(".*\\.(ya?ml|json)");
    }

    private void directory(String path) {
        for (String file : kustomizationsIn(path).toList()) {
            Optional<byte[]> content = content(file);
            if (content.isPresent()) {
                try {
                    kustomization(YamlFile.parse(file, content.get()), List.of());
                } catch (EditRefusedException unreadable) {
                    known = false;
                }
                return;
            }
        }
        known = false;
    }

    /** Each file once, and not too many of them; empty for what is not there or cannot be read. */
    private Optional<byte[]> content(String path) {
        if (!read.add(path)) {
            return Optional.of(new byte[0]);
        }
        try {
            return read.size() <= MOST_FILES ? files.apply(path) : Optional.empty();
        } catch (GitOpsException symbolicLink) {
            return Optional.empty();
        }
    }

    /** Below the root of the repository; empty for what is elsewhere. */
    static Optional<String> resolved(String from, String relative) {
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
