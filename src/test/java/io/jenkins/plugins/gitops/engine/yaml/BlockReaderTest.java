package io.jenkins.plugins.gitops.engine.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Kind;
import io.jenkins.plugins.gitops.engine.yaml.ParseEvent.Style;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reader of plain files reads is what snakeyaml-engine reads, or it does not read it at all. */
class BlockReaderTest {

    private static final int TRIES = Integer.getInteger("gitops.soak.tries", 20_000);
    private static final String PLAIN = """
            # a kustomization
            ---
            resources:
            - ../base
            - "b c" # why

            patches: []
            labels: {}
            images:
              - name: ghcr.io/acme/api
                newTag: 'v1' # {"$imagepolicy": "shop:api:tag"}
              - newTag: v2

                name: naïve
            "quoted key" : -1
            nothing:
            deep:
              - - a: b
                  c: d:e#f
                - x
            ---
              kind: List
              items:
              - a
              # end
            """;

    @Test
    void aPlainFileIsReadAsTheParserReadsIt() {
        assertThat(BlockReader.read(PLAIN).map(BlockReaderTest::written)).contains(parsed(PLAIN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: |\n  text\n",
                "a: b\n  c\n",
                "a: 'b\n  c'\n",
                "a: 'it''s'\n",
                "a: \"b\\n\"\n",
                "a: &x b\n",
                "a: *x\n",
                "a: !!str b\n",
                "a: [b]\n",
                "a: {b: c}\n",
                "a:\tb\n",
                "a: b\r\n",
                "\uFEFFa: b\n",
                "a: 🚀\n",
                "? a\n: b\n",
                "%YAML 1.2\n---\na: b\n",
                "a: b\n...\n",
                "... a: b\n",
                "--- a\n",
                "---\n",
                "",
                "# nothing\n",
                "a\n",
                "a: b: c\n",
                "a: 'b' c\n",
                "a: 'b'# c\n",
                "a: - b\n",
                "a: b:\n",
                "- a\nb: c\n",
                "a: b\n- c\n",
                "a:\n  - b\n c: d\n",
                "a:\n  b: c\n d: e\n",
                "  a: b\nc: d\n",
                "-\n  a: b\n",
                "a: {{ b }}\n",
                "a: @b\n",
                "{a: b}\n",
                "[]\n"
            })
    void whatIsNotCertainIsLeftToTheParser(String text) {
        assertThat(BlockReader.read(text)).isEmpty();
    }

    @Test
    void whatIsTooDeepOrTooLongIsLeftToTheParser() {
        StringBuilder deep = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            deep.append(" ".repeat(i)).append("a:\n");
        }
        assertThat(BlockReader.read(deep.toString())).isEmpty();
        assertThat(BlockReader.read("- ".repeat(2_000_000) + "a")).isEmpty();
        assertThat(BlockReader.read("k".repeat(1_025) + ": a\n")).isEmpty();
        assertThatThrownBy(() -> parsed("k".repeat(1_025) + ": a\n")).isInstanceOf(EditRefusedException.class);
    }

    @Test
    void generatedFilesAndWhatIsBrokenInThemAreReadAlikeOrNotAtAll() {
        int read = 0;
        for (int seed = 0; seed < TRIES; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            String text = random.nextBoolean() ? PlainYaml.text(random) : GeneratedYaml.text(random);
            read += agree("seed " + seed, random.nextInt(3) == 0 ? text : PlainYaml.broken(text, random));
        }
        assertThat(read).as("texts that were read").isGreaterThan(TRIES / 10);
    }

    @Test
    void everyFixtureIsReadAlikeOrNotAtAll() throws IOException, URISyntaxException {
        assertThat(agreeOnFilesBelow(Path.of(getClass().getResource("/edits").toURI())))
                .isGreaterThan(50);
    }

    @Test
    @EnabledIfSystemProperty(
            named = "gitops.corpora",
            matches = ".+",
            disabledReason = "name a folder of public config repositories with -Dgitops.corpora=")
    void everyPublicFileIsReadAlikeOrNotAtAll() throws IOException {
        int read = agreeOnFilesBelow(Path.of(System.getProperty("gitops.corpora")));
        System.out.println(read + " public files were read without the parser");
        assertThat(read).isPositive();
    }

    /** Checks every YAML file below the folder; how many of them were read. */
    private static int agreeOnFilesBelow(Path folder) throws IOException {
        int read = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(path -> path.toString().matches(".*\\.ya?ml|.*/Kustomization"))
                    .toList()) {
                read += agree(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        return read;
    }

    /** 1 if the text was read. */
    private static int agree(String what, String text) {
        Optional<List<ParseEvent>> read = BlockReader.read(text);
        if (read.isEmpty()) {
            return 0;
        }
        try {
            assertThat(written(read.get())).isEqualTo(parsed(text));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(what + ":\n" + text + "\n" + e.getMessage(), e);
        }
        return 1;
    }

    private static List<String> parsed(String text) {
        return written(EventReader.parse(new SourceText("a.yaml", text)));
    }

    /** Everything that the editor makes use of. */
    private static List<String> written(List<ParseEvent> events) {
        List<String> written = new ArrayList<>();
        Style flow = Style.NONE;
        for (ParseEvent event : events) {
            boolean begins =
                    event.isScalar() || event.kind() == Kind.MAPPING_START || event.kind() == Kind.SEQUENCE_START;
            boolean ends = event.isScalar() || flow == Style.FLOW;
            written.add(event.kind() + " " + event.style() + (begins ? " from " + event.start() : "")
                    + (ends ? " to " + event.end() : "") + " " + event.anchor() + event.tag() + event.value());
            flow = event.style();
        }
        return written;
    }
}
