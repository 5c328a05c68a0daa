package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GatesDocumentTest {

    @Test
    void theDocumentedGateIsOne() throws IOException {
        Path fromRoot = Path.of("docs/gates.md");
        String page = Files.readString(
                Files.exists(fromRoot) ? fromRoot : Path.of("../..").resolve(fromRoot));
        String yaml =
                page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("```\n", page.indexOf("```yaml\n") + 8));

        GateDefinition gate = DeclarationReader.read("docs/gates.md", yaml.getBytes(StandardCharsets.UTF_8))
                .application("shop")
                .environment("prod")
                .gate()
                .orElseThrow();

        assertThat(gate.approvals()).hasSize(2);
        assertThat(gate.freeze().deny()).hasSize(2);
    }
}
