package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.InvalidImageException;
import io.jenkins.plugins.gitops.engine.model.ManifestFile;
import io.jenkins.plugins.gitops.engine.model.Version;
import io.jenkins.plugins.gitops.engine.yaml.EditRefusedException;
import io.jenkins.plugins.gitops.engine.yaml.LocatedNode;
import io.jenkins.plugins.gitops.engine.yaml.MappingNode;
import io.jenkins.plugins.gitops.engine.yaml.ScalarNode;
import io.jenkins.plugins.gitops.engine.yaml.SequenceNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlFile;
import io.jenkins.plugins.gitops.engine.yaml.YamlNode;
import io.jenkins.plugins.gitops.engine.yaml.YamlPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Bumps every image in every YAML file below {@code -Dgitops.corpora=<folder>}: one folder per checked-out config
 * repository. Every bump must be read back, change only lines that it must, be idempotent, and be undone by the bump back.
 */
@EnabledIfSystemProperty(
        named = "gitops.corpora",
        matches = ".+",
        disabledReason = "name a folder of public config repositories with -Dgitops.corpora=")
class PublicRepositoriesTest {

    private static final String NEW_TAG = "v99.1.0-probe";
    private static final String NEW_DIGEST = "sha256:" + "5eed".repeat(16);

    private final ManifestFiles editor = new ManifestFiles();

    /** What one repository came to; printed, since the figures are the point. */
    private static final class Count {
        int files;
        int bumps;
        int restored;
        final Map<String, Integer> refusals = new TreeMap<>();
        final Map<String, Integer> styles = new TreeMap<>();

        void refused(String at, EditRefusedException e) {
            refusals.merge(at + " " + e.sentence(), 1, Integer::sum);
        }

        @Override
        public String toString() {
            return files + " files, " + bumps + " images bumped, " + restored + " restored byte for byte, not restored "
                    + styles + ", refused " + refusals;
        }
    }

    @Test
    void everyImageIsBumpedAndNothingElse() throws IOException {
        try (Stream<Path> repositories = Files.list(Path.of(System.getProperty("gitops.corpora")))) {
            for (Path repository : repositories.sorted().toList()) {
                Count count = new Count();
                try (Stream<Path> files = Files.walk(repository)) {
                    files.filter(PublicRepositoriesTest::isYaml).sorted().forEach(file -> judge(file, count));
                }
                System.out.println(repository.getFileName() + ": " + count);
            }
        }
    }

    private static boolean isYaml(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && !Files.isSymbolicLink(file)
                && (name.endsWith(".yaml") || name.endsWith(".yml") || name.equals("Kustomization"));
    }

    private void judge(Path path, Count count) {
        byte[] content = read(path);
        count.files++;
        YamlFile file;
        try {
            file = YamlFile.parse(path.toString(), content);
        } catch (EditRefusedException e) {
            count.refused("file", e);
            return;
        }
        for (Place place : places(path, file)) {
            try {
                bump(place, content, count);
            } catch (EditRefusedException e) {
                count.refused("image", e);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(place + ": " + e.getMessage(), e);
            }
        }
    }

    /** One image that one file holds. */
    private record Place(ManifestFile file, String repository) {}

    private void bump(Place place, byte[] content, Count count) {
        Map<String, String> repositories = Map.of("it", place.repository());
        Map<String, ImageReference> old = Version.images(editor.images(place.file(), content, repositories));
        boolean pinned = old.containsKey("it") && old.get("it").digest() != null;
        ImageReference wanted = new ImageReference(place.repository(), NEW_TAG, pinned ? NEW_DIGEST : null);
        byte[] edited = editor.write(place.file(), content, repositories, Map.of("it", wanted));
        ImageReference is = Version.images(editor.images(place.file(), edited, repositories))
                .get("it");
        assertThat(is.tag()).isEqualTo(NEW_TAG);
        assertThat(is.digest()).isEqualTo(wanted.digest());
        assertThat(editor.write(place.file(), edited, repositories, Map.of("it", wanted)))
                .isEqualTo(edited);
        count.bumps++;
        if (!old.containsKey("it") || old.get("it").tag() == null) {
            count.styles.merge("no tag before", 1, Integer::sum);
            return;
        }
        assertOnlyImageLinesChanged(text(content), text(edited));
        ImageReference before = old.get("it");
        byte[] back = editor.write(
                place.file(),
                edited,
                repositories,
                Map.of("it", new ImageReference(place.repository(), before.tag(), before.digest())));
        assertThat(editor.images(place.file(), back, repositories)).isEqualTo(old);
        if (Arrays.equals(back, content)) {
            count.restored++;
        } else {
            count.styles.merge(difference(text(content), text(back)), 1, Integer::sum);
        }
    }

    private static void assertOnlyImageLinesChanged(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        if (old.size() != now.size()) {
            return;
        }
        for (int i = 0; i < old.size(); i++) {
            if (!old.get(i).equals(now.get(i))) {
                assertThat(now.get(i)).containsAnyOf(NEW_TAG, NEW_DIGEST);
                assertThat(comment(now.get(i))).isEqualTo(comment(old.get(i)));
            }
        }
    }

    private static String comment(String line) {
        int comment = line.indexOf(" #");
        return comment < 0 ? "" : line.substring(comment);
    }

