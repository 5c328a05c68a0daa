package io.jenkins.plugins.gitops.engine.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Changes every scalar that looks like a tag, in every YAML file below {@code -Dgitops.corpora=<folder>}: one by one, and
 * all of a file at once. What another parser run sees afterwards is compared for all at once, and one by one for the first
 * {@value #ONE_BY_ONE} of a file.
 */
@EnabledIfSystemProperty(
        named = "gitops.corpora",
        matches = ".+",
        disabledReason = "name a folder of public config repositories with -Dgitops.corpora=")
class PublicScalarsTest {

    private static final int ONE_BY_ONE = 20;
    private static final Pattern TAG =
            Pattern.compile("v?\\d+(\\.\\d+)+([-+._]\\w+)*|[0-9a-f]{7,40}|[a-z0-9./-]+:v?[0-9a-f][\\w.-]*");
    private static final List<String> VALUES = List.of("v99.1.0-probe", "1.20", "0123", "ghcr.io/acme/api:v99");

    private int files;
    private int edits;
    private int restored;
    private final Map<String, Integer> notRestored = new TreeMap<>();
    private final Map<String, Integer> refused = new TreeMap<>();

    @Test
    void everyScalarThatLooksLikeATagIsChangedAlone() throws IOException {
        try (Stream<Path> paths = Files.walk(Path.of(System.getProperty("gitops.corpora")))) {
            for (Path path : paths.filter(PublicScalarsTest::isYaml).sorted().toList()) {
                files++;
                try {
                    judge(path, Files.readAllBytes(path));
                } catch (EditRefusedException e) {
                    refused.merge(e.sentence(), 1, Integer::sum);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(path + ": " + e.getMessage(), e);
                }
            }
        }
        System.out.println(files + " files, " + edits + " scalars changed, " + restored + " restored byte for byte, "
                + notRestored + ", refused " + refused);
    }

    private static boolean isYaml(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file) && !Files.isSymbolicLink(file) && name.matches(".*\\.ya?ml|Kustomization");
    }

    private void judge(Path path, byte[] content) {
        YamlFile file = YamlFile.parse(path.toString(), content);
        String text = new String(content, StandardCharsets.UTF_8);
        List<ScalarNode> scalars = Nodes.values(file);
        List<String> before = null;
        Map<ScalarNode, String> together = new LinkedHashMap<>();
        for (int i = 0; i < scalars.size(); i++) {
            ScalarNode node = scalars.get(i);
            if (!TAG.matcher(node.value()).matches()) {
                continue;
            }
            String value = VALUES.get(edits++ % VALUES.size());
            together.put(node, value);
            YamlFile edited = new YamlEdit(file).replace(node, value).apply();
            String now = text(edited);
            assertThat(now.startsWith(text.substring(0, node.start()))).isTrue();
            assertThat(now.endsWith(text.substring(node.end()))).isTrue();
            if (together.size() <= ONE_BY_ONE) {
                before = before == null ? Events.of(text) : before;
                assertSame(before, Events.of(now), Map.of(node.firstEvent(), value));
            }
            // A value that needed quotes leaves them behind: the way back starts from a tame one.
            YamlFile tame = new YamlEdit(file).replace(node, "v99").apply();
            String back = text(new YamlEdit(tame)
                    .replace(Nodes.values(tame).get(i), node.value())
                    .apply());
            if (back.equals(text)) {
                restored++;
            } else {
                notRestored.merge(
                        node.isString()
                                ? "written otherwise: " + text.substring(node.start(), node.end())
                                : "was no string",
                        1,
                        Integer::sum);
            }
        }
        if (!together.isEmpty()) {
            Map<Integer, String> wanted = new TreeMap<>();
            together.forEach((node, value) -> wanted.put(node.firstEvent(), value));
            YamlEdit all = new YamlEdit(file);
            together.forEach(all::replace);
            assertSame(before, Events.of(text(all.apply())), wanted);
        }
    }

    private static void assertSame(List<String> before, List<String> after, Map<Integer, String> changed) {
        assertThat(after).hasSameSizeAs(before);
        for (int i = 0; i < before.size(); i++) {
            if (changed.containsKey(i)) {
                assertThat(after.get(i)).endsWith(changed.get(i));
            } else if (!after.get(i).equals(before.get(i))) {
                throw new AssertionError("event " + i + " was " + before.get(i) + " and is " + after.get(i));
            }
        }
    }

    private static String text(YamlFile file) {
        return new String(file.toBytes(), StandardCharsets.UTF_8);
    }
}
