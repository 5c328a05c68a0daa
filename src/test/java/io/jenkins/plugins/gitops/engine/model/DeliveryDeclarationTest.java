package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition.Merge;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryDeclarationTest {

    private static final String HEAD = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              prod:
                kustomization: prod/kustomization.yaml
        """;

    private static Environment environment(String deliver) {
        String file = HEAD + (deliver.isEmpty() ? "" : "        deliver: " + deliver + "\n");
        return DeclarationReader.read("gitops.yaml", file.getBytes(StandardCharsets.UTF_8))
                .application("shop")
                .environment("prod");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"\"\"", "{ by: commit }"})
    void commitsBringReleasesUnlessDeclared(String deliver) {
        assertThat(environment(deliver).delivery()).isEmpty();
    }

    @Test
    void pullRequestsAreSquashedUnlessDeclared() {
        assertThat(environment("{ by: pull-request }").delivery())
                .contains(new DeliveryDefinition(null, List.of(), List.of(), Merge.SQUASH, false));
    }

    @Test
    void everyKeyIsRead() {
        assertThat(environment("{ by: pull-request, provider: gitea, reviewers: [team/prod, bob], labels: [gitops],"
                                + " merge: people }")
                        .delivery())
                .contains(new DeliveryDefinition(
                        "gitea", List.of("team/prod", "bob"), List.of("gitops"), Merge.PEOPLE, false));
    }

    @Test
    void aServerMergesByItselfWhereThatIsDeclared() {
        assertThat(environment("{ by: pull-request, autoMerge: true }").delivery())
                .contains(new DeliveryDefinition(null, List.of(), List.of(), Merge.SQUASH, true));
    }

    @Test
    void aPersonAndItsServerDoNotBothMerge() {
        assertThatThrownBy(() -> environment("{ by: pull-request, merge: people, autoMerge: true }"))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("gitops.yaml:8")
                .hasMessageContaining("remove 'autoMerge'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ by: pull-request, provder: github } | provder",
                "{ by: pull-request, provider: sourceforge } | provider",
                "{ by: mail } | by",
                "{ by: pull-request, autoMerge: often } | autoMerge",
                "{ merge: squash } | by",
                "{ by: pull-request, merge: octopus } | merge",
                "{ by: pull-request, reviewers: [] } | reviewers",
                "{ by: pull-request, labels: [''] } | labels"
            })
    void whatIsUnknownIsRefusedWithItsLine(String deliver, String name) {
        assertThatThrownBy(() -> environment(deliver))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("gitops.yaml:8")
                .hasMessageContaining(name);
    }
}
