package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where things are: the map in CONTRIBUTING.md. */
class LayoutTest {

    private static final Path ROOT = SourceTree.root();
    private static final int MOST_LINES = 400;
    private static final String PLUGIN = "src/main/java/io/jenkins/plugins/gitops/";

    @Test
    void theMapNamesWhatIsThere() throws IOException {
        assertThat(map())
                .isNotEmpty()
                .allSatisfy(place -> assertThat(ROOT.resolve(place)).exists());
    }

    @Test
    void everyFolderOfThePluginIsOnTheMap() throws IOException {
        assertThat(folders(ROOT.resolve(PLUGIN), Integer.MAX_VALUE))
                .isEqualTo(map().stream()
                        .filter(place -> place.startsWith(PLUGIN) && !place.equals(PLUGIN))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void whatToLookAtIsThere() throws IOException {
        String table = Files.readString(ROOT.resolve("CONTRIBUTING.md")).replaceFirst("(?s).*\\| to add or change", "");

        assertThat(Pattern.compile("`(\\w+/[\\w./]+)`").matcher(table).results().map(found -> found.group(1)))
                .hasSizeGreaterThan(10)
                .allMatch(place -> Stream.of(place, PLUGIN + place, PLUGIN + place + ".java")
                        .anyMatch(path -> Files.exists(ROOT.resolve(path))));
    }

    @Test
    void everyModuleIsOnTheMap() throws IOException {
        assertThat(map()).containsAll(folders(ROOT.resolve("standalone"), 1));
    }

    @Test
    void noSourceFileIsTooLongToReadAtOnce() throws IOException {
        try (Stream<Path> all = Files.walk(ROOT)) {
            assertThat(all.filter(file -> file.toString().matches(".*/src/.*\\.(java|js)"))
                            .filter(file -> !file.toString().contains("/target/")))
                    .hasSizeGreaterThan(500)
                    .allSatisfy(file -> assertThat(Files.readAllLines(file).size())
                            .as(file.toString())
                            .isLessThanOrEqualTo(MOST_LINES));
        }
    }

    /** The paths on the map, folders with a slash at the end, relative to the root. */
    private static Set<String> map() throws IOException {
        String text = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
        Matcher tree = Pattern.compile("(?s)```\\n(pom\\.xml.*?)```").matcher(text);
        assertThat(tree.find()).as("a tree in CONTRIBUTING.md").isTrue();
        Set<String> places = new TreeSet<>();
        Deque<String> parents = new ArrayDeque<>();
        for (String line : tree.group(1).lines().toList()) {
            String name = line.strip().split("\\s", 2)[0];
            int depth = (line.length() - line.stripLeading().length()) / 2;
            while (parents.size() > depth) {
                parents.removeLast();
            }
            String place = String.join("", parents) + name;
            places.add(place);
            if (name.endsWith("/")) {
                parents.addLast(name);
            }
        }
        return places;
    }

    private static Set<String> folders(Path parent, int depth) throws IOException {
        try (Stream<Path> all = Files.walk(parent, depth)) {
            return all.filter(Files::isDirectory)
                    .filter(folder -> !folder.equals(parent) && !folder.endsWith("target"))
                    .map(folder -> ROOT.relativize(folder) + "/")
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
