package io.jenkins.plugins.gitops.engine.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.jenkins.plugins.gitops.SourceTree;
import io.jenkins.plugins.gitops.engine.model.InvalidDeclarationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code gitops-changes.yaml}, and what holds without it. */
class ChangeRulesTest {

    @ParameterizedTest
    @CsvSource({
        "src/main/java/Shop.java, code",
        "Jenkinsfile, code",
        "config/routes.rb, code",
        "README.md, code",
        "k8s/deployment.yaml, config",
        "services/api/k8s/base/kustomization.yaml, config",
        "overlays/prod/kustomization.yaml, config",
        "charts/shop/values.yaml, config",
        "gitops.yaml, config",
        "main.tf, infrastructure",
        "terraform/modules/db/README.md, infrastructure",
        "infra/eu/terraform/db.sql, infrastructure",
        "live/prod/prod.tfvars, infrastructure",
        "terraform/k8s/namespace.yaml, infrastructure",
        "src/terraform.java, code"
    })
    void withoutADeclarationTheUsualFoldersAreToldApart(String path, String kind) {
        assertThat(ChangeRules.DEFAULT.kind(path)).map(ChangeKind::toString).contains(kind);
    }

    @Test
    void whatIsDeclaredStandsInPlaceOfTheUsual() {
        ChangeRules rules = read("""
            base: main
            code: [app/**, "*.gradle"]
            config: deploy/
            ignore: ["**/*.md"]
            """);

        assertThat(rules.base()).contains("main");
        assertThat(rules.kind("app/a/b.java")).contains(ChangeKind.CODE);
        assertThat(rules.kind("build.gradle")).contains(ChangeKind.CODE);
        assertThat(rules.kind("deploy/prod/app.yaml")).contains(ChangeKind.CONFIG);
        assertThat(rules.kind("k8s/app.yaml")).as("no longer configuration").isEmpty();
        assertThat(rules.kind("main.tf")).as("not declared: as usual").contains(ChangeKind.INFRASTRUCTURE);
        assertThat(rules.kind("app/README.md")).isEmpty();
        assertThat(rules.kind("sub/build.gradle")).isEmpty();
    }

    @Test
    void parametersOfTheStepStandInPlaceOfWhatIsDeclared() {
        ChangeRules rules = read("{ base: main, config: [deploy/**], ignore: [docs/**] }")
                .with(Map.of("config", List.of("k8s/**"), "ignore", List.of()), Optional.of("develop"));

        assertThat(rules.kind("deploy/a.yaml")).contains(ChangeKind.CODE);
        assertThat(rules.kind("k8s/a.yaml")).contains(ChangeKind.CONFIG);
        assertThat(rules.kind("docs/a.md")).isEmpty();
        assertThat(rules.base()).contains("develop");
    }

    @ParameterizedTest
    @CsvSource({
        "infra: [a], 'gitops-changes.yaml:1: ''infra'' is not known in the file: known are base, code, config, ignore,"
                + " infrastructure.'",
        "infrastructur: [a], 'gitops-changes.yaml:1: ''infrastructur'' is not known in the file: did you mean"
                + " ''infrastructure''?'",
        "code: { a: b }, 'gitops-changes.yaml:1: ''code'' must be a pattern or a list of patterns.'",
        "base: [main], 'gitops-changes.yaml:1: ''base'' must be the name of a branch.'",
        "base:, 'gitops-changes.yaml:1: ''base'' must be the name of a branch.'",
        "'code: [a, {]', 'gitops-changes.yaml:1: '",
        "just text, 'gitops-changes.yaml:1: the file must be a mapping of base, code, config, ignore, infrastructure.'"
    })
    void aMistakeIsNamedWithItsLine(String text, String sentence) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    void everyMistakeIsNamedAtOnce() {
        assertThatThrownBy(() -> read("base: {}\ncode: [a]\ncode: [b]\nignore: [!!str '!a']\n"))
                .hasMessageContaining(":1: 'base'")
                .hasMessageContaining(":3: the key 'code' is here a second time")
                .hasMessageContaining(":4: '!a' matches no file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/k8s/**", "./k8s", "!k8s", "k8s\\a", "a/**/b/**/c/**/d/**/e/**/f/**/g/**/h"})
    void aPatternThatWouldMatchNothingIsRefused(String pattern) {
        assertThatThrownBy(() -> ChangeRules.requireUsable("'config'", pattern))
                .isInstanceOf(ChangeRulesException.class)
                .hasMessageStartingWith("'config': '" + pattern.replace("\\", "\\"));
    }

    @Test
    void aFileThatIsTooLargeIsRefused() {
        assertThatThrownBy(() -> read("# " + "x".repeat(ChangeRulesReader.MOST_BYTES)))
                .hasMessage("gitops-changes.yaml:1: the file is larger than 64 KiB; make it smaller.");
        assertThatThrownBy(() -> read("code: [" + "a,".repeat(101) + "]"))
                .hasMessageContaining("more than 100 patterns");
    }

    @Test
    void anEmptyFileDeclaresNothing() {
        assertThat(read("# nothing yet\n")).isEqualTo(ChangeRules.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "true, '{base: main, code: [a], config: b, infrastructure: [c/**], ignore: [d]}'",
        "false, '{infra: [a]}'",
        "false, '{base: [main]}'",
        "false, '{code: {a: b}}'",
        "false, '{config: [/k8s]}'"
    })
    void thePublishedSchemaAgrees(boolean isValid, String text) throws Exception {
        JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(Files.readString(SourceTree.root().resolve("docs/gitops-changes.schema.json")));
        String json = text.replaceAll("([{, ])(\\w+):", "$1\"$2\":").replaceAll("([\\[ ])([/\\w][/*\\w]*)", "$1\"$2\"");

        assertThat(schema.validate(new ObjectMapper().readTree(json)).isEmpty())
                .as(json)
                .isEqualTo(isValid);
        if (isValid) {
            read(text);
        } else {
            assertThatThrownBy(() -> read(text)).isInstanceOf(InvalidDeclarationException.class);
        }
    }

    private static ChangeRules read(String text) {
        return ChangeRulesReader.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
