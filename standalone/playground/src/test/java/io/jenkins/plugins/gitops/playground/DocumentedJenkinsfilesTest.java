package io.jenkins.plugins.gitops.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.playground.PlaygroundFixture.Ended;
import io.jenkins.plugins.gitops.playground.jenkinsfile.Jenkinsfile;
import io.jenkins.plugins.gitops.playground.jenkinsfile.RunResult;
import io.jenkins.plugins.gitops.playground.run.Examples;
import io.jenkins.plugins.gitops.playground.run.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Pipeline in README.md and docs/ runs: a whole one as it is, a few steps with a Pipeline around them. */
class DocumentedJenkinsfilesTest {

    private static final Pattern BLOCK = Pattern.compile("(?m)^```groovy\\n(?<text>.*?)^```$", Pattern.DOTALL);
    private static final String AROUND = "pipeline { agent any; stages { stage('Documented') { steps {\n%s\n} } } }";

    @RegisterExtension
    private final PlaygroundFixture playground = new PlaygroundFixture().whereEverybodyApproves();

    /** A block and where it stands. */
    record Documented(String place, String text) {
        @Override
        public String toString() {
            return place;
        }
    }

    static List<Documented> blocks() throws IOException {
        Path root = SourceTree.find().root();
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            return Stream.concat(Stream.of(root.resolve("README.md")), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .flatMap(file -> blocks(root, file))
                    .toList();
        }
    }

    private static Stream<Documented> blocks(Path root, Path file) {
        try {
            String text = Files.readString(file);
            Matcher block = BLOCK.matcher(text);
            return block
                    .results()
                    .map(found -> new Documented(
                            root.relativize(file) + ":"
                                    + (text.substring(0, found.start()).lines().count() + 1),
                            found.group(1)))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void itRuns(Documented block) throws Exception {
        String text = block.text().contains("pipeline {") ? block.text() : AROUND.formatted(block.text());
        Ended ended = PlaygroundFixture.end(playground
                .playground()
                .runs()
                .start(new Runs.Request(
                        new Examples.Example("documented", "", List.of("main"), new Jenkinsfile(text)),
                        "main",
                        "ada",
                        Map.of())));

        assertThat(ended.result()).as(ended.log()).isEqualTo(RunResult.SUCCESS);
    }
}