    /** Names why a bump and a bump back do not give the same bytes: the first differing line's kind. */
    private static String difference(String before, String after) {
        List<String> old = before.lines().toList();
        List<String> now = after.lines().toList();
        if (old.size() != now.size()) {
            return "digest line";
        }
        for (int i = 0; i < old.size(); i++) {
            if (!old.get(i).equals(now.get(i))) {
                String bare = now.get(i).replace("\"", "").replace("'", "");
                return old.get(i).replace("\"", "").replace("'", "").equals(bare)
                        ? "quoted now"
                        : "other: " + old.get(i).strip() + " → " + now.get(i).strip();
            }
        }
        return "line ends";
    }

    private List<Place> places(Path path, YamlFile file) {
        List<Place> places = new ArrayList<>();
        String name = path.getFileName().toString();
        if (name.startsWith("kustomization.") || name.equals("Kustomization")) {
            kustomizeImages(path, file, places);
            return places;
        }
        for (YamlNode document : file.documents()) {
            containers(path, document, places, file);
        }
        if (!file.documents().isEmpty()) {
            values(path, file.documents().get(0), List.of(), places, file, 0);
        }
        return places;
    }

    private static void kustomizeImages(Path path, YamlFile file, List<Place> places) {
        if (file.documents().isEmpty()) {
            return;
        }
        Optional<LocatedNode> images = find(file, file.documents().get(0), "images");
        if (images.isPresent() && images.get().value() instanceof SequenceNode list) {
            for (YamlNode item : list.items()) {
                text(file, item, "name")
                        .filter(PublicRepositoriesTest::isRepository)
                        .ifPresent(repository ->
                                places.add(new Place(new ManifestFile.Kustomization(path.toString()), repository)));
            }
        }
    }

    private static void containers(Path path, YamlNode node, List<Place> places, YamlFile file) {
        if (node instanceof SequenceNode sequence) {
            sequence.items().forEach(item -> containers(path, item, places, file));
        } else if (node instanceof MappingNode mapping) {
            for (MappingNode.Entry entry : mapping.entries()) {
                boolean list = entry.name()
                        .filter(key -> key.equals("containers") || key.equals("initContainers"))
                        .isPresent();
                if (list && entry.value() instanceof SequenceNode items) {
                    for (YamlNode item : items.items()) {
                        text(file, item, "image")
                                .flatMap(PublicRepositoriesTest::repository)
                                .ifPresent(repository -> {
                                    Place place =
                                            new Place(new ManifestFile.KubernetesManifest(path.toString()), repository);
                                    if (!places.contains(place)) {
                                        places.add(place);
                                    }
                                });
                    }
                }
                containers(path, entry.value(), places, file);
            }
        }
    }

    /** Every map with a repository and a tag, and every key "tag" or "image" with a string. */
    private static void values(
            Path path, YamlNode node, List<YamlPath.Step> steps, List<Place> places, YamlFile file, int depth) {
        if (node instanceof SequenceNode sequence && depth < 30) {
            for (int i = 0; i < sequence.items().size(); i++) {
                values(path, sequence.items().get(i), with(steps, new YamlPath.Index(i)), places, file, depth + 1);
            }
        } else if (node instanceof MappingNode mapping && depth < 30) {
            for (MappingNode.Entry entry : mapping.entries()) {
                if (entry.name().isEmpty() || entry.name().get().isEmpty()) {
                    continue;
                }
                String key = entry.name().get();
                List<YamlPath.Step> below = with(steps, new YamlPath.Key(key));
                boolean image = key.toLowerCase(java.util.Locale.ROOT).endsWith("image");
                if (image && entry.value() instanceof MappingNode map && isImage(file, map)) {
                    add(
                            path,
                            below,
                            text(file, map, "repository").filter(PublicRepositoriesTest::isRepository),
                            places);
                } else if (entry.value() instanceof ScalarNode scalar && !scalar.isNull()) {
                    Optional<String> repository = image
                            ? repository(scalar.value())
                            : key.equals("tag") || key.equals("imageTag")
                                    ? Optional.of("acme/unknown")
                                    : Optional.empty();
                    add(path, below, repository, places);
                } else {
                    values(path, entry.value(), below, places, file, depth + 1);
                }
            }
        }
    }

    private static boolean isImage(YamlFile file, MappingNode map) {
        return text(file, map, "repository").isPresent()
                && find(file, map, "tag").isPresent();
    }

    private static void add(Path path, List<YamlPath.Step> steps, Optional<String> repository, List<Place> places) {
        repository.ifPresent(name -> places.add(new Place(
                new ManifestFile.HelmValues(path.toString(), Map.of("it", new YamlPath(steps).toString())), name)));
    }

    private static List<YamlPath.Step> with(List<YamlPath.Step> steps, YamlPath.Step step) {
        List<YamlPath.Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return longer;
    }

    private static Optional<String> text(YamlFile file, YamlNode map, String key) {
        return find(file, map, key)
                .filter(found -> found.value() instanceof ScalarNode scalar && !scalar.isNull())
                .map(found -> ((ScalarNode) found.value()).value());
    }

    private static Optional<LocatedNode> find(YamlFile file, YamlNode map, String key) {
        try {
            return file.key(map, key);
        } catch (EditRefusedException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> repository(String image) {
        try {
            return Optional.of(ImageReference.parse(image.strip()).repository());
        } catch (InvalidImageException e) {
            return Optional.empty();
        }
    }

    private static boolean isRepository(String text) {
        return repository(text).filter(text::equals).isPresent();
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
