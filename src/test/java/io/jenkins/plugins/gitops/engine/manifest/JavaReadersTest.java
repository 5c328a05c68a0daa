package io.jenkins.plugins.gitops.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Loads every file before and after its edit by YAML 1.1 (SnakeYAML) and 1.2 (snakeyaml-engine): wherever the values differ
 * there is a string now, or nothing. {@code src/test/readers/check.py} asks readers in other languages.
 */
class JavaReadersTest {

    @TestFactory
    Stream<DynamicTest> onlyStringsChangeForYaml11() throws IOException, URISyntaxException {
        // Readers of YAML 1.1 take no tab before a comment.
        return each(
                "tab-before-a-comment", text -> all(new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text)));
    }

    @TestFactory
    Stream<DynamicTest> onlyStringsChangeForYaml12() throws IOException, URISyntaxException {
        return each("none", text -> all(new Load(LoadSettings.builder().build()).loadAllFromString(text)));
    }

    private Stream<DynamicTest> each(String unread, Function<String, List<Object>> reader)
            throws IOException, URISyntaxException {
        Path root = Path.of(getClass().getResource("/edits").toURI());
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(file -> file.endsWith("after.yaml"))
                    .filter(file -> !file.getParent().endsWith(unread))
                    .sorted()
                    .toList()
                    .stream()
                    .map(after -> dynamicTest(root.relativize(after.getParent()).toString(), () -> {
                        List<Object> before = reader.apply(read(after.resolveSibling("before.yaml")));
                        requireStrings("", before, reader.apply(read(after)));
                    }));
        }
    }

    private static String read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static List<Object> all(Iterable<Object> documents) {
        List<Object> all = new ArrayList<>();
        documents.forEach(all::add);
        return all;
    }

    private static void requireStrings(String place, Object before, Object after) {
        if (after instanceof Map<?, ?> map) {
            Map<?, ?> old = before instanceof Map<?, ?> was ? was : Map.of();
            map.forEach((key, value) -> requireStrings(place + "." + key, old.get(key), value));
        } else if (after instanceof List<?> list) {
            List<?> old = before instanceof List<?> was ? was : List.of();
            IntStream.range(0, list.size())
                    .forEach(i ->
                            requireStrings(place + "[" + i + "]", i < old.size() ? old.get(i) : null, list.get(i)));
        } else if (!Objects.equals(before, after)) {
            assertThat(after).as(place).isInstanceOf(String.class);
        }
    }
}
