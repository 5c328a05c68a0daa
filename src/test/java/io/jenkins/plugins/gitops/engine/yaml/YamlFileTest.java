package io.jenkins.plugins.gitops.engine.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.Work;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                .hasMessage("a.yaml:1:4: the alias here has no anchor of its name before it; quote the value if it is"
                        + " meant as text.");
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
        a: "b" c                       | 1:8  | something is here behind a value that has ended; quote the whole value.
        b c\\nd: e                   | 1:1  | this line is neither 'key: value' nor an item of a list.
        a: &  b                        | 1:5  | the name of an anchor or alias is expected here; quote the value if it is meant as text.
        a: !<b c                       | 1:7  | the tag that begins with '!<' is not closed.
        %YAML 3.0\\n---\\na: b    | 1:1  | the directive %YAML names a version that is not known; remove it.
        a: "\\UFFFFFFFF"             | 1:2  | an escape in the value here names no character; write \\\\ for a backslash.
        a: "\\q"                      | 1:6  | this escape is not known in double quotes; write \\\\ for a backslash.
        """)
    void whatIsNotYamlIsBlamedWhereItIs(String text, String place, String sentence) {
        String yaml = text.replace("\\n", "\n") + "\n";
        assertThatThrownBy(() -> YamlFile.parse("a.yaml", yaml.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(EditRefusedException.class)
                .hasMessage("a.yaml:" + place + ": this is not YAML: " + sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a:UXXXXb/c: d   | 00A0 | 1:3 | is no space, though it looks like one or cannot be seen; replace it.
        a: b # cUXXXXd: | 2028 | 1:9 | ends a line for Kubernetes and Helm, though it does not look so; remove it.
        a: bUXXXXc      | 0085 | 1:5 | ends a line for Kubernetes and Helm, though it does not look so; remove it.
        """)
    void aCharacterThatIsNotWhatItLooksLikeIsNamed(String text, String code, String place, String sentence) {
        String yaml = text.replace("UXXXX", Character.toString(Integer.parseInt(code, 16)))
                        .replace('/', '\n') + "\n";
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageStartingWith("a.yaml:" + place + ": the character U+" + code + " ")
                .hasMessageEndingWith(sentence);
    }

    @Test
    void aUnicodeLineEndInQuotesIsText() {
        String text = "a: \"b\u2028c\"\nd: 'e\u0085f'\ntag: v1\n";
        assertThat(text(replace(text, "tag", "v2"))).isEqualTo(text.replace("v1", "v2"));
    }

    @Test
    void aFileThatIsNoTextIsNotToBeSavedAsUtf8() {
        for (byte[] content : List.of("a: b".getBytes(StandardCharsets.UTF_16), new byte[] {(byte) 0x85, 1, 2})) {
            assertThatThrownBy(() -> YamlFile.parse("a.yaml", content))
                    .hasMessage("a.yaml:1:1: the file is binary, encrypted or in UTF-16; keep images in a text file in"
                            + " UTF-8.");
        }
    }

    /** A parser's words may repeat what stands in the file, and that may be a password. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: *hunter2",
                "!hunter2!x a",
                "a: hunter2: b",
                "a: 'hunter2",
                "a: \"hunter2\\q\"",
                "a: @hunter2",
                "%YAML hunter2\n---\na",
                "a: |hunter2",
                "a: [hunter2",
                "a: \"\\xhunter2\"",
                "a:\n  b: c\n hunter2: d",
                "a: b\n...\nhunter2",
                "!!int hunter2: 1\n x: 2"
            })
    void aRefusalRepeatsNoValue(String text) {
        assertThatThrownBy(() -> parse(text + "\n"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageNotContaining("hunter2")
                .hasMessageEndingWith(".");
    }

    /** By what is allocated and not by a clock: on a busy machine, too, four times the text is four times the work. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":\"ghcr.io/acme/other\",\"newTag\":\"v1\"},", "word, ", "1,", "[], "})
    void aLongLineTakesWorkInProportionToItsLength(String unit) {
        assertThat(work(unit, 800_000)).isLessThan(6 * work(unit, 200_000));
    }

    /** Two million values fit into a file of the allowed size, and each takes time, twice. */
    @ParameterizedTest
    @ValueSource(strings = {"1,", "[],"})
    void moreValuesThanAReaderTakesAreRefused(String unit) {
        assertThatThrownBy(() -> parse("{a: [" + unit.repeat(1_100_000) + "{}], tag: v1}"))
                .isInstanceOf(EditRefusedException.class)
                .hasMessageContaining("the file holds more than 1048576 values; split it");
    }

    private static long work(String unit, int length) {
        String text = "{\"a\":[" + unit.repeat(length / unit.length()) + "{}],\"tag\":\"v1\"}";
        return Work.allocated(() -> assertThat(text(replace(text, "tag", "v2")))
                .isEqualTo(text.replace("\"tag\":\"v1\"", "\"tag\":\"v2\"")));
    }

    /** One parse of the file and one of the result, however many values are written. */
    @Test
    void manyValuesAreWrittenInTwoParses() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            text.append("key").append(i).append(": {image: v1, other: [a, b, c]}\n");
        }
        assertThat(writing(text.toString(), 38)).isLessThan(2 * writing(text.toString(), 1));
    }

    private static long writing(String text, int values) {
        return Work.allocated(() -> {
            YamlFile file = parse(text);
            YamlEdit edit = new YamlEdit(file);
            for (int i = 0; i < values; i++) {
                edit.replace(scalar(file, "key" + i + ".image"), "v2");
            }
            assertThat(text(edit.apply())).contains("key0: {image: v2,");
        });
    }
}
