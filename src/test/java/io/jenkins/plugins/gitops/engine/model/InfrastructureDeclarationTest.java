package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Environments that have infrastructure alone. */
class InfrastructureDeclarationTest {

    private static final String PLATFORM = """
        version: 1
        applications:
          platform:
            environments:
              staging: { terraform: . }
              prod:
                terraform: terraform/prod
                gate: { approvals: { required: 1 } }
        """;

    @Test
    void infrastructureAloneNeedsAFolderAndNoImages() {
        Application platform = read(PLATFORM).application("platform");

        assertThat(platform.environment("staging").terraform()).contains("");
        assertThat(platform.environment("prod").terraform()).contains("terraform/prod");
        assertThat(platform.environment("prod").files()).isEmpty();
        assertThatThrownBy(() -> read(PLATFORM.replace("terraform: terraform/prod", "terraform: ../prod")))
                .hasMessageContaining("gitops.yaml:7: '../prod' is not a path inside the repository");
        assertThatThrownBy(() -> read(PLATFORM.replace("{ terraform: . }", "{ manifests: a.yaml }")))
                .hasMessageContaining(
                        "'platform' declares nothing that moves; add 'images', 'versions' or 'carries', or"
                                + " 'terraform'");
        assertThatThrownBy(() -> read(PLATFORM.replace("{ terraform: . }", "{ terraform: ., after: prod }")))
                .hasMessageContaining("gitops.yaml:5: nothing is promoted into an environment that has infrastructure"
                        + " alone; remove 'after'");
    }

    private static Declaration read(String text) {
        return DeclarationReader.read(Declaration.FILE, text.getBytes(StandardCharsets.UTF_8));
    }
}
