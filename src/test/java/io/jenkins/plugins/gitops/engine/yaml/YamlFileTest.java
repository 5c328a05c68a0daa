package io.jenkins.plugins.gitops.engine.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlFileTest {

    private static YamlFile parse(String text) {
        return YamlFile.parse("a.yaml", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(YamlFile file) {
        return new String(file.toBytes(), StandardCharsets.UTF_8);
    }

    private static ScalarNode scalar(YamlFile file, String path) {
        return (ScalarNode)
                file.require(file.documents().get(0), YamlPath.parse(path)).value();
    }

    @Test
    void aLargeFileIsEditedAtItsEnd() {
        String filler = "  # 🚀 a comment\n  key-%d: {a: 'b', c: [1, 2]} \r\n";
        StringBuilder text = new StringBuilder("root:\n");
        for (int i = 0; text.length() < 1_000_000; i++) {
            text.append(String.format(filler, i));
        }
        text.append("  tag: v1 # the last\n");
        assertThat(text(replace(text.toString(), "root.tag", "v2")))
                .isEqualTo(text.toString().replace("tag: v1 #", "tag: v2 #"));
    }

    private static YamlFile replace(String text, String path, String value) {
        YamlFile file = parse(text);
        return new YamlEdit(file).replace(scalar(file, path), value).apply();
    }

    @Test
    void aFileOverTheLimitIsRefused() {
        byte[] content = "# x\n".repeat(SourceText.MAX_BYTES / 4 + 1).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> YamlFile.parse("a.yaml", content))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("a.yaml:1:1: the file has 5242884 bytes; split it into files of less than 5242880.");
    }

    @Test
    void aFileNestedTooDeepIsRefused() {
        assertThatThrownBy(() -> parse("a: " + "[".repeat(100_000) + "]".repeat(100_000)))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("a.yaml:1:503: the file is nested deeper than 500 levels; make it flatter.");
    }

    @Test
    void aCharacterThatYamlForbidsIsRefusedWhereItStands() {
        assertThatThrownBy(() -> parse("a: 🚀\nb: x\u0007\n"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("a.yaml:2:5: this is not YAML: the character U+0007 is not allowed; remove it.");
    }

    @Test
    void anAliasWithoutAnchorIsRefused() {
        assertThatThrownBy(() -> parse("a: *b\n"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("a.yaml:1:4: the alias *b has no anchor &b before it.");
    }

    @Test
    void anAnchorThatIsDefinedAgainHoldsForTheAliasesBehindIt() {
        YamlFile file = parse("a: &x 1\nb: *x\nc: &x 2\nd: *x\n");
        assertThat(scalar(file, "b").value()).isEqualTo("1");
        assertThat(scalar(file, "d").value()).isEqualTo("2");
    }

    @Test
    void anchorsOfOneDocumentAreUnknownInTheNext() {
        assertThatThrownBy(() -> parse("a: &x 1\n---\nb: *x\n")).isInstanceOf(EditRefusedException.class);
    }

    @Test
    void removingAnAnchorThatIsStillReferredToIsRefused() {
        YamlFile file = parse("a: &x 1\nb: *x\n");
        MappingNode root = (MappingNode) file.documents().get(0);
        assertThatThrownBy(() ->
                        new YamlEdit(file).remove(root, root.entries().get(0)).apply())
                .isInstanceOf(EditRefusedException.class)
                .hasMessageStartingWith("a.yaml:1:1: this cannot be changed");
    }

    @Test
    void theOnlyKeyOfAMapLeavesAnEmptyMap() {
        YamlFile file = parse("a:\n  b: 1 # c\nd: 2\n");
        MappingNode inner = (MappingNode) scalarHolder(file);
        assertThat(text(new YamlEdit(file).remove(inner, inner.entries().get(0)).apply()))
                .isEqualTo("a:\n  {} # c\nd: 2\n");
    }

    private static YamlNode scalarHolder(YamlFile file) {
        return file.require(file.documents().get(0), YamlPath.of("a")).value();
    }

    @Test
    void severalScalarsAreReplacedAtOnce() {
        YamlFile file = parse("a: 1\nb: 'x'\nc: {d: y}\n");
        YamlFile edited = new YamlEdit(file)
                .replace(scalar(file, "c.d"), "z: 1")
                .replace(scalar(file, "a"), "1")
                .replace(scalar(file, "b"), "it's")
                .apply();
        assertThat(text(edited)).isEqualTo("a: '1'\nb: 'it''s'\nc: {d: 'z: 1'}\n");
    }

    @Test
    void pathsAreReadAsTheyAreWritten() {
        for (String path : List.of("a.b", "a[0].b", "a[name=x y].b", "\"a.b/c\".d", "[2]", "[0][1]", "\"a\"\"b\"")) {
            assertThat(YamlPath.parse(path)).hasToString(path);
        }
    }

    @Test
    void aPathThatIsNoneIsRefused() {
        for (String path : List.of("", "a..b", ".a", "a.", "a[", "a[x]", "a[-1]", "\"a", "a]b", "a\"b\"")) {
            assertThatThrownBy(() -> YamlPath.parse(path))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not a path");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        # {{ x }}\\na: [b            | 3:1  | the file ends inside a bracket; close it.
        a: "b\\nc: d\\n            | 1:4  | the quote that opens here is never closed.
        a: b: c                        | 1:5  | a ': ' is inside a value, or the line is indented too far; quote the value or correct the indentation.
        a: b\\nc\\nd: e            | 2:1  | this line is neither 'key: value' nor an item of a list.
        a:\\n  b: c\\n d: e        | 3:2  | this line does not match the indentation of the lines before it.
        a: @b                          | 1:4  | a value cannot begin with this character; quote the value.
        a: "\\q"                      | 1:6  | this escape is not known in double quotes; write \\\\ for a backslash.
        """)
    void whatIsNotYamlIsBlamedWhereItIs(String text, String place, String sentence) {
        String yaml = text.replace("\\n", "\n") + "\n";
        assertThatThrownBy(() -> YamlFile.parse("a.yaml", yaml.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("a.yaml:" + place + ": this is not YAML: " + sentence);
    }

    @Test
    void aLineOfFourMegabytesIsEditedInASecond() {
        String items = "{\"name\":\"ghcr.io/acme/other\",\"newTag\":\"v1\"},".repeat(80_000);
        String json = "{\"images\":[" + items + "{\"name\":\"x\"}],\"tag\":\"v1\"}";
        String plain = "a: " + "word ".repeat(800_000) + "\ntag: v1\n";
        for (String text : List.of(json, plain)) {
            // Ten times what it takes on a quiet machine; the square of the length took minutes.
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                YamlFile file = YamlFile.parse("a.yaml", text.getBytes(StandardCharsets.UTF_8));
                ScalarNode tag = scalar(file, "tag");
                assertThat(new String(
                                new YamlEdit(file).replace(tag, "v2").apply().toBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(
                                text.endsWith("}")
                                        ? text.replace("\"tag\":\"v1\"", "\"tag\":\"v2\"")
                                        : text.replace("tag: v1", "tag: v2"));
            });
        }
    }
}
