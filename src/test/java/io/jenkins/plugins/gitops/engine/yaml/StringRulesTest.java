package io.jenkins.plugins.gitops.engine.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;
import org.snakeyaml.engine.v2.schema.JsonSchema;

class StringRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.20",
                "0123",
                "1e3",
                "1E+3",
                "true",
                "No",
                "y",
                "null",
                "~",
                "2024-01-01",
                "2024-1-1",
                "12:30:45",
                "0x1F",
                "0o17",
                "1_000",
                ".5",
                ".inf",
                "-.INF",
                ".NaN",
                "+1",
                "-0",
                "190:20:30.15",
                "=",
                "<<",
                "1.",
                "0b11",
                "123456e7",
                "2001-12-14t21:59:43.10-05:00",
                "Off",
                "YES",
                "",
                "0",
                "007",
                "1__0",
                "._1",
                "08",
                "1:2"
            })
    void whatSomeReaderTakesForSomethingElseIsNoPlainString(String text) {
        assertThat(StringRules.isPlainString(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1", "1.2.3", "1.2.3-rc.1", "main-3f2c1a9", "3f2c1a9", "2024.01.01", "2024-01-01-3f2c1a9",
                        "1.20-alpine", "nullable",
                "trueish", "1e3x", "12:30pm", "0xyz", "sha256:0123", "nginx:1.25", "1.2e3f", "-x", ".env"
            })
    void ordinaryTagsStayPlain(String text) {
        assertThat(StringRules.isPlainString(text)).isTrue();
    }

    /** SnakeYAML keeps to YAML 1.1; the engine has the three schemas of 1.2. */
    static Stream<String> written() {
        Random random = new Random(7);
        String alphabet = "0123456789abefxoXEnNtTyY_.:+-~ \tTZ";
        return Stream.generate(() -> random.ints(1 + random.nextInt(8), 0, alphabet.length())
                        .mapToObj(i -> alphabet.substring(i, i + 1))
                        .reduce("", String::concat))
                .limit(400)
                .map(value -> write("a: b\n", value));
    }

    private static String write(String text, String value) {
        YamlFile file = YamlFile.parse("a.yaml", text.getBytes(StandardCharsets.UTF_8));
        ScalarNode node = Nodes.values(file).get(0);
        return new String(new YamlEdit(file).replace(node, value).apply().toBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("written")
    void everySchemaReadsAString(String text) {
        Object old = new org.yaml.snakeyaml.Yaml()
                .<java.util.Map<String, Object>>load(text)
                .get("a");
        assertThat(old).as("YAML 1.1").isInstanceOf(String.class);
        for (var schema : List.of(new CoreSchema(), new JsonSchema(), new FailsafeSchema())) {
            var settings = LoadSettings.builder().setSchema(schema).build();
            Object value = ((java.util.Map<?, ?>) new org.snakeyaml.engine.v2.api.Load(settings).loadFromString(text))
                    .get("a");
            assertThat(value).as(schema.getClass().getSimpleName()).isEqualTo(old);
        }
    }

    @Test
    void aValueWithAColonIsQuotedInsideAFlowCollectionForOldReaders() {
        assertThat(write("a: {b: c}\n", "nginx:1.25")).isEqualTo("a: {b: \"nginx:1.25\"}\n");
        assertThat(write("a: {b: nginx:1}\n", "nginx:1.25")).isEqualTo("a: {b: nginx:1.25}\n");
    }
}
