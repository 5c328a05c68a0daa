package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code carries} and {@code keeps} of an application, and {@code folder} of an environment. */
class CarriesDeclarationTest {

    private static final String SHOP = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/api }
            carries: { values: [features, api], files: ['**'] }
            keeps: [api.host]
            environments:
              dev: { values: { file: envs/dev/values.yaml, images: { api: api.image.tag } } }
              prod: { after: dev, values: { file: envs/prod/values.yaml, images: { api: api.image } } }
        """;

    private static Declaration read(String text) {
        return DeclarationReader.read("gitops.yaml", text.getBytes(StandardCharsets.UTF_8), "main");
    }

    @Test
    void whatTheReleaseWritesIsKept() {
        Carries carries = read(SHOP).application("shop").carries();

        assertThat(carries.values().toString()).isEqualTo("[features, api]");
        assertThat(carries.keeps().toString()).isEqualTo("[api.host, api.image]");
        assertThat(carries.holds("values.yaml")).isFalse();
        assertThat(carries.holds("a/values.yaml")).isTrue();
        assertThat(carries.holds("Jenkinsfile.prod")).isFalse();
        assertThat(carries.holds(".github/CODEOWNERS")).isFalse();
        assertThat(read(SHOP).application("shop").environment("prod").folder()).contains("envs/prod");
    }

    @Test
    void filesAreFoundByTheirPatterns() {
        Carries carries = read(SHOP.replace("'**'", "dashboards/**, 'config/*.properties', a/b.txt, c/"))
                .application("shop")
                .carries();

        assertThat(carries.holds("dashboards/x/y.json")).isTrue();
        assertThat(carries.holds("config/a.properties")).isTrue();
        assertThat(carries.holds("config/x/a.properties")).isFalse();
        assertThat(carries.holds("c/d/e")).isTrue();
        assertThat(carries.mayHoldIn("dashboards")).isTrue();
        assertThat(carries.mayHoldIn("dashboards/x")).isTrue();
        assertThat(carries.mayHoldIn("a")).isTrue();
        assertThat(carries.mayHoldIn("a/x")).isFalse();
        assertThat(carries.mayHoldIn("other")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        [features, api]      | [features, api.image] | gitops.yaml:5: 'api.image' would never be carried, because 'api.image' stays or is written by the release; remove one of them.
        [api.host]           | [api]                 | gitops.yaml:6: nothing is carried of which 'keeps' could keep something; add 'carries: { values: … }'.
        [features, api]      | ['api[0]']            | gitops.yaml:5: 'api[0]' leads into a list, which is carried whole; give the path of the list.
        file: envs/prod/     | file: envs/dev/x/     | gitops.yaml:9: the folder 'envs/dev/x' of environment 'prod' and the folder 'envs/dev' of 'dev' are not apart, so that no file can be carried between them; give each its own with 'folder'.
        'prod: { after: dev' | 'prod: { folder: ., after: dev' | gitops.yaml:9: the folder (the root) of environment 'prod' and the folder 'envs/dev' of 'dev' are not apart, so that no file can be carried between them; give each its own with 'folder'.
        'prod: { after: dev, values: { file: envs/prod/values.yaml, images: { api: api.image } } }' | 'prod: { after: dev, manifests: envs/prod/app.yaml }' | gitops.yaml:9: environment 'prod' has no values file from which 'carries' could carry; add 'values'.
        'values: [features, api], files' | 'value: [features], files' | gitops.yaml:5: 'value' is not known in 'applications.shop.carries': did you mean 'values'?
        carries:             | carrys:               | gitops.yaml:5: 'carrys' is not known in 'applications.shop': did you mean 'carries'?
        keeps:               | keep:                 | gitops.yaml:6: 'keep' is not known in 'applications.shop': did you mean 'keeps'?
        'prod: { after'      | 'prod: { folders: x, after' | gitops.yaml:9: 'folders' is not known in 'applications.shop.environments.prod': did you mean 'folder'?
        '[''**'']'           | [../x]                | gitops.yaml:5: '../x' is not a path inside the repository
        """)
    void whatCannotWorkIsRefusedWithItsLine(String is, String becomes, String sentence) {
        String changed =
                is.equals("[api.host]") ? SHOP.replace("values: [features, api], ", "") : SHOP.replace(is, becomes);
        assertThatThrownBy(() -> read(changed))
                .isInstanceOf(InvalidDeclarationException.class)
                .message()
                .startsWith(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        env/prod | branch   | ''
        env/dev  | branch   | gitops.yaml:8: the branch 'env/dev' of environment 'prod' is that of 'dev', too; 'carries: branch' needs one for each.
        ''       | branch   | gitops.yaml:8: environment 'prod' has no branch of its own, which 'carries: branch' needs; add 'branch'.
        env/prod | branches | gitops.yaml:5: 'applications.shop.carries'
        """)
    void aWholeBranchIsOfOneEnvironment(String branch, String carries, String problem) {
        String shop = """
            version: 1
            applications:
              shop:
                images: { api: ghcr.io/acme/api }
                carries: %s
                environments:
                  dev: { branch: env/dev, manifests: a.yaml }
                  prod: { after: dev, manifests: a.yaml%s }
            """.formatted(carries, branch.isEmpty() ? "" : ", branch: " + branch);

        if (problem.isEmpty()) {
            assertThat(read(shop).application("shop").carries().holds("a.yaml")).isTrue();
        } else {
            assertThatThrownBy(() -> read(shop)).message().startsWith(problem);
        }
    }

    @Test
    void aNameOfTheReleaseIsTaken() {
        assertThatThrownBy(
                        () -> read(SHOP.replace("images: { api: ghcr", "images: { carried: ghcr.io/acme/x, api: ghcr")
                                .replace("api: api.image", "carried: x, api: api.image")))
                .hasMessageStartingWith("gitops.yaml:4: 'carried' is what a release calls all that it carries;"
                        + " give the image another name.");
    }

    @Test
    void anApplicationMayCarryFilesAlone() {
        Application platform = read("""
            version: 1
            applications:
              platform:
                carries: { files: ['**'] }
                environments:
                  dev: { folder: tf/dev }
                  prod: { folder: tf/prod, after: dev }
            """).application("platform");

        assertThat(platform.environment("prod").folder()).contains("tf/prod");
        assertThat(platform.environment("prod").files()).isEmpty();
    }
}
