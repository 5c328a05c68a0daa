package io.jenkins.plugins.gitops.engine.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What holds for every document, every place in it and every value. The documents are the same in every run; {@code
 * -Dgitops.soak.tries=1000000} takes more of them.
 */
class EditPropertiesTest {

    private static final int TRIES = Integer.getInteger("gitops.soak.tries", 12_000);

    /** A document, a place in it, a value for it; the seed finds it again. */
    private record Case(long seed, String text, int place, String value) {

        static Case of(long seed) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            String text = random.nextInt(4) == 0 ? PlainYaml.text(random) : GeneratedYaml.text(random);
            return new Case(seed, text, random.nextInt(1000), GeneratedValues.any(random));
        }

        <T> T pick(List<T> from) {
            return from.get(place % from.size());
        }

        @Override
        public String toString() {
            return "seed " + seed + ": '" + value + "' into place " + place + " of\n" + text;
        }
    }

    private interface Law {
        /** @return whether the law had something to say about the case */
        boolean holds(Case c, YamlFile file);
    }

    private static void forAll(int tries, Law law) {
        long judged = LongStream.range(0, tries)
                .parallel()
                .mapToObj(Case::of)
                .filter(c -> {
                    try {
                        return law.holds(c, parse(c.text()));
                    } catch (RuntimeException | AssertionError e) {
                        throw new AssertionError(c + "\n" + e.getMessage(), e);
                    }
                })
                .count();
        assertThat(judged).as("cases judged of " + tries).isGreaterThan(tries / 2);
    }

    @Test
    void onlyTheValueChanges() {
        forAll(TRIES, EditPropertiesTest::changesOnlyTheValue);
    }

    @Test
    void onlyTheValueChangesInEveryFixture() throws IOException, URISyntaxException {
        int judged = 0;
        try (Stream<Path> files =
                Files.walk(Path.of(getClass().getResource("/edits").toURI()))) {
            for (Path path : files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                byte[] content = Files.readAllBytes(path);
                if (path.toString().contains("refused")) {
                    continue;
                }
                YamlFile file = YamlFile.parse(path.toString(), content);
                String text = new String(content, StandardCharsets.UTF_8);
                for (int place = 0; place < Nodes.values(file).size(); place++) {
                    for (long seed = 0; seed < 16; seed++) {
                        Case c = new Case(seed, text, place, GeneratedValues.any(new Random(seed * 31 + place)));
                        judged += changesOnlyTheValue(c, file) ? 1 : 0;
                    }
                }
            }
        }
        assertThat(judged).isGreaterThan(5000);
    }

    private static boolean changesOnlyTheValue(Case c, YamlFile file) {
        List<ScalarNode> values = Nodes.values(file);
        if (values.isEmpty() || !isEditable(c.pick(values))) {
            return false;
        }
        ScalarNode target = c.pick(values);
        String edited = text(new YamlEdit(file).replace(target, c.value()).apply());
        assertThat(edited).startsWith(c.text().substring(0, target.start()));
        assertThat(edited).endsWith(c.text().substring(target.end()));
        List<String> before = Events.of(c.text());
        List<String> after = Events.of(edited);
        String now = after.remove(target.firstEvent());
        before.remove(target.firstEvent());
        assertThat(now).endsWith(c.value());
        assertThat(after).isEqualTo(before);
        return true;
    }

    @Test
    void aBrokenDocumentIsReadOrRefusedInOneShortLine() {
        int refused = 0;
        for (long seed = 0; seed < TRIES; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            String text = random.nextBoolean() ? PlainYaml.text(random) : GeneratedYaml.text(random);
            try {
                parse(PlainYaml.broken(text, random));
            } catch (EditRefusedException e) {
                assertThat(e.getMessage())
                        .as("seed " + seed)
                        .hasLineCount(1)
                        .hasSizeLessThan(300)
                        .endsWith(".");
                refused++;
            }
        }
        assertThat(refused).as("documents that were refused").isGreaterThan(TRIES / 10);
    }

    @Test
    void editingTwiceIsEditingOnce() {
        forAll(TRIES / 4, (c, file) -> {
            List<ScalarNode> values = Nodes.values(file);
            if (values.isEmpty() || !isEditable(c.pick(values))) {
                return false;
            }
            YamlFile once =
                    new YamlEdit(file).replace(c.pick(values), c.value()).apply();
            YamlFile twice = new YamlEdit(once)
                    .replace(c.pick(Nodes.values(once)), c.value())
                    .apply();
            assertThat(twice).isSameAs(once);
            return true;
        });
    }

    @Test
    void editingBackRestoresTheFile() {
        forAll(TRIES / 2, (c, file) -> {
            List<ScalarNode> values = Nodes.values(file).stream()
                    .filter(EditPropertiesTest::isEditable)
                    .filter(value -> isWrittenOurWay(c.text(), value))
                    .toList();
            if (values.isEmpty()) {
                return true;
            }
            ScalarNode target = c.pick(values);
            int index = Nodes.values(file).indexOf(target);
            // A value that needs other quotes leaves these behind, and one that ends otherwise leaves another block
            // indicator behind: the way back starts from a tame one.
            String value = "v" + c.seed()
                    + target.value().substring(target.value().stripTrailing().length());
            YamlFile there = new YamlEdit(file).replace(target, value).apply();
            YamlFile back = new YamlEdit(there)
                    .replace(Nodes.values(there).get(index), target.value())
                    .apply();
            assertThat(text(back)).isEqualTo(c.text());
            return true;
        });
    }

    @Test
    void aKeyIsInsertedAndTakenAwayAgain() {
        forAll(TRIES / 2, (c, file) -> {
            List<MappingNode> mappings = Nodes.mappings(file);
            if (mappings.isEmpty()) {
                return false;
            }
            int place = c.place() % mappings.size();
            MappingNode mapping = mappings.get(place);
            YamlFile with;
            try {
                with = new YamlEdit(file)
                        .insert(mapping, "inserted", TextNode.valueOf(c.value()))
                        .apply();
            } catch (EditRefusedException e) {
                assertThat(e.sentence()).startsWith("this cannot be changed without changing something else");
                return false;
            }
            assertOnlyAdded(c.text(), text(with));
            MappingNode now = Nodes.mappings(with).get(place);
            MappingNode.Entry entry = now.named("inserted").get(0);
            assertThat(((ScalarNode) entry.value()).value()).isEqualTo(c.value());
            assertThat(((ScalarNode) entry.value()).isString()).isTrue();
            if (!mapping.entries().isEmpty()) {
                assertThat(text(new YamlEdit(with).remove(now, entry).apply())).isEqualTo(c.text());
            }
            return true;
        });
    }

    @Test
    void anItemIsAppended() {
        forAll(TRIES / 2, (c, file) -> {
            List<SequenceNode> sequences = Nodes.sequences(file);
            if (sequences.isEmpty()) {
                return true;
            }
            int place = c.place() % sequences.size();
            ObjectNode item = JsonNodeFactory.instance.objectNode().put("name", c.value());
            YamlFile with;
            try {
                with = new YamlEdit(file).append(sequences.get(place), item).apply();
            } catch (EditRefusedException e) {
                assertThat(e.sentence()).startsWith("this cannot be changed without changing something else");
                return false;
            }
            assertOnlyAdded(c.text(), text(with));
            assertThat(Nodes.sequences(with).get(place).items())
                    .hasSize(sequences.get(place).items().size() + 1);
            return true;
        });
    }

    @Test
    void removingAKeyLeavesTheOthers() {
        forAll(TRIES / 2, (c, file) -> {
            List<MappingNode> mappings = Nodes.mappings(file).stream()
                    .filter(mapping -> mapping.entries().size() > 1)
                    .toList();
            if (mappings.isEmpty()) {
                return true;
            }
            MappingNode mapping = c.pick(mappings);
            MappingNode.Entry entry = c.pick(mapping.entries());
            YamlFile without;
            try {
                without = new YamlEdit(file).remove(mapping, entry).apply();
            } catch (EditRefusedException e) {
                assertThat(e.sentence()).startsWith("this cannot be changed without changing something else");
                return false;
            }
            List<String> before = Events.of(c.text());
            before.subList(entry.key().firstEvent(), entry.value().lastEvent() + 1)
                    .clear();
            assertThat(Events.of(text(without))).isEqualTo(before);
            String outside =
                    c.text().substring(0, entry.key().start()) + c.text().substring(entry.end());
            assertThat(comments(text(without))).as("comments").isEqualTo(comments(outside));
            return true;
        });
    }

    private static long comments(String text) {
        return text.chars().filter(c -> c == '#').count();
    }

    private static void assertOnlyAdded(String before, String after) {
        int same = 0;
        while (same < before.length() && before.charAt(same) == after.charAt(same)) {
            same++;
        }
        assertThat(after).endsWith(before.substring(same));
    }

    /** {@code !!int} and the like cannot hold a string; that they are refused is another test. */
    private static boolean isEditable(ScalarNode node) {
        Set<String> tags = new HashSet<>(Set.of("tag:yaml.org,2002:str", "!local"));
        return node.tag().map(tags::contains).orElse(true);
    }

    /** On one line, in no more quotes and escapes than it takes. */
    private static boolean isWrittenOurWay(String text, ScalarNode node) {
        String written = text.substring(node.contentStart(), node.end());
        return switch (node.style()) {
            case PLAIN -> written.equals(node.value()) && StringRules.isSafePlain(written, node.inFlow());
            case SINGLE_QUOTED -> written.equals(StringRules.singleQuoted(node.value()));
            case DOUBLE_QUOTED -> written.equals(StringRules.doubleQuoted(node.value()));
            default -> node.value().strip().indexOf('\n') < 0 && written.lines().count() == 2;
        };
    }

    private static YamlFile parse(String text) {
        return YamlFile.parse("generated.yaml", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(YamlFile file) {
        return new String(file.toBytes(), StandardCharsets.UTF_8);
    }
}
