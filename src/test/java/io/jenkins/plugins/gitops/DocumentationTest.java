package io.jenkins.plugins.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.model.Declaration;
import io.jenkins.plugins.gitops.engine.model.DeclarationReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the documentation says is so: declarations are valid, links lead somewhere. */
class DocumentationTest {

    private static final Pattern YAML = Pattern.compile("^```yaml\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)");

    @TestFactory
    Stream<DynamicTest> everyDeclarationInTheDocumentationIsValid() throws IOException {
        return pages().stream()
                .flatMap(page -> blocks(page)
                        .filter(block -> block.contains("\napplications:"))
                        .map(block -> DynamicTest.dynamicTest(page.getFileName() + ": " + firstLine(block), () -> {
                            Declaration declaration =
                                    DeclarationReader.read(page.toString(), block.getBytes(StandardCharsets.UTF_8));
                            assertThat(declaration.applications()).isNotEmpty();
                        })));
    }

    @Test
    void theReferencePageHasADeclaration() {
        assertThat(blocks(SourceTree.root().resolve("docs/gitops-yaml.md"))).anyMatch(block -> block.contains("gate:"));
    }

    @TestFactory
    Stream<DynamicTest> everyRelativeLinkLeadsSomewhere() throws IOException {
        return pages().stream()
                .map(page -> DynamicTest.dynamicTest(
                        page.toString(),
                        () -> assertThat(LINK.matcher(read(page)).results().map(match -> match.group(1)))
                                .allSatisfy(target ->
                                        assertThat(page.resolveSibling(target)).exists())));
    }

    private static List<Path> pages() throws IOException {
        Path root = SourceTree.root();
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            return Stream.concat(docs, Stream.of(root.resolve("README.md"), root.resolve("CONTRIBUTING.md")))
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static Stream<String> blocks(Path page) {
        return YAML.matcher(read(page)).results().map((MatchResult match) -> match.group(1));
    }

    private static String firstLine(String block) {
        return block.lines().findFirst().orElseThrow();
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
